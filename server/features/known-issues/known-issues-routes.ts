import { type Request, Router } from 'express';
import type { KnownIssueList, SavedIssue, TriedIssue } from '../../../shared/api/known-issue.ts';
import { saveIssue, tryIssue } from '../../../shared/api/known-issue.ts';
import { requireRole, signedInOf } from '../../http/console-session.ts';
import { bodyOf } from '../../http/message.ts';
import { Refusal } from '../../http/refusal.ts';
import type { BackTests } from './back-tests.ts';
import type { IssueAuthor } from './issue-author.ts';
import type { IssueBook } from './issue-book.ts';

interface Parts {
  readonly book: IssueBook;
  readonly author: IssueAuthor;
  readonly backTests: BackTests;
}

/** `/api/known-issues`: viewers read and try, authors save and back-test, operators publish and withdraw. */
export function consoleRoutes({ book, author, backTests }: Parts): Router {
  const router = Router();

  router.get('/api/known-issues', requireRole('viewer'), async (request, response) => {
    const issues = await book.list(signedInOf(request).organizationId);
    response.json({ issues } satisfies KnownIssueList);
  });

  router.post('/api/known-issues/try', requireRole('viewer'), async (request, response) => {
    const tried = await author.try(signedInOf(request).organizationId, bodyOf(request, tryIssue));
    response.json(tried satisfies TriedIssue);
  });

  router.post('/api/known-issues', requireRole('author'), async (request, response) => {
    const saved = await author.save(signedInOf(request), bodyOf(request, saveIssue));
    response.status(201).json(saved satisfies SavedIssue);
  });

  router.get('/api/known-issues/:knownIssueId', requireRole('viewer'), async (request, response) => {
    const { version } = request.query;
    const asked = typeof version === 'string' ? versionOf(version) : undefined;
    response.json(await book.get(signedInOf(request).organizationId, issueOf(request), asked));
  });

  const ofVersion = '/api/known-issues/:knownIssueId/versions/:version';
  router.post(`${ofVersion}/publish`, requireRole('operator'), async (request, response) => {
    await author.publish(signedInOf(request), issueOf(request), versionIn(request));
    response.status(204).end();
  });

  router.post(`${ofVersion}/back-test`, requireRole('author'), async (request, response) => {
    await backTests.start(signedInOf(request).organizationId, issueOf(request), versionIn(request));
    response.status(202).end();
  });

  router.post(
    '/api/known-issues/:knownIssueId/withdraw',
    requireRole('operator'),
    async (request, response) => {
      await author.withdraw(signedInOf(request), issueOf(request));
      response.status(204).end();
    },
  );

  router.get('/api/incidents/:incidentId/known-issue', requireRole('viewer'), async (request, response) => {
    const { incidentId } = request.params as { incidentId: string };
    response.json(await book.propose(signedInOf(request).organizationId, incidentId));
  });

  return router;
}

const issueOf = (request: Request) => (request.params as { knownIssueId: string }).knownIssueId;
const versionIn = (request: Request) => versionOf((request.params as { version: string }).version);

function versionOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Refusal('malformed-message', 'Accepted is the number of a version.', { path: 'version' });
}
