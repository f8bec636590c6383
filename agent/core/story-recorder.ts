import type { Phase, StoryMoment } from '../../shared/wire/story.ts';

const maxMoments = 64;
/** What a long wait may not push out: how the run began. */
const keptFirst = 32;

/** Keeps the moments of a run, at most as many as a message carries: its beginning and its newest. */
export class StoryRecorder {
  #moments: StoryMoment[] = [];

  add(phase: Phase, atMs: number, note?: string): void {
    const moment = note === undefined ? { phase, atMs } : { phase, atMs, note: note.slice(0, 200) };
    this.#moments.push(moment);
    if (this.#moments.length > maxMoments) this.#moments.splice(keptFirst, 1);
  }

  list(): StoryMoment[] {
    return [...this.#moments];
  }
}
