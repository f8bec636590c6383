/** Letters that a console draws over two cells. Source: Unicode UAX #11, East Asian Wide and Fullwidth, basic plane. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/;

/**
 * A text cell by cell. A wide letter leaves the cell behind it blank; a character outside the basic plane, which has
 * no cell of its own, becomes a question mark, as do controls.
 */
export function cellsOf(text: string): string[] {
  return Array.from(text).flatMap(character => {
    if (character.length > 1 || character < ' ') return ['?'];
    return wide.test(character) ? [character, ' '] : [character];
  });
}

const widthOf = (text: string) => cellsOf(text).length;

/** Lines of at most `width` cells, broken between words where there are any. */
export function wrapCells(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    for (const piece of piecesOf(word, width)) {
      if (line !== '' && widthOf(line) + 1 + widthOf(piece) > width) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** At most `count` lines; the last one ends with three dots where something is left out. */
export function fitLines(lines: readonly string[], count: number, width: number): readonly string[] {
  if (lines.length <= Math.max(0, count)) return lines;
  const kept = lines.slice(0, Math.max(0, count));
  const last = kept.pop();
  return last === undefined ? [] : [...kept, `${piecesOf(last, width - 1)[0] ?? ''}…`];
}

/** A word in pieces of at most `width` cells. */
function piecesOf(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && widthOf(piece) + widthOf(character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return piece === '' ? pieces : [...pieces, piece];
}
