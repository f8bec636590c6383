import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { type Host, HostError, type HttpRequest } from '../../../agent/host/host.ts';
import { textOfUtf8, utf8Of } from '../../../shared/bytes/utf8.ts';
import { signatureCases } from '../../support/signature-cases.ts';

/** What the suite needs to know about a host that it tests. */
export interface HostFixture {
  readonly host: Host;
  /** An empty directory that exists, without a trailing backslash: `C:\Work`. */
  readonly directory: string;
  /** An absolute path on another volume of the same host. */
  readonly otherVolume: string;
  /** Puts a symbolic link there that leads to a directory; undefined where the machine cannot make one. */
  readonly placeLink?: (path: string, target: string) => void;
  /** Where the file system below cannot do what NTFS does: give a file its own name in another case. */
  readonly keepsCase?: true;
  readonly setWrittenAt: (path: string, writtenAtMs: number) => void;
  /**
   * A server that answers POST: `/echo` with the body it got, `/large` with 2 MiB, `/busy` with 503 and Retry-After 7,
   * `/drop` by closing the connection after it read the body.
   */
  readonly server: string;
  /** The same by its literal IPv6 address; undefined where there is none. */
  readonly server6: string | undefined;
  readonly pin: string;
  /** An address where nothing listens. */
  readonly deadServer: string;
  /** A proxy that reaches the server, one that answers each CONNECT with 407, and an address without one. */
  readonly proxies: {
    readonly open: string;
    readonly refusing: string;
    readonly away: string;
    /** How many connections the open one made. */
    readonly letThrough: () => number;
  };
  /** Bodies that reached the server. */
  readonly received: readonly string[];
  readonly close: () => Promise<void>;
}

const fails = (code: string) => (error: unknown) => {
  assert.ok(error instanceof HostError, String(error));
  assert.equal(error.failure.code, code);
  return true;
};

