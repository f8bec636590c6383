import type { ScreenState } from './host.ts';
import { cellsOf, fitLines, wrapCells } from './screen-text.ts';

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
const valueColumn = margin + 16;
const most = { headlineLines: 2, valueLines: 4 } as const;

/**
 * Lays the screen out: headline, what happens, progress, and at the bottom the card for the help desk. The card is
 * what a person reads out on the telephone, so texts above it give way.
 */
export function composeScreen(state: ScreenState, columns: number, rows: number): ComposedScreen {
  const canvas = new Canvas(columns, rows);
  const width = Math.min(widestText, columns - 2 * margin);
  canvas.write(1, margin, 'Bootmend', screenColours.quiet);

  const card = cardLines(state.card, columns - valueColumn - 1);
  const cardRow = rows - 2 - card.length;
  card.forEach(({ name, value }, index) => {
    canvas.write(cardRow + index, margin, name, screenColours.quiet);
    canvas.write(cardRow + index, valueColumn, value, screenColours.headline);
  });

  const headline = fitLines(wrapCells(state.headline, width), most.headlineLines, width);
  const detailRow = headlineRow + headline.length + 1;
  const progressRows = state.progress ? 2 : 0;
  const detail = fitLines(wrapCells(state.detail, width), cardRow - 1 - progressRows - detailRow, width);
  headline.forEach((line, at) => canvas.write(headlineRow + at, margin, line, screenColours.headline));
  detail.forEach((line, at) => canvas.write(detailRow + at, margin, line, screenColours.calm));
  if (state.progress) {
    const { done, of } = state.progress;
    const filled = of > 0 ? Math.round((Math.min(done, of) / of) * width) : 0;
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    canvas.write(detailRow + detail.length + 1, margin, bar, screenColours.bar);
  }
  return canvas.finish();
}

/** Rows of the card; a value that is longer than a row goes on below, without its name. */
function cardLines(
  { deviceName, incidentCode, helpDesk, bitLockerKeyIds, unlockCode }: ScreenState['card'],
  width: number,
): { readonly name: string; readonly value: string }[] {
  const entries: (readonly [string, string | undefined])[] = [
    ['This device', deviceName === '' ? undefined : deviceName],
    ['Incident', incidentCode],
    ['Recovery key', bitLockerKeyIds?.[0]],
    ['Unlock code', unlockCode],
    ['Help desk', helpDesk],
  ];
  return entries.flatMap(([name, value]) =>
    fitLines(wrapCells(value ?? '', width), most.valueLines, width).map((line, at) => ({
      name: at === 0 ? name : '',
      value: line,
    })),
  );
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

  write(row: number, column: number, text: string, attribute: number): void {
    if (row < 0 || row >= this.#rows) return;
    const cells = cellsOf(text).slice(0, Math.max(0, this.#columns - column));
    cells.forEach((cell, index) => {
      const at = row * this.#columns + column + index;
      this.#cells[at] = cell;
      this.#attributes[at] = attribute;
    });
  }

  finish(): ComposedScreen {
    const [columns, rows] = [this.#columns, this.#rows];
    return { columns, rows, text: this.#cells.join(''), attributes: this.#attributes };
  }
}
