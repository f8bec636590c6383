/** The Windows drive of a lab machine, as its tools see it: names below the drive, as `Windows\INF\oem1.inf`. */
export interface LabVolume {
  readonly read: (name: string) => Uint8Array | undefined;
  readonly write: (name: string, bytes: Uint8Array, writtenAt: Date) => void;
  readonly list: (name: string) => readonly string[];
  readonly remove: (name: string) => void;
}

/** What a tool of the lab stands on. */
export interface ToolBench {
  readonly volume: LabVolume;
  /** `C:\`, the drive that the volume has here. */
  readonly root: string;
  readonly now: Date;
}

/** How a tool ended. */
export interface LabExit {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/**
 * A stand-in for a tool of Windows. It knows the argument shapes of its table and no others: anything else ends as the
 * tool itself ends. What it does, it does to the files of the machine.
 */
export interface LabTool {
  /** Whose documentation the shapes are from. */
  readonly source: string;
  /** Each shape is one argument after the other; a part in angle brackets stands for whatever is there. */
  readonly shapes: readonly (readonly string[])[];
  /** How it ends on arguments it does not know. */
  readonly unknown: LabExit;
  readonly run: (given: Readonly<Record<string, string>>, shape: number, bench: ToolBench) => LabExit;
}

export const ended = (exitCode: number, ...lines: string[]): LabExit => ({ exitCode, lines });

/** The shape that arguments have, with what stood in its brackets; case counts in values alone. */
export function readShape(
  { shapes }: LabTool,
  given: readonly string[],
): { readonly shape: number; readonly values: Readonly<Record<string, string>> } | undefined {
  for (const [shape, parts] of shapes.entries()) {
    const values: Record<string, string> = {};
    const fits =
      parts.length === given.length &&
      parts.every((part, at) => {
        const [, before = '', name, after = ''] = /^([^<]*)(?:<(\w+)>(.*))?$/.exec(part) ?? [];
        const word = given[at]!;
        if (name === undefined) return word.toLowerCase() === part.toLowerCase();
        const isThere =
          word.length > before.length + after.length &&
          word.toLowerCase().startsWith(before.toLowerCase()) &&
          word.endsWith(after);
        if (isThere) values[name] = word.slice(before.length, word.length - after.length);
        return isThere;
      });
    if (fits) return { shape, values };
  }
  return undefined;
}

/** A path on the drive as its name below it; undefined when it lies elsewhere. */
export const nameBelow = ({ root }: ToolBench, path: string): string | undefined =>
  path.toLowerCase().startsWith(root.toLowerCase()) ? path.slice(root.length) : undefined;
