import { Refusal } from './refusal.ts';

/** How many bytes may be arriving at once, over all uploads. */
export class UploadBudget {
  readonly #limitBytes: number;
  #takenBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Takes a share, which is given back by calling what is returned; refuses when too much is arriving already. */
  take(sizeBytes: number): () => void {
    if (this.#takenBytes + sizeBytes > this.#limitBytes)
      throw new Refusal('uploads-busy', 'Too much evidence arrives at once; send this part again later.', {
        retryAfterSeconds: 5,
      });
    this.#takenBytes += sizeBytes;
    let taken = true;
    return () => {
      if (taken) this.#takenBytes -= sizeBytes;
      taken = false;
    };
  }
}
