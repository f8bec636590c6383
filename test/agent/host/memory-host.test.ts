import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest, HttpResult } from '../../../agent/host/host.ts';
import { listPowerCutStates, MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost } from '../../../agent/host/memory-host.ts';
import { parsePath } from '../../../agent/host/windows-path.ts';
import { textOfUtf8, utf8Of } from '../../../shared/bytes/utf8.ts';
import { testHost } from './conformance.ts';

testHost('memory host', async () => {
  const disk = new MemoryDisk();
  disk.place(['Work'], { kind: 'directory' });
  const received: string[] = [];
  const respond = ({ path, body }: HttpRequest): HttpResult => {
    received.push(textOfUtf8(body).text);
    if (path === '/drop')
      return { ok: false, failure: { kind: 'ambiguous', code: 'connection-lost', message: '' } };
    if (path === '/busy') return { ok: true, status: 503, headers: { 'retry-after': '7' }, body: utf8Of('') };
    if (path === '/large')
      return { ok: false, failure: { kind: 'permanent', code: 'answer-too-large', message: '' } };
    return { ok: true, status: 200, headers: {}, body };
  };
  const pin = 'ab'.repeat(32);
  const servers = { 'https://server:8443': { pin, respond }, 'https://[fd00::5]:8443': { pin, respond } };
  let letThrough = 0;
  const through = {
    'https://server:8443': {
      pin,
      respond: (request: HttpRequest) => {
        letThrough++;
        return respond(request);
      },
    },
  };
  const host = createMemoryHost({
    disks: { C: disk, D: new MemoryDisk() },
    startReason: { kind: 'failed-boot' },
    servers,
    proxies: { 'proxy:3128': through, 'strict:3128': 'refuses' },
  });
  return {
    host,
    directory: 'C:\\Work',
    otherVolume: 'D:\\x',
    placeLink: path => disk.place(parsePath(path).components, { kind: 'link' }),
    setWrittenAt: (path, writtenAtMs) => {
      const { components } = parsePath(path);
      disk.place(components, { bytes: disk.read(parsePath(path), 0, 1e6), writtenAtMs });
      disk.flush();
      disk.place(components, { bytes: disk.read(parsePath(path), 0, 1e6), writtenAtMs });
    },
    server: 'https://server:8443',
    server6: 'https://[fd00::5]:8443',
    pin,
    deadServer: 'https://dead:8443',
    proxies: {
      open: 'proxy:3128',
      refusing: 'strict:3128',
      away: 'nowhere:3128',
      letThrough: () => letThrough,
    },
    received,
    close: async () => undefined,
  };
});

const c = (name: string) => parsePath(`C:\\${name}`);
const textOf = (disk: MemoryDisk, name: string) =>
  disk.find(c(name)) && textOfUtf8(disk.read(c(name), 0, 99)).text;

test('a power cut keeps any prefix of what was not flushed, with whole, half or zeroed contents', () => {
  const disk = new MemoryDisk();
  disk.create(c('kept'), utf8Of('kept'), 0);
  disk.flush();
  disk.create(c('new'), utf8Of('abcd'), 0);
  disk.rename(c('new'), c('kept'), true);
  const states = listPowerCutStates(disk.snapshot()).map(one => [textOf(one, 'kept'), textOf(one, 'new')]);
  assert.deepEqual(states, [
    ['kept', undefined],
    ['kept', 'abcd'],
    ['kept', 'ab'],
    ['kept', '\0\0\0\0'],
    ['abcd', undefined],
    ['ab', undefined],
    ['\0\0\0\0', undefined],
  ]);
});

test('only the unflushed end of an appended file is torn', () => {
  const disk = new MemoryDisk();
  disk.append(c('log'), utf8Of('old '), 0);
  disk.flush();
  disk.append(c('log'), utf8Of('12'), 0);
  disk.append(c('log'), utf8Of('34'), 0);
  const last = listPowerCutStates(disk.snapshot()).slice(-3);
  assert.deepEqual(
    last.map(one => textOf(one, 'log')),
    ['old 1234', 'old 12', 'old \0\0\0\0'],
  );
});

test('after a flush nothing is lost', () => {
  const disk = new MemoryDisk();
  disk.create(c('x'), utf8Of('x'), 0);
  disk.flush();
  assert.equal(listPowerCutStates(disk.snapshot()).length, 1);
  assert.equal(textOf(listPowerCutStates(disk.snapshot())[0]!, 'x'), 'x');
});

test('a key press ends a wait early', async () => {
  const host = createMemoryHost({ disks: {}, startReason: { kind: 'other' }, keyPressedAtMs: 5000 });
  assert.equal(await host.clock.wait(1000), 'elapsed');
  assert.equal(await host.clock.wait(60_000), 'key');
  assert.equal(host.clock.monotonicMs(), 5000);
});
