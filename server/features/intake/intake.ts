import type { Answer } from '../../../shared/wire/answer.ts';
import type { Booted } from '../../../shared/wire/booted.ts';
import type { CheckIn } from '../../../shared/wire/check-in.ts';
import type { Outcome } from '../../../shared/wire/outcome.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import { receiveBooted } from './booted.ts';
import { receiveCheckIn } from './check-in.ts';
import type { IntakeParts } from './intake-parts.ts';
import { receiveOutcome } from './outcome.ts';
import { isTest, receiveTest, receiveTestBooted } from './receive-test.ts';

/** What machines say, judged and kept. An answer means that everything it rests on is on disk. */
export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  checkIn(signer: DeviceKeyName, message: CheckIn, bodySha256: Uint8Array): Promise<Answer> {
    return isTest(message)
      ? receiveTest(this.#parts, signer, message)
      : receiveCheckIn(this.#parts, signer, message, bodySha256);
  }

  outcome(signer: DeviceKeyName, message: Outcome, bodySha256: Uint8Array): Promise<Answer> {
    return receiveOutcome(this.#parts, signer, message, bodySha256);
  }

  async booted(signer: DeviceKeyName, message: Booted, bodySha256: Uint8Array): Promise<Answer> {
    const test =
      message.attemptId === undefined ? await receiveTestBooted(this.#parts, signer, message) : undefined;
    return test ?? (await receiveBooted(this.#parts, signer, message, bodySha256));
  }
}
