import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentReleaseDocument } from '../../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import { type AgentReleaseContext, openAgentRelease } from '../../../shared/trust/open-agent-release.ts';
import { anna, approver, bert, carla, exampleTrust, online, sealBy } from '../../support/approvers.ts';

const release: AgentReleaseDocument = {
  type: 'agent-release',
  organization: 'default',
  number: 4,
  version: '0.10.0',
  sha256: 'cd'.repeat(32),
  sizeBytes: 900_000,
  approvedAt: '2026-01-02T00:00:00.000Z',
};
const context: AgentReleaseContext = { trust: exampleTrust, version: '0.9.3', numberTaken: 3 };
const seal = (changes: Partial<AgentReleaseDocument> = {}) =>
  sealBy('agentRelease', { ...release, ...changes }, anna);
const codeOf = (sealed: Envelope, changes: Partial<AgentReleaseContext> = {}) => {
  const opened = openAgentRelease(sealed, { ...context, ...changes }, verifyEd25519);
  return opened.ok ? 'believed' : opened.problem.code;
};

test('a newer agent that the approvers signed is believed', () => {
  assert.equal(codeOf(seal()), 'believed');
});

test('an older one is never taken, whatever it says about itself', () => {
  assert.equal(codeOf(seal({ number: 3 })), 'version-not-newer', 'replayed');
  assert.equal(codeOf(seal({ number: 2, version: '9.0.0' })), 'version-not-newer');
  assert.equal(codeOf(seal({ number: 9, version: '0.9.3' })), 'version-not-newer', 'the same again');
  assert.equal(codeOf(seal({ number: 9, version: '0.9.2' })), 'version-not-newer', 'numbers, not letters');
  assert.equal(codeOf(seal(), { version: 'unknown' }), 'version-not-newer');
});

test('no other key and no other role makes an agent', () => {
  assert.equal(codeOf(sealBy('agentRelease', release, carla)), 'not-enough-signatures');
  assert.equal(codeOf(sealBy('agentRelease', release, online)), 'not-enough-signatures', 'the online key');
  const two = { ...exampleTrust, threshold: 2, approvers: [approver(anna), approver(bert)] };
  assert.equal(codeOf(seal(), { trust: two }), 'not-enough-signatures');
  assert.equal(codeOf(sealBy('agentRelease', release, anna, bert), { trust: two }), 'believed');
  const browser = { ...exampleTrust, approvers: [approver(anna, 'browser')] };
  assert.equal(codeOf(seal(), { trust: browser }), 'file-key-required');
});

test('what was signed as something else is no agent, and no byte may change', () => {
  for (const kind of ['approval', 'order', 'trust', 'recall'] as const)
    assert.equal(codeOf(sealBy(kind, release, anna)), 'wrong-payload-type');
  assert.equal(
    codeOf({ ...sealBy('approval', release, anna), payloadType: seal().payloadType }),
    'not-enough-signatures',
  );
  assert.equal(codeOf({ ...seal(), payload: seal({ sizeBytes: 1 }).payload }), 'not-enough-signatures');
  assert.equal(codeOf(seal({ organization: 'other' })), 'wrong-organization');
  assert.equal(codeOf(seal({ sizeBytes: 5 * 1024 * 1024 })), 'unreadable-document');
  assert.equal(codeOf(seal({ version: '1.2' })), 'unreadable-document');
});
