import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileError } from '../../../agent/host/file-failure.ts';
import { LogFile } from '../../../agent/host/log-file.ts';
import { MemoryDisk } from '../../../agent/host/memory-disk.ts';
import { createMemoryHost, type HostCall } from '../../../agent/host/memory-host.ts';

const wallMs = Date.parse('2024-07-19T04:30:00Z');
const place = 'C:\\recovery.log';

function openLog(disk: MemoryDisk, beforeCall: (call: HostCall) => void = () => undefined) {
  const host = createMemoryHost({ disks: { C: disk }, beforeCall });
  const read = (path: string) =>
    host.files.find(path) && Buffer.from(host.files.read(path, 0, 1 << 20)).toString('utf8');
  return {
    host,
    read,
    log: new LogFile(
      () => host.files,
      () => wallMs,
    ),
  };
}

const entry = (code: string, atMs = 7) => ({ atMs, level: 'info' as const, code, message: 'It went on.' });

test('the record stands in its place from its beginning, line by line', () => {
  const { log, read } = openLog(new MemoryDisk());
  log.write(entry('phase-winre', 1));
  log.keepAt(place);
  log.write({ ...entry('facts-collected'), details: { facts: 52 } });
  assert.equal(
    read(place),
    '2024-07-19T04:30:00.000Z  +1 ms  info  phase-winre  It went on.\r\n' +
      '2024-07-19T04:30:00.000Z  +7 ms  info  facts-collected  It went on.  {"facts":52}\r\n',
  );
});

test('nothing is touched before there is something to tell, and then the run before keeps a name', () => {
  const disk = new MemoryDisk();
  for (const code of ['first-run', 'second-run', 'third-run']) {
    const { log, read, host } = openLog(disk);
    const before = read(place);
    log.keepAt(place);
    assert.equal(read(place), before);
    log.write(entry(code));
    assert.match(read(place)!, new RegExp(`^\\S+  \\+7 ms  info  ${code}  [^\\n]*\\n$`));
    assert.equal(read(`${place}.before`), before);
    host.files.flush(place);
  }
});

test('a place that takes no line is given up, another one goes on, and nothing is thrown', () => {
  let isFull = false;
  const { log, read } = openLog(new MemoryDisk(), ({ name, subject }) => {
    if (isFull && name === 'files.append' && subject === place) throw fileError('disk-full', 'no room');
  });
  log.keepAt('Q:\\absent.log');
  log.keepAt(place);
  log.keepAt('C:\\other.log');
  log.write(entry('first'));
  isFull = true;
  log.write(entry('second'));
  isFull = false;
  log.write(entry('third'));
  const codes = (path: string) => [...read(path)!.matchAll(/info {2}(\S+)/g)].map(([, code]) => code);
  assert.deepEqual([codes(place), codes('C:\\other.log')], [['first'], ['first', 'second', 'third']]);
});

test('a run without end does not fill the disk', () => {
  const { log, read } = openLog(new MemoryDisk());
  log.keepAt(place);
  for (let at = 0; at < 60; at++) log.write({ ...entry('waiting', at), message: 'x'.repeat(8000) });
  const { length } = read(place)!;
  assert.ok(length > 200 * 1024 && length <= 256 * 1024, `${length} bytes`);
});
