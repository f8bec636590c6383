import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainedConditions } from '../../../../server/features/known-issues/explained-conditions.ts';
import {
  issueProposal,
  knownIssueDetail,
  knownIssueList,
  savedIssue,
  triedIssue,
} from '../../../../shared/api/known-issue.ts';
import type { Facts } from '../../../../shared/facts/facts.ts';
import { evaluateRule } from '../../../../shared/rules/evaluate-rule.ts';
import { parseIssue } from '../../../../shared/rules/source/parse-issue.ts';
import { readinessExample } from '../../../../shared/wire/readiness.ts';
import { Browser } from '../../../support/console-listener.ts';
import { contosoIssue } from '../../../support/contoso-issue.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { channelFacts, WireDevice } from '../../../support/wire-device.ts';

const server = await startTestServer();
const admin = new Browser(server.consoleUrl);
const secret = server.welcomeLink!.split('#')[1]!;
await admin.send('POST', '/api/session/link', { secret, name: 'anna', password: 'a long enough password' });

const contoso = (version: string) => ({
  'crash.code': '0x7e',
  'crash.module': 'contoso.sys',
  'crash.signature': '0x7e|0xc0000005|-|contoso|0x1234@0x5f000000-0x60000',
  'driver.contoso.version': version,
  'driver.contoso.vendor': 'Contoso, Inc.',
  'os.build': 22_631,
});
const devices = [];
for (const facts of [contoso('9.2.0.0'), contoso('10.0.1.0'), contoso('11.0.0.0'), channelFacts]) {
  const device = await WireDevice.enrol(server);
  await device.checkIn({ facts });
  devices.push(device);
}

const source = (when: string, id?: string) => contosoIssue(`  all:\n${when}`, id, 'Contoso 9 and 10');
const tellingModule = `    - fact: crash.module
      equals: contoso.sys
`;
const good = source(`${tellingModule}    - fact: driver.contoso.version
      from: '9.2'
      until: '11.0'`);

const tryOut = async (body: object) =>
  triedIssue.parse((await admin.send('POST', '/api/known-issues/try', body)).json);
const incidentOf = async (module: string) => {
  const { incidents } = await server.features.incidents.list('default', { search: module });
  return incidents;
};

test('a rule is tried on stored incidents while it is written, and mistakes say where', async () => {
  const { mistakes, trial, conflicts } = await tryOut({ source: good });
  assert.deepEqual([mistakes, conflicts], [[], []]);
  assert.deepEqual(
    [trial!.incidents, trial!.matched, trial!.nearMisses, trial!.explainedOtherwise],
    [4, 2, 1, 0],
  );
  const [example] = trial!.examples.near;
  assert.deepEqual(
    example!.conditions.map(one => one.verdict),
    ['held', 'failed'],
  );
  const bad = await tryOut({ source: source('    - fact: driver.contoso.versio\n      exists: true') });
  assert.deepEqual(
    bad.mistakes.map(({ code, line }) => [code, line]),
    [['unknown-fact', 11]],
  );
  assert.equal(bad.trial, undefined);
});

test('versions are never compared as texts: tried, back-tested, matched live and matched again alike', async () => {
  const { knownIssueId, version } = savedIssue.parse(
    (await admin.send('POST', '/api/known-issues', { source: good })).json,
  );
  assert.deepEqual([knownIssueId, version], ['contoso-2026-01-01', 1]);
  assert.deepEqual((await admin.send('POST', '/api/known-issues', { source: good })).json, {
    knownIssueId,
    version,
  });
  const path = `/api/known-issues/${knownIssueId}`;
  assert.equal((await admin.send('POST', `${path}/versions/1/back-test`)).status, 202);
  await server.features.backTests.settle();
  const detail = knownIssueDetail.parse((await admin.send('GET', path)).json);
  assert.deepEqual(detail.versions[0]!.state, 'draft');
  const { state, done, total, trial } = detail.versions[0]!.backTest!;
  assert.deepEqual([state, done, total, trial!.matched, trial!.nearMisses], ['finished', 4, 4, 2, 1]);

  assert.equal((await admin.send('POST', `${path}/versions/1/publish`)).status, 204);
  await server.features.matchAgain.run(new Date());
  const states = (await incidentOf('contoso.sys')).map(one => one.state);
  assert.deepEqual(states.toSorted(), ['awaiting-person', 'awaiting-person', 'unexplained']);

  const late = await WireDevice.enrol(server);
  const answer = await late.checkIn({ facts: contoso('10.9.0.0') });
  assert.equal(answer.decision.kind, 'stop');
  const { issues } = knownIssueList.parse((await admin.send('GET', '/api/known-issues')).json);
  assert.deepEqual(
    issues.filter(one => one.knownIssueId === knownIssueId).map(one => [one.inForce, one.machinesDown]),
    [[1, 3]],
  );
});

test('a page gives the reasons of a match as they were kept and makes those of a near miss: both are the evaluation', async () => {
  const verdicts = [];
  for (const { incidentId } of [...(await incidentOf('contoso.sys')), ...(await incidentOf('csagent.sys'))]) {
    const kept = await server.database.query<{ verdict: string; hasReasons: boolean }>(
      `select verdict, explanation ? 'conditions' as "hasReasons" from known_issue_match where incident_id = $1`,
      [incidentId],
    );
    assert.ok(kept.length > 0);
    for (const { verdict, hasReasons } of kept) assert.equal(hasReasons, verdict === 'matched', verdict);
    const { matches, facts } = await server.features.incidents.get('default', incidentId);
    for (const { knownIssueId, verdict, conditions } of matches) {
      const { json } = await admin.send('GET', `/api/known-issues/${knownIssueId}`);
      const { rule } = parseIssue(knownIssueDetail.parse(json).source);
      assert.deepEqual(conditions, explainedConditions(evaluateRule(rule!, facts as Facts)));
      verdicts.push(verdict);
    }
  }
  assert.deepEqual(new Set(verdicts), new Set(['matched', 'near', 'unknown']));
});

