import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OrderDocument } from '../../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import { openOrder, type OrderContext } from '../../../shared/trust/open-order.ts';
import { anna, exampleOrder, exampleTrust, online, sealBy } from '../../support/approvers.ts';

const context: OrderContext = {
  trust: exampleTrust,
  deviceId: exampleOrder.deviceId,
  episode: exampleOrder.episode,
  nonce: exampleOrder.nonce,
  scriptSha256: exampleOrder.scriptSha256,
  elapsedMs: 1000,
};
const codeOf = (changes: Partial<OrderDocument>, context2: Partial<OrderContext> = {}, key = online) => {
  const opened = openOrder(
    sealBy('order', { ...exampleOrder, ...changes }, key),
    { ...context, ...context2 },
    verifyEd25519,
  );
  return opened.ok ? 'believed' : opened.problem.code;
};

describe('an order', () => {
  test('is obeyed when the online key signed it for this check-in', () =>
    assert.equal(codeOf({}), 'believed'));
  test('signed by an approver instead of the online key is refused', () =>
    assert.equal(codeOf({}, {}, { ...anna, keyId: online.keyId }), 'not-enough-signatures'));
  test('that answers an older check-in is a replay', () =>
    assert.equal(codeOf({ nonce: '2'.repeat(32) }), 'nonce-not-ours'));
  test('for another device, episode, organization or script is refused', () => {
    assert.equal(codeOf({ deviceId: 'device-2' }), 'wrong-device');
    assert.equal(codeOf({ episode: '3'.repeat(32) }), 'wrong-episode');
    assert.equal(codeOf({ organization: 'other' }), 'wrong-organization');
    assert.equal(codeOf({ scriptSha256: 'ee'.repeat(32) }), 'script-changed');
  });
  test('is good for its seconds on the monotonic clock and not longer', () => {
    assert.equal(codeOf({}, { elapsedMs: 600_000 }), 'believed');
    assert.equal(codeOf({}, { elapsedMs: 600_001 }), 'order-too-old');
  });
});
