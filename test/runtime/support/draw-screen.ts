/** What a console of Windows held: for each cell, row by row, one UTF-16 unit and one colour attribute. */
export interface ConsolePicture {
  readonly columns: number;
  readonly rows: number;
  readonly text: string;
  readonly attributes: Uint8Array;
}

/** The sixteen colours of the console as Windows 10 and its recovery environment show them. */
const palette = [
  '#0c0c0c', '#0037da', '#13a10e', '#3a96dd', '#c50f1f', '#881798', '#c19c00', '#cccccc',
  '#767676', '#3b78ff', '#16c60c', '#61d6d6', '#e74856', '#b4009e', '#f9f1a5', '#f2f2f2',
] as const; // prettier-ignore

const cell = { width: 8, height: 16, baseline: 12.5 } as const;

/** One line of `watch-screen.c`. */
export function pictureOf(line: string, columns = 80, rows = 25): ConsolePicture {
  const cells = line.match(/.{6}/g) ?? [];
  if (cells.length !== columns * rows) throw new Error(`${cells.length} cells are no screen`);
  return {
    columns,
    rows,
    text: String.fromCharCode(...cells.map(one => Number.parseInt(one.slice(0, 4), 16))),
    attributes: Uint8Array.from(cells, one => Number.parseInt(one.slice(4), 16)),
  };
}

/** The rows of a picture without blanks behind them. */
export function linesOf({ columns, rows, text }: ConsolePicture): readonly string[] {
  return Array.from({ length: rows }, (_, row) => text.slice(row * columns, (row + 1) * columns).trimEnd());
}

/** Draws a picture cell by cell as SVG: runs of one colour are one element, block characters are filled cells. */
export function drawScreen(picture: ConsolePicture, title: string): string {
  const { columns, rows } = picture;
  const [width, height] = [columns * cell.width, rows * cell.height];
  const runs = Array.from({ length: rows }, (_, row) => drawRow(picture, row)).flat();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeText(title)}</title>
<g font-family="Consolas, Cascadia Mono, DejaVu Sans Mono, monospace" font-size="14" xml:space="preserve">
${runs.join('\n')}
</g>
</svg>
`;
}

function drawRow({ columns, text, attributes }: ConsolePicture, row: number): string[] {
  const drawn: string[] = [];
  for (let column = 0; column < columns;) {
    const at = row * columns + column;
    let length = 1;
    while (column + length < columns && attributes[at + length] === attributes[at]) length++;
    drawn.push(...drawRun(text.slice(at, at + length), column, row, attributes[at] ?? 0));
    column += length;
  }
  return drawn;
}

function drawRun(text: string, column: number, row: number, attribute: number): string[] {
  const [x, y, width] = [column * cell.width, row * cell.height, text.length * cell.width];
  const rect = (left: number, wide: number, colour: string, opacity = '') =>
    `<rect x="${left}" y="${y}" width="${wide}" height="${cell.height}" fill="${colour}"${opacity}/>`;
  const foreground = palette[attribute & 0xf]!;
  const drawn = [rect(x, width, palette[attribute >> 4]!)];
  for (const match of text.matchAll(/█+|░+|[^ █░](?:[^█░]*[^ █░])?/g)) {
    const [left, wide] = [x + match.index * cell.width, match[0].length * cell.width];
    if (match[0].startsWith('█')) drawn.push(rect(left, wide, foreground));
    else if (match[0].startsWith('░')) drawn.push(rect(left, wide, foreground, ' opacity="0.25"'));
    else
      drawn.push(
        `<text x="${left}" y="${y + cell.baseline}" textLength="${wide}" fill="${foreground}">${escapeText(match[0])}</text>`,
      );
  }
  return drawn;
}

const escapeText = (text: string) => text.replace(/[&<>]/g, one => `&#${one.charCodeAt(0)};`);