test('what is withdrawn stays so: no machine matches it, and matching again says unexplained', async () => {
  assert.equal((await admin.send('POST', '/api/known-issues/contoso-2026-01-01/withdraw')).status, 204);
  assert.equal((await admin.send('POST', '/api/known-issues/contoso-2026-01-01/withdraw')).status, 404);
  await server.features.matchAgain.run(new Date());
  assert.ok((await incidentOf('contoso.sys')).every(one => one.state === 'unexplained'));
});

test('a bad rule cannot be saved, a shadowed one neither, and a viewer saves nothing', async () => {
  const empty = source('    - all: []');
  const refused = await admin.send('POST', '/api/known-issues', { source: empty });
  assert.deepEqual([refused.status, refused.code], [409, 'issue-refused']);
  const viewer = new Browser(server.consoleUrl);
  const link = await server.features.access.makeLink('viewer');
  await viewer.send('POST', '/api/session/link', {
    secret: link,
    name: 'vera',
    password: 'another long password',
  });
  assert.equal((await viewer.send('GET', '/api/known-issues')).status, 200);
  assert.equal((await viewer.send('POST', '/api/known-issues', { source: good })).status, 403);
  const { issues } = knownIssueList.parse((await viewer.send('GET', '/api/known-issues')).json);
  const shipped = issues.find(one => one.knownIssueId === 'crowdstrike-2024-07-19')!;
  assert.deepEqual([shipped.origin, shipped.machinesDown, shipped.hasScript], ['shipped', 1, true]);
});

test('an incident becomes a draft whose conditions split failing machines from others', async () => {
  const [incident] = await incidentOf('contoso.sys');
  const proposal = issueProposal.parse(
    (await admin.send('GET', `/api/incidents/${incident!.incidentId}/known-issue`)).json,
  );
  assert.deepEqual([proposal.failing, proposal.others], [4, 1]);
  const [best] = proposal.conditions;
  assert.deepEqual([best!.failing, best!.others, best!.isChosen], [4, 0, true]);
  const { rule, diagnostics } = parseIssue(proposal.source);
  assert.deepEqual(diagnostics, []);
  const { explanation } = await tryOut({ source: proposal.source, incident: incident!.code });
  assert.equal(explanation!.verdict, 'matched');
  assert.equal(rule!.confidence, 'low');
  assert.match(proposal.source, /^vendor: Contoso, Inc\.$/m);
  assert.ok(proposal.conditions.some(one => one.sentence === 'Vendor of driver contoso is Contoso, Inc.'));
});

test('a rule that fits healthy machines is told so, and conditions are ranked by them', async () => {
  const healthy = [];
  for (const facts of [
    { 'os.build': 22_631, 'driver.contoso.version': '10.0.1.0' },
    { 'os.build': 22_631, 'driver.contoso.version': '12.0.0.0' },
    { 'os.build': 19_045 },
  ]) {
    const device = await WireDevice.enrol(server);
    const told = { ...readinessExample, device: { name: 'WIRE' }, facts };
    assert.equal((await device.post('/v1/readiness', told)).status, 200);
    healthy.push(device);
  }
  const wide = source(
    `    - fact: driver.contoso.version
      from: '9.2'
      until: '11.0'`,
    'contoso-wide',
  );
  const { trial } = await tryOut({ source: wide });
  const { devices: tried, matched, unknown, examples } = trial!.healthy;
  assert.deepEqual([tried, matched, unknown], [3, 1, 1]);
  assert.deepEqual(
    examples.map(one => [one.deviceId, one.name.slice(0, 5), one.conditions[0]!.verdict]),
    [[healthy[0]!.deviceId, 'WIRE-', 'held']],
  );
  assert.equal((await tryOut({ source: good })).trial!.healthy.matched, 0, 'a healthy machine did not crash');

  await admin.send('POST', '/api/known-issues', { source: wide });
  await admin.send('POST', '/api/known-issues/contoso-wide/versions/1/back-test');
  await server.features.backTests.settle();
  const detail = knownIssueDetail.parse((await admin.send('GET', '/api/known-issues/contoso-wide')).json);
  const { state, done, total, trial: kept } = detail.versions[0]!.backTest!;
  assert.deepEqual([state, done, total], ['finished', kept!.incidents + 3, kept!.incidents + 3]);
  assert.deepEqual(kept!.healthy, trial!.healthy);

  const [incident] = await incidentOf('contoso.sys');
  const proposal = issueProposal.parse(
    (await admin.send('GET', `/api/incidents/${incident!.incidentId}/known-issue`)).json,
  );
  assert.equal(proposal.healthy, 3);
  const of = (fact: RegExp) => proposal.conditions.findIndex(one => fact.test(one.sentence));
  const version = proposal.conditions[of(/version of driver contoso/i)]!;
  assert.deepEqual([version.failing, version.healthy, version.others], [4, 1, 0]);
  assert.ok(of(/culprit/i) < of(/version of driver contoso/i), 'what healthy machines share goes behind');
});
