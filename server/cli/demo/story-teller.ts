import type { AgentEvent } from './run-agent.ts';

/** Log codes of the agent that are worth a line for somebody who watches; the others would only repeat it. */
const told: Readonly<Record<string, string>> = {
  'phase-winre': 'WinRE',
  'phase-find-windows': 'find Windows',
  'facts-collected': 'look',
  'phase-network': 'network',
  'phase-check-in': 'check in',
  'server-answered': 'server',
  'order-verified': 'verify',
  'order-refused': 'refuse',
  'change-applied': 'apply',
  'change-undone': 'undo',
  'attempt-failed': 'apply',
  'phase-report': 'report',
  'evidence-complete': 'evidence',
  'phase-reboot': 'reboot',
};

/** Writes the story of the demo, one calm line per thing that happens. */
export class StoryTeller {
  readonly #write: (line: string) => void;
  readonly #coloured: boolean;
  #roundTrips = 0;

  constructor(write: (line: string) => void, coloured: boolean) {
    this.#write = write;
    this.#coloured = coloured;
  }

  /** Answers the agent has had so far: check-ins and the outcome; evidence sent after the repair is not counted. */
  get roundTrips(): number {
    return this.#roundTrips;
  }

  headline(text: string): void {
    this.#write(`\n${this.#paint('1', text)}\n`);
  }

  line(what: string, text: string): void {
    this.#write(`  ${this.#paint('2', what.padEnd(13))} ${text}`);
  }

  /** One event of the agent, when it is worth a line. */
  readonly agent = (event: AgentEvent): void => {
    if (event.event !== 'log') return;
    if (event.code === 'server-answered') this.#roundTrips++;
    const what = told[event.code];
    if (what !== undefined)
      this.line(what, `${event.message}${this.#paint('2', `  ${seconds(event.atMs)}`)}`);
  };

  #paint(style: string, text: string): string {
    return this.#coloured ? `\u001b[${style}m${text}\u001b[0m` : text;
  }
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