/** Every promise of `Host`, as tests that run against any host. */
export function testHost(name: string, open: () => Promise<HostFixture>): void {
  const check = (promise: string, run: (fixture: HostFixture) => void | Promise<void>): void => {
    void test(`${name}: ${promise}`, async () => {
      const fixture = await open();
      try {
        await run(fixture);
      } finally {
        await fixture.close();
      }
    });
  };

  check('a created file reads back, from any offset', ({ host: { files }, directory }) => {
    files.create(`${directory}\\a.txt`, utf8Of('hello'));
    const read = (offset: number, length: number) =>
      textOfUtf8(files.read(`${directory}\\a.txt`, offset, length)).text;
    assert.deepEqual([read(0, 100), read(1, 3), read(5, 1), read(9, 1)], ['hello', 'ell', '', '']);
    assert.equal(files.find(`${directory}\\a.txt`)?.sizeBytes, 5);
    assert.equal(
      files.hash(`${directory}\\a.txt`),
      '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    );
  });

  check('names are found without regard to case and keep their own', ({ host: { files }, directory }) => {
    files.create(`${directory}\\Mixed.SYS`, utf8Of('x'));
    assert.equal(files.find(`${directory.toUpperCase()}\\mIXED.sys`)?.name, 'Mixed.SYS');
    assert.throws(() => files.create(`${directory}\\MIXED.sys`, utf8Of('y')), fails('already-exists'));
  });

  check('a directory lists its entries in name order', ({ host: { files }, directory }) => {
    for (const one of ['b.txt', 'C.txt', 'a.txt']) files.create(`${directory}\\${one}`, utf8Of(one));
    files.makeDirectory(`${directory}\\D`);
    const entries = files.list(directory)?.map(entry => `${entry.name} ${entry.kind} ${entry.sizeBytes}`);
    assert.deepEqual(entries, ['a.txt file 5', 'b.txt file 5', 'C.txt file 5', 'D directory 0']);
    assert.equal(files.list(`${directory}\\a.txt`), undefined);
    assert.equal(files.list(`${directory}\\absent`), undefined);
  });

  check('the root of a volume is a directory', ({ host: { files }, directory }) => {
    assert.equal(files.find(directory.slice(0, 3))?.kind, 'directory');
    assert.ok((files.list(directory.slice(0, 3)) ?? []).length > 0);
  });

  check('absent things are undefined to find and fail to read', ({ host: { files }, directory }) => {
    assert.equal(files.find(`${directory}\\no\\where`), undefined);
    assert.throws(() => files.read(`${directory}\\nowhere`, 0, 1), fails('not-found'));
    assert.throws(() => files.hash(`${directory}\\nowhere`), fails('not-found'));
    assert.throws(() => files.read(directory, 0, 1), fails('not-a-file'));
    assert.throws(() => files.create(`${directory}\\no\\where`, utf8Of('')), fails('not-found'));
    assert.throws(() => files.remove(`${directory}\\nowhere`), fails('not-found'));
  });

  check('paths that Windows would bend are refused', ({ host: { files }, directory }) => {
    const bad = [
      'a:b',
      '..\\x',
      'x\\.\\y',
      'a/b',
      'end.',
      'end ',
      'nul',
      'COM1.txt',
      'a*',
      'a\0b',
      '',
      'a\\\\b',
    ];
    for (const one of bad)
      assert.throws(() => files.find(`${directory}\\${one}\\z`), fails('path-invalid'), one);
    assert.throws(() => files.find('relative'), fails('path-invalid'));
    assert.throws(() => files.find('\\\\server\\share'), fails('path-invalid'));
  });

  check('a drive that is not there fails', ({ host: { files } }) => {
    assert.throws(() => files.find('Q:\\x'), fails('volume-missing'));
  });

  check('append creates and extends', ({ host: { files }, directory }) => {
    files.append(`${directory}\\log`, utf8Of('one '));
    files.append(`${directory}\\log`, utf8Of('two'));
    assert.equal(textOfUtf8(files.read(`${directory}\\log`, 0, 99)).text, 'one two');
    assert.throws(() => files.append(directory, utf8Of('x')), fails('not-a-file'));
  });

  check('directories come with their parents, also twice', ({ host: { files }, directory }) => {
    files.makeDirectory(`${directory}\\p\\q\\r`);
    files.makeDirectory(`${directory}\\P\\Q\\R`);
    assert.equal(files.list(`${directory}\\p`)?.length, 1);
    files.create(`${directory}\\file`, utf8Of(''));
    assert.throws(() => files.makeDirectory(`${directory}\\file\\x`), fails('not-a-directory'));
  });

  check(
    'a rename moves the file itself and keeps its time',
    ({ host: { files }, directory, setWrittenAt }) => {
      const writtenAtMs = Date.UTC(2024, 6, 19, 4, 9, 33);
      files.makeDirectory(`${directory}\\to`);
      files.create(`${directory}\\from.sys`, utf8Of('bytes'));
      setWrittenAt(`${directory}\\from.sys`, writtenAtMs);
      files.rename(`${directory}\\FROM.sys`, `${directory}\\to\\1`);
      assert.equal(files.find(`${directory}\\from.sys`), undefined);
      assert.deepEqual(files.find(`${directory}\\to\\1`), {
        name: '1',
        kind: 'file',
        sizeBytes: 5,
        writtenAtMs,
      });
    },
  );

  check('a rename replaces only when told to', ({ host: { files }, directory }) => {
    files.create(`${directory}\\new`, utf8Of('new'));
    files.create(`${directory}\\Old`, utf8Of('old'));
    assert.throws(() => files.rename(`${directory}\\new`, `${directory}\\old`), fails('already-exists'));
    files.rename(`${directory}\\new`, `${directory}\\old`, { replace: true });
    assert.equal(textOfUtf8(files.read(`${directory}\\old`, 0, 9)).text, 'new');
    assert.equal(files.list(directory)?.length, 1);
  });

  check('a rename can change the case of a name', ({ host: { files }, directory, keepsCase }) => {
    if (keepsCase) return;
    files.create(`${directory}\\name`, utf8Of('x'));
    files.rename(`${directory}\\name`, `${directory}\\NAME`);
    assert.deepEqual(
      files.list(directory)?.map(entry => entry.name),
      ['NAME'],
    );
  });

  check('a rename fails cleanly', ({ host: { files }, directory, otherVolume }) => {
    files.create(`${directory}\\x`, utf8Of('x'));
    assert.throws(() => files.rename(`${directory}\\absent`, `${directory}\\y`), fails('not-found'));
    assert.throws(() => files.rename(`${directory}\\x`, `${directory}\\no\\y`), fails('not-found'));
    assert.throws(() => files.rename(`${directory}\\x`, otherVolume), fails('other-volume'));
    assert.throws(() => files.rename(directory, `${directory}2`), fails('not-a-file'));
    assert.equal(files.find(`${directory}\\x`)?.sizeBytes, 1);
  });

  check('a linked file outlives what takes its place', ({ host: { files }, directory, ...fixture }) => {
    files.create(`${directory}\\old`, utf8Of('old'));
    fixture.setWrittenAt(`${directory}\\old`, 1_700_000_000_000);
    files.create(`${directory}\\new`, utf8Of('new'));
    files.makeDirectory(`${directory}\\kept`);
    files.link(`${directory}\\OLD`, `${directory}\\kept\\1`);
    assert.throws(() => files.link(`${directory}\\new`, `${directory}\\old`), fails('already-exists'));
    assert.throws(() => files.link(`${directory}\\absent`, `${directory}\\x`), fails('not-found'));
    assert.throws(() => files.link(`${directory}\\old`, fixture.otherVolume), fails('other-volume'));
    assert.throws(() => files.link(directory, `${directory}2`), fails('not-a-file'));
    files.rename(`${directory}\\new`, `${directory}\\old`, { replace: true });
    assert.equal(textOfUtf8(files.read(`${directory}\\old`, 0, 9)).text, 'new');
    assert.equal(textOfUtf8(files.read(`${directory}\\kept\\1`, 0, 9)).text, 'old');
    assert.equal(files.find(`${directory}\\kept\\1`)?.writtenAtMs, 1_700_000_000_000);
  });

  check('only files and empty directories are removed', ({ host: { files }, directory }) => {
    files.makeDirectory(`${directory}\\full`);
    files.create(`${directory}\\full\\x`, utf8Of('x'));
    assert.throws(() => files.remove(`${directory}\\full`), fails('not-empty'));
    files.remove(`${directory}\\full\\x`);
    files.remove(`${directory}\\full`);
    assert.equal(files.find(`${directory}\\full`), undefined);
  });

  check('a flush of nothing and of changes works', ({ host: { files }, directory }) => {
    files.flush(directory);
    files.create(`${directory}\\x`, utf8Of('x'));
    files.append(`${directory}\\gone`, utf8Of('x'));
    files.remove(`${directory}\\gone`);
    files.flush(`${directory}\\x`);
    assert.equal(files.find(`${directory}\\x`)?.sizeBytes, 1);
  });

  check('links are entries of their own and never followed', ({ host: { files }, directory, placeLink }) => {
    if (!placeLink) return;
    files.makeDirectory(`${directory}\\real`);
    files.create(`${directory}\\real\\x`, utf8Of('x'));
    placeLink(`${directory}\\link`, `${directory}\\real`);
    assert.equal(files.find(`${directory}\\link`)?.kind, 'link');
    assert.equal(files.list(`${directory}\\link`), undefined);
    assert.equal(files.find(`${directory}\\link\\x`), undefined);
    assert.throws(() => files.read(`${directory}\\link\\x`, 0, 1), fails('not-found'));
    assert.throws(() => files.create(`${directory}\\link\\y`, utf8Of('y')), fails('not-found'));
    assert.throws(() => files.rename(`${directory}\\real\\x`, `${directory}\\link\\x`), fails('not-found'));
    assert.throws(() => files.makeDirectory(`${directory}\\link\\sub`), fails('not-a-directory'));
  });

  check('SHA-256 and randomness', ({ host }) => {
    assert.equal(
      Buffer.from(host.sha256(utf8Of('abc'))).toString('hex'),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    const [one, two] = [host.random(16), host.random(16)];
    assert.equal(one.length, 16);
    assert.notDeepEqual(one, two);
  });

  check('signatures are judged as by every other implementation here', ({ host: { curves } }) => {
    for (const { about, secretKey, publicKey, message, signature, holds } of signatureCases()) {
      assert.equal(curves.verify(publicKey, message, signature), holds, about);
      if (!secretKey) continue;
      assert.deepEqual(curves.publicKeyOf(secretKey), publicKey);
      assert.deepEqual(curves.sign(secretKey, message), signature);
    }
    const { secretKey, publicKey } = signatureCases()[0]!;
    const long = new Uint8Array(100_000).fill(7);
    assert.ok(curves.verify(publicKey, long, curves.sign(secretKey!, long)));
  });

  check('secrets are agreed on as RFC 7748 says', ({ host: { curves } }) => {
    const alice = bytesOf('77076d0a7318a57d3c16c17251b26645df2f8f2b8a5b0e5d5a0cf0d0cdf5a1b0');
    const bob = bytesOf('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    assert.deepEqual(
      curves.boxKeyOf(bob),
      bytesOf('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'),
    );
    assert.deepEqual(curves.agree(alice, curves.boxKeyOf(bob)), curves.agree(bob, curves.boxKeyOf(alice)));
    for (const weak of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(31)])
      assert.equal(curves.agree(bob, weak), undefined);
  });

  check('deflated bytes are the same again once inflated, whatever they hold', ({ host }) => {
    const noise = randomBytes(300_000);
    for (const plain of [Buffer.alloc(0), Buffer.alloc(400_000, 'minidump'), noise]) {
      const deflated = host.deflate(new Uint8Array(plain));
      assert.ok(deflated.length <= plain.length + plain.length / 1000 + 16);
      assert.ok(plain.equals(inflateRawSync(deflated)));
    }
    assert.ok(host.deflate(new Uint8Array(400_000)).length < 1000);
  });

  check('the monotonic clock never falls, also over a wait', async ({ host: { clock } }) => {
    const before = clock.monotonicMs();
    assert.equal(await clock.wait(1), 'elapsed');
    assert.ok(clock.monotonicMs() >= before);
  });

  check(
    'a key that nobody presses ends no wait, and room and time are numbers or unknown',
    async ({ host, directory }) => {
      assert.equal(await host.clock.wait(0), 'elapsed');
      assert.ok(host.clock.wallMs() >= 0);
      const free = host.files.freeBytes(directory);
      assert.ok(free === undefined || free > 0);
    },
  );

  const requestOf = (fixture: HostFixture, path: string, over: Partial<HttpRequest> = {}): HttpRequest => ({
    method: 'POST',
    server: fixture.server,
    path,
    headers: { 'content-type': 'text/plain' },
    body: utf8Of('ping'),
    pins: ['0'.repeat(64), fixture.pin],
    timeoutMs: 5000,
    ...over,
  });
  const ask = async (fixture: HostFixture, path: string, over: Partial<HttpRequest> = {}) => {
    assert.equal(fixture.host.network.hasAddress(), true);
    return fixture.host.network.request(requestOf(fixture, path, over));
  };

  check('a request with a pinned key is answered', async fixture => {
    const result = await ask(fixture, '/echo');
    assert.ok(result.ok);
    assert.deepEqual([result.status, textOfUtf8(result.body).text], [200, 'ping']);
    assert.deepEqual(fixture.received, ['ping']);
  });

  check('a literal IPv6 address is asked, too', async fixture => {
    if (fixture.server6 === undefined) return;
    const result = await ask(fixture, '/echo', { server: fixture.server6 });
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(textOfUtf8(result.body).text, 'ping');
    const other = await ask(fixture, '/echo', { server: fixture.server6, pins: ['0'.repeat(64)] });
    assert.equal(!other.ok && other.failure.code, 'pin-mismatch');
    assert.deepEqual(fixture.received, ['ping']);
  });

  check('a server with another key never gets the body', async fixture => {
    const result = await ask(fixture, '/echo', { pins: ['0'.repeat(64)] });
    assert.ok(!result.ok);
    assert.deepEqual([result.failure.kind, result.failure.code], ['permanent', 'pin-mismatch']);
    assert.deepEqual(fixture.received, []);
  });

  check('a refused connection is transient', async fixture => {
    const result = await ask(fixture, '/echo', { server: fixture.deadServer });
    assert.ok(!result.ok);
    assert.deepEqual([result.failure.kind, result.failure.code], ['transient', 'connection-refused']);
  });

  check('a connection that dies after sending is ambiguous', async fixture => {
    const result = await ask(fixture, '/drop');
    assert.ok(!result.ok);
    assert.equal(result.failure.kind, 'ambiguous');
    assert.deepEqual(fixture.received, ['ping']);
  });

  check('headers of a busy server come through', async fixture => {
    const result = await ask(fixture, '/busy');
    assert.ok(result.ok);
    assert.deepEqual([result.status, result.headers['retry-after']], [503, '7']);
  });

  check('an answer without end is cut off', async fixture => {
    const result = await ask(fixture, '/large');
    assert.ok(!result.ok);
    assert.equal(result.failure.code, 'answer-too-large');
  });

  check('a request goes through the proxy that it names, and the next one directly', async fixture => {
    const through = await ask(fixture, '/echo', { proxy: fixture.proxies.open });
    assert.ok(through.ok, JSON.stringify(through));
    assert.equal(textOfUtf8(through.body).text, 'ping');
    assert.equal(fixture.proxies.letThrough(), 1);
    assert.ok((await ask(fixture, '/echo')).ok);
    assert.equal(fixture.proxies.letThrough(), 1);
  });

  check('through a proxy, too, a server with another key never gets the body', async fixture => {
    const result = await ask(fixture, '/echo', { proxy: fixture.proxies.open, pins: ['0'.repeat(64)] });
    assert.ok(!result.ok);
    assert.deepEqual([result.failure.kind, result.failure.code], ['permanent', 'pin-mismatch']);
    assert.deepEqual(fixture.received, []);
  });

  for (const [which, code] of [
    ['refusing', 'proxy-refused'],
    ['away', 'proxy-unreachable'],
  ] as const)
    check(`a proxy that is ${which} is transient, and said so`, async fixture => {
      const result = await ask(fixture, '/echo', { proxy: fixture.proxies[which] });
      assert.ok(!result.ok);
      assert.deepEqual([result.failure.kind, result.failure.code], ['transient', code]);
      assert.deepEqual(fixture.received, []);
    });
}

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
