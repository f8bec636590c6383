// In QuickJS over the C host: does what the test asks of a host, one JSON line each way.
import { base64Of, bytesOfBase64 } from '../../../shared/bytes/base64.ts';
import { textOfUtf8 } from '../../../shared/bytes/utf8.ts';
import { HostError } from '../../../agent/host/host.ts';
import type { NativeCalls } from '../../../agent/host/native-calls.ts';
import { createWinreHost } from '../../../agent/host/winre-host.ts';

declare const native: NativeCalls;

const unasked = () => {
  throw new Error('the suite shows nothing and logs nothing');
};
const host = createWinreHost(native, { screen: { show: unasked }, log: { write: unasked } });

interface Question {
  readonly target: readonly string[];
  readonly parameters: readonly unknown[];
}

const unpack = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'bytes' in value
    ? bytesOfBase64(String(value.bytes))
    : typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unpack(one)]))
      : value;

const pack = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { bytes: base64Of(value) } : value;

async function answer({ target, parameters }: Question): Promise<object> {
  try {
    let call: unknown = target[0] === 'native' ? { native } : host;
    for (const name of target) call = Reflect.get(Object(call), name);
    if (typeof call !== 'function') throw new Error(`${target.join('.')} is no call`);
    const value: unknown = await call(...parameters.map(unpack));
    return { value: value ?? null };
  } catch (error) {
    if (error instanceof HostError) return { failure: error.failure };
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

if (native.arguments[0]?.startsWith('loop')) {
  if (native.arguments[0] === 'loop-until-limit') native.limitTotalTime(1000);
  for (;;);
}
if (native.arguments[0] === 'eat-memory')
  for (const eaten: unknown[] = []; ;) eaten.push(new Uint8Array(1 << 20).fill(1));
if (native.arguments[0] === 'crash') native.exitProcess(0xc0000005);

let rest = '';
for (;;) {
  const piece = native.readInput(1 << 16);
  if (piece.length === 0) break;
  rest += textOfUtf8(piece).text;
  for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
    const question = JSON.parse(rest.slice(0, end)) as Question;
    rest = rest.slice(end + 1);
    native.writeOutput(`${JSON.stringify(await answer(question), pack)}\n`);
  }
}
native.exitProcess(0);
