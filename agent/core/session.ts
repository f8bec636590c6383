import { hexOf } from '../../shared/bytes/hex.ts';
import type { Phase, StoryMoment } from '../../shared/wire/story.ts';
import type { Host, LogEntry, ScreenState } from '../host/host.ts';
import { progressOf, screenWords } from './screen-words.ts';
import { StoryRecorder } from './story-recorder.ts';

/** How a recovery run ends. */
export type RecoveryEnd =
  | { readonly kind: 'reboot' }
  | { readonly kind: 'handed-over'; readonly code: string; readonly message: string };

export type HandedOver = Extract<RecoveryEnd, { readonly kind: 'handed-over' }>;

export const handedOver = (code: string, message: string): HandedOver => ({
  kind: 'handed-over',
  code,
  message,
});

/** One run as it is told: on the screen, in the log and in the story that goes to the server. */
export class Session {
  readonly host: Host;
  readonly #story = new StoryRecorder();
  readonly #startedAtMs: number;
  #phase: Phase = 'winre';
  #card: ScreenState['card'] = { deviceName: '' };

  constructor(host: Host) {
    this.host = host;
    this.#startedAtMs = host.clock.monotonicMs();
  }

  /** Milliseconds since the run began. */
  atMs(): number {
    return Math.max(0, Math.round(this.host.clock.monotonicMs() - this.#startedAtMs));
  }

  story(): StoryMoment[] {
    return this.#story.list();
  }

  /** Enters a phase: told once, also when it is entered again. `note` goes to log and server, `detail` to the screen. */
  enter(phase: Phase, note?: string, detail = screenWords[phase].detail): void {
    this.#phase = phase;
    const atMs = this.atMs();
    this.#story.add(phase, atMs, note);
    this.log('info', `phase-${phase}`, note ?? screenWords[phase].detail);
    this.show(detail);
  }

  /** What the help-desk card says from now on. */
  identify(card: Partial<ScreenState['card']>): void {
    this.#card = { ...this.#card, ...card };
  }

  show(detail: string): void {
    const { headline } = screenWords[this.#phase];
    const progress = { done: progressOf[this.#phase], of: progressOf.reboot };
    this.host.screen.show({ headline, detail, progress, card: this.#card });
  }

  log(level: LogEntry['level'], code: string, message: string, details?: LogEntry['details']): void {
    const entry = { atMs: this.atMs(), level, code, message };
    this.host.log.write(details === undefined ? entry : { ...entry, details });
  }

  /** 128 random bits as the wire writes them. */
  random128(): string {
    return hexOf(this.host.random(16));
  }

  /** A random number from 0 up to, but not including, `limit`. */
  randomBelow(limit: number): number {
    const [high = 0, low = 0] = this.host.random(2);
    return Math.floor(((high * 256 + low) / 65_536) * limit);
  }
}
