import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ApprovalDocument } from '../../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import type { Envelope } from '../../../shared/trust/envelope.ts';
import { type ApprovalContext, openApproval } from '../../../shared/trust/open-approval.ts';
import {
  anna,
  approver,
  bert,
  carla,
  exampleApproval,
  exampleTrust,
  sealBy,
  signAlso,
} from '../../support/approvers.ts';

const context: ApprovalContext = {
  trust: exampleTrust,
  scriptSha256: exampleApproval.scriptSha256,
  timeFloorMs: Date.parse('2026-01-10T00:00:00Z'),
  recalledScripts: [],
  sequenceObeyed: () => 0,
  facts: { 'os.build': 22631, 'device.model': 'Contoso Book 14' },
};
const approve = (changes: Partial<ApprovalDocument> = {}) =>
  sealBy('approval', { ...exampleApproval, ...changes }, anna);
const codeOf = (sealed: Envelope, changes: Partial<ApprovalContext> = {}) => {
  const opened = openApproval(sealed, { ...context, ...changes }, verifyEd25519);
  return opened.ok ? 'believed' : opened.problem.code;
};
const two = { ...exampleTrust, threshold: 2, approvers: [approver(anna), approver(bert, 'browser')] };

describe('an approval', () => {
  test('is believed when the pinned approver signed exactly this script', () => {
    assert.equal(codeOf(approve()), 'believed');
  });

  test('is refused when a byte of the payload changed', () => {
    const sealed = approve();
    const payload = sealed.payload.replace(/^./, first => (first === 'e' ? 'f' : 'e'));
    assert.equal(codeOf({ ...sealed, payload }), 'not-enough-signatures');
  });

  test('is refused when the script is another one', () => {
    assert.equal(codeOf(approve(), { scriptSha256: 'ee'.repeat(32) }), 'script-changed');
  });

  test('is refused when a stranger signed, under whatever key name', () => {
    assert.equal(codeOf(sealBy('approval', exampleApproval, carla)), 'not-enough-signatures');
    assert.equal(
      codeOf(sealBy('approval', exampleApproval, { ...carla, keyId: 'anna' })),
      'not-enough-signatures',
    );
  });

  test('needs as many different keys as the threshold says', () => {
    assert.equal(codeOf(approve(), { trust: two }), 'not-enough-signatures');
    assert.equal(codeOf(signAlso(approve(), bert), { trust: two }), 'believed');
    const doubled = approve();
    const twice = { ...doubled, signatures: [...doubled.signatures, ...doubled.signatures] };
    assert.equal(codeOf(twice, { trust: two }), 'not-enough-signatures');
    const alias = { ...two, approvers: [approver(anna), { ...approver(anna), keyId: 'anna-again' }] };
    const both = signAlso(approve(), { ...anna, keyId: 'anna-again' });
    assert.equal(
      codeOf(both, { trust: alias }),
      'not-enough-signatures',
      'one key under two names counts once',
    );
  });

  test('of high risk needs a key that signs outside the server', () => {
    const browserOnly = { ...exampleTrust, approvers: [approver(anna, 'browser')] };
    assert.equal(codeOf(approve({ risk: 'high' }), { trust: browserOnly }), 'file-key-required');
    assert.equal(codeOf(approve({ risk: 'high' })), 'believed');
  });

  test('is refused when recalled, expired against the time floor, older than obeyed, or of another organization', () => {
    assert.equal(codeOf(approve(), { recalledScripts: [exampleApproval.scriptSha256] }), 'recalled');
    assert.equal(codeOf(approve(), { timeFloorMs: Date.parse(exampleApproval.expiresAt) }), 'expired');
    assert.equal(codeOf(approve(), { sequenceObeyed: () => 2 }), 'older-than-obeyed');
    assert.equal(codeOf(approve({ organization: 'other' })), 'wrong-organization');
  });

  test('is refused where the device filter is false or cannot be known', () => {
    const only = (fact: string, ...oneOf: (string | number)[]): Partial<ApprovalDocument> => ({
      devices: { kind: 'matching', where: [{ fact, oneOf }] },
    });
    assert.equal(codeOf(approve(only('os.build', 22631, 26100))), 'believed');
    assert.equal(codeOf(approve(only('os.build', 26100))), 'not-for-this-device');
    assert.equal(codeOf(approve(only('os.revision', 1))), 'not-for-this-device');
    assert.equal(codeOf(approve({ devices: { kind: 'matching', where: [] } })), 'not-for-this-device');
  });

  test('of another payload type is refused, even with a good signature', () => {
    assert.equal(codeOf(sealBy('recall', exampleApproval, anna)), 'wrong-payload-type');
  });

  test('that is signed but has another shape is refused', () => {
    assert.equal(codeOf(sealBy('approval', { type: 'approval' }, anna)), 'unreadable-document');
  });
});
