import type { ByteCanvas } from './byte-canvas.ts';

/** Windows adds tagged blocks after the dump proper, among them personal ones; the first here holds a sentence. */
export function writeTaggedData(canvas: ByteCanvas, logonState: string | undefined): void {
  const head = canvas.reserve(16);
  canvas.ascii(head, 'DumpBlob');
  canvas.u32(head + 8, 0x10);
  canvas.u32(head + 12, 0xf0004a61);
  const sentence = 'Tagged data of a lab machine; real ones hold device and process names here.';
  writeBlob(canvas, 'fd330a27a63d0d46ba893c1bae21e39b', Buffer.from(sentence, 'latin1'), 3);
  if (logonState === undefined) return;
  const text = Buffer.from(`${logonState}\0\0`, 'utf16le');
  const state = Buffer.alloc(12 + text.length);
  state.writeUInt32LE(1, 0);
  state.writeUInt32LE(state.length, 4);
  text.copy(state, 12);
  writeBlob(canvas, 'cf79cc8019a7f14abf97fe29ff76ebc1', state, 0);
}

function writeBlob(canvas: ByteCanvas, tag: string, data: Buffer, postPad: number): void {
  const blob = canvas.reserve(32);
  canvas.u32(blob, 0x20);
  canvas.bytes(blob + 4, Buffer.from(tag, 'hex'));
  canvas.u32(blob + 20, data.length);
  canvas.u32(blob + 28, postPad);
  canvas.append(data);
  canvas.reserve(postPad);
}
