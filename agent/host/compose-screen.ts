import type { ScreenState } from './host.ts';

/** Every cell of a text screen, row by row: one character and one colour attribute of the console each. */
export interface ComposedScreen {
  readonly columns: number;
  readonly rows: number;
  readonly text: string;
  readonly attributes: Uint8Array;
}

/** Colour attributes of the Windows console: background in the high four bits, foreground in the low. */
export const screenColours = { calm: 0x17, headline: 0x1f, quiet: 0x13, bar: 0x1b } as const;

const margin = 4;
const headlineRow = 4;
const widestText = 76;

/** Lays the screen out: headline, what happens, progress, and at the bottom the card for the help desk. */
export function composeScreen(state: ScreenState, columns: number, rows: number): ComposedScreen {
  const canvas = new Canvas(columns, rows);
  const width = Math.min(widestText, columns - 2 * margin);
  canvas.write(1, margin, 'Bootmend', screenColours.quiet);
  let row = headlineRow;
  for (const line of wrap(state.headline, width)) canvas.write(row++, margin, line, screenColours.headline);
  row++;
  for (const line of wrap(state.detail, width)) canvas.write(row++, margin, line, screenColours.calm);
  if (state.progress) {
    const { done, of } = state.progress;
    const filled = of > 0 ? Math.round((Math.min(done, of) / of) * width) : 0;
    canvas.write(row + 1, margin, '█'.repeat(filled) + '░'.repeat(width - filled), screenColours.bar);
  }
  const card = cardLines(state.card);
  card.forEach(([name, value], index) => {
    const at = rows - 2 - card.length + index;
    canvas.write(at, margin, name, screenColours.quiet);
    canvas.write(at, margin + 16, value.slice(0, columns - margin - 17), screenColours.headline);
  });
  return canvas.finish();
}

function cardLines({
  deviceName,
  incidentCode,
  helpDesk,
  bitLockerKeyIds,
  unlockCode,
}: ScreenState['card']): (readonly [string, string])[] {
  const lines: (readonly [string, string | undefined])[] = [
    ['This device', deviceName === '' ? undefined : deviceName],
    ['Incident', incidentCode],
    ['Recovery key', bitLockerKeyIds?.[0]],
    ['Unlock code', unlockCode],
    ['Help desk', helpDesk],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

class Canvas {
  readonly #columns: number;
  readonly #rows: number;
  readonly #cells: string[];
  readonly #attributes: Uint8Array;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#cells = Array.from({ length: columns * rows }, () => ' ');
    this.#attributes = new Uint8Array(columns * rows).fill(screenColours.calm);
  }

  /** A character outside the basic plane has no cell of its own and becomes a question mark, as do controls. */
  write(row: number, column: number, text: string, attribute: number): void {
    if (row < 0 || row >= this.#rows) return;
    Array.from(text)
      .slice(0, Math.max(0, this.#columns - column))
      .forEach((character, index) => {
        const at = row * this.#columns + column + index;
        this.#cells[at] = character.length > 1 || character < ' ' ? '?' : character;
        this.#attributes[at] = attribute;
      });
  }

  finish(): ComposedScreen {
    const [columns, rows] = [this.#columns, this.#rows];
    return { columns, rows, text: this.#cells.join(''), attributes: this.#attributes };
  }
}

/** Lines of at most `width` characters, broken between words where there are any. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    for (let rest = word; rest !== ''; rest = rest.slice(width)) {
      const piece = rest.slice(0, width);
      if (line !== '' && line.length + 1 + piece.length > width) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
