import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type CallFault,
  callFaults,
  cutAction,
  drawMatrix,
  failAction,
  verbs,
} from '../support/cut-matrix.ts';

// A few machines of each action, always the same ones; `npm run bench -- power-cut` starts all of them again.
const cuts = { restarts: 4, seed: 1 };
const faults = Object.keys(callFaults) as CallFault[];

describe('a power cut in every action: before or after, converged, or told', () => {
  for (const verb of verbs)
    test(verb, async t => {
      const row = await cutAction(verb, { sample: cuts });
      t.diagnostic(drawMatrix([row]));
      assert.deepEqual(row.wrong, []);
    });
});

describe('a fault in every action: taken back or told, and healed by the next start', () => {
  for (const [at, verb] of verbs.entries()) {
    const fault = faults[at % faults.length]!;
    test(`${verb}, ${fault}`, async () => {
      assert.deepEqual(await failAction(verb, fault, { sample: { restarts: 1, seed: 1 } }), []);
    });
  }
});
