import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { ConfigError, readConfig } from '../../server/config.ts';

test('without settings the console is on loopback and everything lies in .bootmend', () => {
  const config = readConfig({});
  assert.equal(config.dataDir, path.resolve('.bootmend'));
  assert.deepEqual([config.consoleAddress, config.consolePort, config.devicePort], ['127.0.0.1', 8480, 8443]);
  assert.equal(config.databaseUrl, undefined);
});

test('every setting that cannot be used is named, with what would be accepted', () => {
  const env = {
    BOOTMEND_CONSOLE_PORT: '99999',
    BOOTMEND_DEVICE_PORT: 'https',
    BOOTMEND_LOG_LEVEL: 'loud',
    BOOTMEND_DEVICE_ADDRESS: 'localhost',
    BOOTMEND_RETENTION_DAYS: '0',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
  };
  assert.throws(
    () => readConfig(env),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      const lines = error.message.split('\n');
      assert.equal(lines.length, Object.keys(env).length);
      for (const name of Object.keys(env))
        assert.ok(
          lines.some(line => line.startsWith(name)),
          name,
        );
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    },
  );
});

test('the console leaves loopback only with TLS', () => {
  assert.throws(() => readConfig({ BOOTMEND_CONSOLE_ADDRESS: '0.0.0.0' }), /BOOTMEND_CONSOLE_TLS_KEY/);
  const tls = { BOOTMEND_CONSOLE_TLS_KEY: 'k.pem', BOOTMEND_CONSOLE_TLS_CERTIFICATE: 'c.pem' };
  assert.equal(readConfig({ BOOTMEND_CONSOLE_ADDRESS: '0.0.0.0', ...tls }).consoleTls?.keyFile, 'k.pem');
  assert.throws(() => readConfig({ BOOTMEND_CONSOLE_TLS_KEY: 'k.pem' }), /set together/);
});

test('an empty setting is the default, and 0 is any free port', () => {
  assert.equal(readConfig({ BOOTMEND_CONSOLE_PORT: '' }).consolePort, 8480);
  assert.equal(readConfig({ BOOTMEND_CONSOLE_PORT: '0' }).consolePort, 0);
});

test('the public address of the console is whole, plain and not readable by others', () => {
  const placeOf = (url: string) => readConfig({ BOOTMEND_CONSOLE_URL: url }).publicPlace;
  const expected = { origin: 'https://mend.example.org', path: '/bootmend/', isSecure: true };
  assert.deepEqual(placeOf('https://mend.example.org/bootmend/'), expected);
  assert.deepEqual(placeOf('https://MEND.example.org:443/bootmend'), expected);
  assert.equal(placeOf('https://mend.example.org:8443')?.path, '/');
  assert.equal(placeOf('http://127.0.0.1:9000/a/b')?.path, '/a/b/');
  assert.equal(placeOf(''), undefined);
  assert.throws(() => placeOf('http://mend.example.org/'), /an address with https is accepted/);
  const none = [
    'mend.example.org',
    'ftp://a/',
    'https://a/?b',
    'https://a/#b',
    'https://a/"b/',
    'https://a//b',
  ];
  for (const url of none) assert.throws(() => placeOf(url), /no address of a console/, url);
  assert.throws(
    () => placeOf('https://ada:secret@mend.example.org/'),
    (error: Error) => !error.message.includes('secret'),
  );
});

test('proxies are trusted by address or network', () => {
  const proxiesOf = (text: string) => readConfig({ BOOTMEND_TRUSTED_PROXIES: text }).trustedProxies;
  assert.deepEqual(proxiesOf(''), ['127.0.0.1', '::1']);
  assert.deepEqual(proxiesOf('10.1.2.3, 10.1.0.0/16,fd00::/8'), ['10.1.2.3', '10.1.0.0/16', 'fd00::/8']);
  for (const text of ['proxy', '10.1.2.3/33', '10.1.2.3/', '10.1.2.3,,', 'fd00::/129', '1.2.3.4/8/8'])
    assert.throws(() => proxiesOf(text), /BOOTMEND_TRUSTED_PROXIES names/, text);
});
