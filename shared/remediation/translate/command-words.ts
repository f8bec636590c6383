/** One command of a pasted line: its name in lower case without folder and `.exe`, and the words behind it. */
export interface CommandWords {
  readonly name: string;
  /** The same as it was written. */
  readonly program: string;
  readonly words: readonly string[];
}

const maxWords = 64;
const maxCommands = 16;

/**
 * Cuts a pasted line into commands as cmd.exe reads it: quotes keep blanks together, `^` takes the next character as
 * it is, `&`, `&&` and `||` part commands. A prompt in front and `cmd /c` are left out.
 */
export function readCommandWords(line: string): readonly CommandWords[] {
  const bare = line.replace(/^\s*(?:PS )?[A-Za-z]:\\[^>]{0,200}>\s*/, '').replace(/^\s*[>$#]\s+/, '');
  return splitWords(bare)
    .slice(0, maxCommands)
    .flatMap(words => {
      const [first, ...rest] = withoutShell(words);
      return first === undefined ? [] : [{ name: nameOf(first), program: first, words: rest }];
    });
}

function splitWords(line: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let isQuoted = false;
  const end = () => {
    if (word !== undefined && commands.at(-1)!.length < maxWords) commands.at(-1)!.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
    } else if (character === '^' && !isQuoted && at + 1 < line.length) {
      word = `${word ?? ''}${line[++at]!}`;
    } else if (!isQuoted && (character === '&' || character === '|')) {
      end();
      if (commands.at(-1)!.length > 0) commands.push([]);
    } else if (!isQuoted && /\s/.test(character)) {
      end();
    } else {
      word = `${word ?? ''}${character}`;
    }
  }
  end();
  return commands.filter(words => words.length > 0);
}

function withoutShell(words: readonly string[]): readonly string[] {
  const [first = '', exist = '', path = '', ...then] = words;
  // "if exist FILE del FILE": where the file is absent nothing is done anyway.
  const isSame = (word: string) => word.toLowerCase() === path.toLowerCase();
  if (/^if$/i.test(first) && /^exist$/i.test(exist) && then.some(isSame)) return withoutShell(then);
  const isShell = nameOf(words[0] ?? '') === 'cmd' && /^\/[ck]$/i.test(words[1] ?? '');
  if (!isShell) return words;
  const inner = words.slice(2);
  // The whole command may stand in one pair of quotes.
  return inner.length === 1 ? (splitWords(inner[0]!)[0] ?? []) : inner;
}

const nameOf = (word: string) =>
  word
    .slice(word.lastIndexOf('\\') + 1)
    .toLowerCase()
    .replace(/\.(exe|com|cmd)$/, '');

/** Options of a command, `/q` and `/v:name` in lower case, and the words that are none. */
export function splitOptions(words: readonly string[]): {
  readonly options: ReadonlySet<string>;
  readonly rest: readonly string[];
} {
  const isOption = (word: string) => /^\/[a-z?-]/i.test(word) && !word.slice(1).includes('\\');
  const options = words.filter(isOption).flatMap(word => word.toLowerCase().split(/(?=\/)/));
  return { options: new Set(options), rest: words.filter(word => !isOption(word)) };
}
