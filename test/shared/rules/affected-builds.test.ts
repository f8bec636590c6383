import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutsideBuilds } from '../../../shared/rules/affected-builds.ts';
import { parseIssue } from '../../../shared/rules/source/parse-issue.ts';

const builds = [{ build: 22_631, from: 3880, until: 4317 }, { build: 22_631, from: 5000 }, { build: 19_045 }];
const outside = (build?: number, revision?: number) =>
  isOutsideBuilds(builds, {
    ...(build !== undefined && { 'os.build': build }),
    ...(revision !== undefined && { 'os.revision': revision }),
  });

test('a machine is outside the affected builds only when it told a build that is none of them', () => {
  assert.deepEqual(
    [outside(22_631, 3880), outside(22_631, 4316), outside(22_631, 6000), outside(19_045, 1)],
    [false, false, false, false],
  );
  assert.deepEqual([outside(22_631, 4317), outside(22_631, 1), outside(26_100, 3880)], [true, true, true]);
  assert.deepEqual(
    [outside(), outside(undefined, 1), outside(22_631), outside(26_100)],
    [false, false, false, true],
  );
});

test('a range of revisions in which nothing lies is a mistake with its place', () => {
  const source = `id: a
title: A
vendor: V
product: P
firstSeenAt: 2026-01-01T00:00:00Z
affected: All.
affectedBuilds:
  - build: 22631
  - build: 22631
    from: 9
    until: 9
cause: C
summary: S
when: { fact: crash.code, equals: '0x50' }
advice: [Wait.]
policy: never
priority: 1
confidence: low
sources: [{ title: T, url: 'https://vendor.example/' }]
`;
  const [mistake, ...more] = parseIssue(source).diagnostics;
  assert.deepEqual([mistake?.code, mistake?.field, more.length], ['empty-range', 'affectedBuilds.1', 0]);
  assert.deepEqual(parseIssue(source.replace('until: 9', 'until: 10')).diagnostics, []);
});
