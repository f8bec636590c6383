import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';

/** Trouble with an image or with the program that edits it, as a value. */
export interface ImageProblem {
  readonly code:
    | 'wimlib-missing'
    | 'not-an-image'
    | 'no-such-image'
    | 'image-damaged'
    | 'image-not-writable'
    | 'file-not-in-image';
  readonly message: string;
}
export type ImageResult<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: ImageProblem };

const program = 'wimlib-imagex';
const maxOutputBytes = 64 * 1024 * 1024;

interface Ran {
  readonly code: number;
  readonly out: Uint8Array;
  readonly error: string;
}

/** Runs wimlib with arguments; names in an image are compared as Windows does. */
async function runWimlib(args: readonly string[], input?: string, cwd?: string): Promise<Ran | undefined> {
  const env = { ...process.env, WIMLIB_IMAGEX_IGNORE_CASE: '1', LC_ALL: 'C.UTF-8' };
  const child = spawn(program, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const pieces: Buffer[] = [];
  let lengthBytes = 0;
  let error = '';
  child.stdout.on('data', (piece: Buffer) => {
    lengthBytes += piece.length;
    if (lengthBytes <= maxOutputBytes) pieces.push(piece);
    else child.kill();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error = `${error}${text}`.slice(-2000)));
  child.stdin.on('error', () => undefined).end(input ?? '');
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, out: Buffer.concat(pieces), error };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/**
 * What wimlib tells about one image of a WIM. It calls an image x86 also where the WIM names no architecture, so that one
 * is read from the image's own files.
 */
export interface ImageInfo {
  readonly imageCount: number;
  readonly name: string;
  readonly build?: string;
  readonly compression: string;
  readonly files: number;
  readonly totalBytes: number;
}

/** Reads the description of image `index`, counted from 1. */
export async function readImageInfo(wim: string, index: number): Promise<ImageResult<ImageInfo>> {
  const whole = await runWimlib(['info', wim]);
  if (!whole) return missing;
  if (whole.code !== 0)
    return failed('not-an-image', `${wim} cannot be read as a WIM: ${lastLine(whole.error)}`);
  const file = fieldsOf(whole.out);
  const one = await runWimlib(['info', wim, String(index)]);
  const imageCount = Number(file.get('Image Count') ?? 0);
  if (!one || one.code !== 0 || index > imageCount)
    return failed('no-such-image', `${wim} holds images 1 to ${imageCount}, not ${index}.`);
  const fields = fieldsOf(one.out);
  const build = fields.get('Build');
  return {
    ok: true,
    value: {
      imageCount,
      name: fields.get('Name') ?? '',
      ...(build !== undefined && { build }),
      compression: file.get('Compression') ?? 'unknown',
      files: Number(fields.get('File Count') ?? 0),
      totalBytes: Number(fields.get('Total Bytes') ?? 0),
    },
  };
}

/** The bytes of one file of an image, by its path with backslashes; `file-not-in-image` when it is absent. */
export async function readImageFile(
  wim: string,
  index: number,
  name: string,
): Promise<ImageResult<Uint8Array>> {
  const ran = await runWimlib(['extract', wim, String(index), slashed(name), '--to-stdout']);
  if (!ran) return missing;
  if (ran.code === 0) return { ok: true, value: new Uint8Array(ran.out) };
  // Status 49 is WIMLIB_ERR_PATH_DOES_NOT_EXIST; a glob that matches nothing is told the same way.
  return ran.code === 49
    ? failed('file-not-in-image', `${name} is not in the image.`)
    : failed('image-damaged', `${name} cannot be read: ${lastLine(ran.error)}`);
}

/** Adds files of a folder to an image, replacing what is there. `files` maps names in the folder to places in the image. */
export async function addImageFiles(
  wim: string,
  index: number,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<ImageResult<void>> {
  const commands = Object.entries(files).map(([name, place]) => `add '${name}' '${slashed(place)}'\n`);
  const ran = await runWimlib(['update', wim, String(index)], commands.join(''), folder);
  if (!ran) return missing;
  if (ran.code === 0) return { ok: true, value: undefined };
  return failed('image-not-writable', `The image cannot be changed: ${lastLine(ran.error)}`);
}

/** Reads every file of a WIM and compares it with the hash that the WIM keeps of it. */
export async function verifyImage(wim: string): Promise<ImageResult<void>> {
  const ran = await runWimlib(['verify', wim]);
  if (!ran) return missing;
  return ran.code === 0
    ? { ok: true, value: undefined }
    : failed('image-damaged', `The image does not verify: ${lastLine(ran.error)}`);
}

const slashed = (name: string) => `/${name.replaceAll('\\', '/')}`;

/** `Key:   value` lines; the first of a key counts. */
function fieldsOf(output: Uint8Array): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of textOfUtf8(output).text.split('\n')) {
    const match = /^([A-Za-z][A-Za-z ]*):\s+(.*)$/.exec(line);
    if (match && !fields.has(match[1]!)) fields.set(match[1]!, match[2]!.trim());
  }
  return fields;
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() || 'no reason given';

const failed = (code: ImageProblem['code'], message: string): { ok: false; problem: ImageProblem } => ({
  ok: false,
  problem: { code, message },
});

const missing = failed(
  'wimlib-missing',
  'Images are edited by wimlib-imagex: install Debian’s wimtools, Fedora’s wimlib-utils or wimlib from brew.',
);
