import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { agentReleaseRequestExample, parseAgentReleaseRequest } from '../../../shared/wire/agent-release.ts';
import { answerExample, parseAnswer } from '../../../shared/wire/answer.ts';
import { bootedExample, parseBooted } from '../../../shared/wire/booted.ts';
import { checkInExample, parseCheckIn } from '../../../shared/wire/check-in.ts';
import { parseReadiness, readinessExample } from '../../../shared/wire/readiness.ts';
import { enrolExample, parseEnrolRequest } from '../../../shared/wire/enrol.ts';
import { evidencePartExample, parseEvidencePart } from '../../../shared/wire/evidence.ts';
import {
  keyRequestAnswerExample,
  keyRequestExample,
  parseKeyRequest,
  parseKeyRequestAnswer,
} from '../../../shared/wire/key-request.ts';
import { parseUndone, undoneExample } from '../../../shared/wire/undone.ts';
import { outcomeExample, parseOutcome } from '../../../shared/wire/outcome.ts';

type Parse = (
  input: unknown,
) => { ok: true; value: unknown } | { ok: false; problem: { code: string; path: string } };

const messages: Record<string, { readonly example: object; readonly parse: Parse }> = {
  'check-in': { example: checkInExample, parse: parseCheckIn },
  outcome: { example: outcomeExample, parse: parseOutcome },
  booted: { example: bootedExample, parse: parseBooted },
  readiness: { example: readinessExample, parse: parseReadiness },
  enrol: { example: enrolExample, parse: parseEnrolRequest },
  undone: { example: undoneExample, parse: parseUndone },
  'agent-release': { example: agentReleaseRequestExample, parse: parseAgentReleaseRequest },
  'key-request': { example: keyRequestExample, parse: parseKeyRequest },
  'key-request answer': { example: keyRequestAnswerExample, parse: parseKeyRequestAnswer },
  evidence: { example: evidencePartExample, parse: parseEvidencePart },
  answer: { example: answerExample, parse: parseAnswer },
};

for (const [name, { example, parse }] of Object.entries(messages)) {
  describe(`the ${name} message`, () => {
    test('reads its own example back', () => {
      const parsed = parse(JSON.parse(JSON.stringify(example)));
      assert.deepEqual(parsed, { ok: true, value: example });
    });

    test('names the first field that does not fit', () => {
      for (const field of Object.keys(example)) {
        const parsed = parse({ ...example, [field]: { not: 'this' } });
        if (field === 'facts') continue; // facts stay raw until parseFacts
        assert.equal(parsed.ok, false, field);
        if (!parsed.ok)
          assert.ok(parsed.problem.path.startsWith(field), `${parsed.problem.path} for ${field}`);
      }
    });

    test('survives anything that JSON can say', () => {
      fc.assert(fc.property(fc.jsonValue(), value => void parse(value)));
    });
  });
}
