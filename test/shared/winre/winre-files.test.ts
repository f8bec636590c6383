import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfHex } from '../../../shared/bytes/hex.ts';
import { imagePlaces, parseImageSettings, waitSettings } from '../../../shared/winre/agent-settings.ts';
import { enforcesOnPrograms, readPolicyOptions } from '../../../shared/winre/code-integrity-policy.ts';
import { readLaunchFile, recoveryMenu, writeLaunchFile } from '../../../shared/winre/launch-file.ts';
import { readRecoveryAgentConfiguration } from '../../../shared/winre/recovery-agent-configuration.ts';
import { writeWlanProfile } from '../../../shared/winre/wlan-profile.ts';

test('winpeshl.ini starts the agent first and then the recovery menu', () => {
  const agent = { path: `X:\\${imagePlaces.agent}`, arguments: 'recover' };
  const text = writeLaunchFile([agent, recoveryMenu]);
  assert.equal(
    text,
    '[LaunchApps]\r\nX:\\Sources\\Recovery\\Tools\\Bootmend\\bootmend.exe, recover\r\nX:\\sources\\recovery\\recenv.exe\r\n',
  );
  assert.deepEqual(readLaunchFile(text), [agent, recoveryMenu]);
});

test('the launch file of stock WinRE is read', () => {
  const stock = '\ufeff[LaunchApp]\r\nAppPath=X:\\sources\\recovery\\recenv.exe\r\n';
  assert.deepEqual(readLaunchFile(stock), [recoveryMenu]);
  assert.deepEqual(readLaunchFile('; nothing\r\n'), []);
  assert.deepEqual(readLaunchFile('[LaunchApps]\r\n"X:\\a, b\\c.exe", -x, 1\r\n'), [
    { path: 'X:\\a, b\\c.exe', arguments: '-x, 1' },
  ]);
});

test('a command that winpeshl would cut off is refused', () => {
  assert.throws(() => writeLaunchFile([{ path: `X:\\${'a'.repeat(250)}` }]), RangeError);
});

const reAgent = (operation: string, parameter = '') => `<?xml version='1.0' encoding='utf-8'?>
<WindowsRE version="2.0">
  <WinreBCD id="{a5a30fa2-3d06-4e9f-b5f4-a01df9d1fcba}"/>
  <WinreLocation path="\\Recovery\\WindowsRE" id="0" offset="1048576" guid="{00000000-0000-0000-0000-000000000000}"/>
  <InstallState state="1"/>
  <OperationParam path="${parameter}"/>
  <ScheduledOperation state="${operation}"/>
</WindowsRE>`;

test('ReAgent.xml tells where WinRE is, and whether something else was scheduled', () => {
  assert.deepEqual(readRecoveryAgentConfiguration(reAgent('4')), {
    isEnabled: true,
    imagePath: '\\Recovery\\WindowsRE',
    partitionOffsetBytes: '1048576',
    scheduledOperation: 4,
    hasScheduledOperation: false,
  });
  assert.equal(readRecoveryAgentConfiguration(reAgent('5'))?.hasScheduledOperation, false);
  assert.equal(readRecoveryAgentConfiguration(reAgent('1'))?.hasScheduledOperation, true);
  assert.equal(readRecoveryAgentConfiguration(reAgent('4', '\\x'))?.hasScheduledOperation, true);
  assert.equal(readRecoveryAgentConfiguration('<Other/>'), undefined);
  assert.equal(readRecoveryAgentConfiguration(reAgent('4').slice(0, 200)), undefined);
});

test('a Wi-Fi profile names one kind of security and escapes what would break it', () => {
  const profile = writeWlanProfile({ ssid: 'A<b>&"', password: `it's <secret>` }, 'WPA3SAE');
  assert.ok(profile.includes('<authentication>WPA3SAE</authentication>'));
  assert.ok(profile.includes('<hex>413C623E2622</hex>'));
  assert.ok(profile.includes('<keyMaterial>it&apos;s &lt;secret&gt;</keyMaterial>'));
  assert.ok(writeWlanProfile({ ssid: 'a', password: 'ab'.repeat(32) }, 'WPA2PSK').includes('networkKey'));
});

test('Bootmend’s own document refuses an interval above the total and a server without https, and a proxy with a password', () => {
  assert.equal(waitSettings.safeParse({ waitIntervalMinutes: 31, totalWaitMinutes: 30 }).success, false);
  const image = {
    version: 1,
    purpose: 'recovery',
    organization: 'contoso',
    servers: ['https://rescue.contoso.example:8443', 'https://10.0.0.5:8443', 'https://[fd00::5]:8443'],
    pins: ['c0'.repeat(32)],
    settings: { waitIntervalMinutes: 30, totalWaitMinutes: 180 },
    trust: { payloadType: 'x', payload: '', signatures: [] },
  };
  const parsed = parseImageSettings({ ...image, servers: ['http://10.0.0.5'] });
  assert.ok(!parsed.ok && parsed.problem.path === 'servers.0');
  for (const proxy of ['proxy.contoso.example:3128', '10.0.0.7:8080', '[fd00::7]:65535'])
    assert.ok(parseImageSettings({ ...image, proxy }).ok, proxy);
  for (const proxy of [
    'proxy',
    'http://proxy:3128',
    'ada:hunter2@proxy:3128',
    'proxy:0',
    'proxy:65536',
    'a b:1',
  ]) {
    const refused = parseImageSettings({ ...image, proxy });
    assert.ok(!refused.ok && refused.problem.path === 'proxy', proxy);
    assert.ok(!refused.problem.message.includes('hunter2'));
  }
  const long = parseImageSettings({ ...image, wifi: [{ ssid: 'x', password: 'hunter2' }] });
  assert.ok(!long.ok && !long.problem.message.includes('hunter2'));
});

test('the options of a code integrity policy are read, signed or not, and nothing else is taken for one', () => {
  // The first bytes of a policy signed by `openssl cms -sign -nodetach -econtent_type 1.3.6.1.4.1.311.79.1`.
  const signed = bytesOfHex(
    '3082113f06092a864886f70d010702a08211303082112c020103310d300b060960864801650304020130820bcb06092b0601040182374f01' +
      'a0820bbc04820bb8080000000e3744a2c944064cb551f6016e5630760000000000000000000000000000000004040000',
  )!;
  assert.equal(readPolicyOptions(signed), 0x404);
  assert.equal(readPolicyOptions(signed.subarray(64)), 0x404);
  for (let lengthBytes = 0; lengthBytes < signed.length; lengthBytes++)
    assert.equal(readPolicyOptions(signed.subarray(0, lengthBytes)), undefined);
  assert.equal(readPolicyOptions(Buffer.from('MZ'.padEnd(64))), undefined);
  const decides = [0x404, 0x80, 0x10004, 0x20000004].map(enforcesOnPrograms);
  assert.deepEqual(
    decides,
    [true, false, false, false],
    'drivers alone, audit, and what a switch turns on do not',
  );
});
