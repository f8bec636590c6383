import { Router } from 'express';
import { knownIssueEndpoints } from '../../../shared/api/known-issue.ts';
import { Refusal } from '../../http/refusal.ts';
import { serve } from '../../http/serve.ts';
import type { BackTests } from './back-tests.ts';
import type { IssueAuthor } from './issue-author.ts';
import type { IssueBook } from './issue-book.ts';

interface Parts {
  readonly book: IssueBook;
  readonly author: IssueAuthor;
  readonly backTests: BackTests;
}

/** Known issues: viewers read and try, authors save and back-test, operators publish and withdraw. */
export function consoleRoutes({ book, author, backTests }: Parts): Router {
  const router = Router();
  serve(router, knownIssueEndpoints.list, async ({ person }) => ({
    issues: await book.list(person.organizationId),
  }));
  serve(router, knownIssueEndpoints.try, ({ person, body }) => author.try(person.organizationId, body));
  serve(router, knownIssueEndpoints.save, async ({ person, body }) => {
    const { knownIssueId, version } = await author.save(person, body);
    return { knownIssueId, version };
  });
  serve(router, knownIssueEndpoints.get, ({ person, params, query: { version } }) =>
    book.get(
      person.organizationId,
      params.knownIssueId,
      version === undefined ? undefined : versionOf(version),
    ),
  );
  serve(router, knownIssueEndpoints.publish, ({ person, params: { knownIssueId, version } }) =>
    author.publish(person, knownIssueId, versionOf(version)),
  );
  serve(router, knownIssueEndpoints.backTest, ({ person, params: { knownIssueId, version } }) =>
    backTests.start(person.organizationId, knownIssueId, versionOf(version)),
  );
  serve(router, knownIssueEndpoints.withdraw, ({ person, params }) =>
    author.withdraw(person, params.knownIssueId),
  );
  serve(router, knownIssueEndpoints.propose, ({ person, params }) =>
    book.propose(person.organizationId, params.incidentId),
  );
  return router;
}

function versionOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Refusal('malformed-message', 'Accepted is the number of a version.', { path: 'version' });
}
