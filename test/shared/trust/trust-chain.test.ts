import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TrustDocument } from '../../../shared/trust/documents.ts';
import { verifyEd25519 } from '../../../shared/trust/ed25519.ts';
import { openRecall } from '../../../shared/trust/open-recall.ts';
import { followTrustChain, openFirstTrust } from '../../../shared/trust/trust-chain.ts';
import { anna, approver, bert, carla, exampleTrust, sealBy } from '../../support/approvers.ts';

const version = (number: number, changes: Partial<TrustDocument> = {}): TrustDocument => ({
  ...exampleTrust,
  version: number,
  ...changes,
});
const withBert = version(2, { threshold: 2, approvers: [approver(anna), approver(bert)] });
const withoutAnna = version(3, { threshold: 1, approvers: [approver(carla)] });

describe('the first trust document', () => {
  test('must carry its own threshold of signatures', () => {
    assert.equal(openFirstTrust(sealBy('trust', exampleTrust, anna), verifyEd25519).ok, true);
    assert.equal(openFirstTrust(sealBy('trust', exampleTrust, bert), verifyEd25519).ok, false);
  });
});

describe('a chain of trust documents', () => {
  test('is followed when each step is signed by the old and the new threshold', () => {
    const chain = [sealBy('trust', withBert, anna, bert), sealBy('trust', withoutAnna, anna, bert, carla)];
    const { trust, followed, problem } = followTrustChain(exampleTrust, chain, verifyEd25519);
    assert.deepEqual([trust.version, followed.length, problem], [3, 2, undefined]);
  });

  test('stops where the old approvers did not sign', () => {
    const { trust, problem } = followTrustChain(
      exampleTrust,
      [sealBy('trust', withBert, bert)],
      verifyEd25519,
    );
    assert.deepEqual([trust.version, problem], [1, 'not-enough-signatures']);
  });

  test('stops where the new approvers did not sign: the new set could be unusable', () => {
    const { trust, problem } = followTrustChain(
      exampleTrust,
      [sealBy('trust', withBert, anna)],
      verifyEd25519,
    );
    assert.deepEqual([trust.version, problem], [1, 'not-enough-signatures']);
  });

  test('never goes back, never skips, never changes the organization', () => {
    const follow = (document: TrustDocument) =>
      followTrustChain(version(5), [sealBy('trust', document, anna)], verifyEd25519);
    assert.equal(follow(version(4)).trust.version, 5);
    assert.equal(follow(version(7)).problem, 'version-not-newer');
    assert.equal(follow(version(6, { organization: 'other' })).problem, 'wrong-organization');
  });
});

describe('a recall list', () => {
  const recall = {
    type: 'recall',
    organization: 'default',
    version: 2,
    scriptSha256s: ['cd'.repeat(32)],
  } as const;
  const codeOf = (sealed: ReturnType<typeof sealBy>, known: number) => {
    const opened = openRecall(sealed, { ...exampleTrust, threshold: 2 }, known, verifyEd25519);
    return opened.ok ? 'believed' : opened.problem.code;
  };
  test('needs any one approver, whatever the threshold', () =>
    assert.equal(codeOf(sealBy('recall', recall, anna), 1), 'believed'));
  test('of a stranger is refused', () =>
    assert.equal(codeOf(sealBy('recall', recall, carla), 1), 'not-enough-signatures'));
  test('only rises', () => assert.equal(codeOf(sealBy('recall', recall, anna), 2), 'version-not-newer'));
});
