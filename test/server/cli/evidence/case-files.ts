import { buildCsagentCrash } from '../../../../agent/lab/evidence/csagent-crash.ts';
import { buildDriverFile } from '../../../../agent/lab/evidence/driver-file.ts';
import { buildNtbtlog } from '../../../../agent/lab/evidence/ntbtlog.ts';
import { buildSrtTrail } from '../../../../agent/lab/evidence/srt-trail.ts';
import { buildBootStatus } from '../../../../agent/lab/logs/boot-status.ts';
import { buildDeviceInstallLog } from '../../../../agent/lab/logs/device-install-log.ts';
import { buildEventLog } from '../../../../agent/lab/logs/event-log.ts';
import { buildPendingRenamesLog } from '../../../../agent/lab/logs/pending-renames-log.ts';
import { buildPendingTransaction } from '../../../../agent/lab/logs/pending-transaction.ts';
import { buildCbsLog, buildDismLog } from '../../../../agent/lab/logs/servicing-log.ts';
import { crashEvent, startEvent } from '../../../../agent/lab/logs/system-events.ts';
import { buildHive } from '../../../../agent/lab/registry/hive-builder.ts';
import { buildDirtyHive } from '../../../../agent/lab/registry/log-builder.ts';
import { planSystemHive } from '../../../../agent/lab/registry/windows-hives.ts';

const at = new Date('2024-07-19T04:32:11.123Z');
const csagent = String.raw`\SystemRoot\System32\drivers\CrowdStrike\csagent.sys`;
const states = [
  { computerName: 'ANNAS-PC' },
  { computerName: 'ANNAS-PC', drivers: [{ name: 'badflt', start: 0 }] },
];
const dirtyHive = buildDirtyHive(
  states.map(state => buildHive({ root: planSystemHive(state), fileName: 'SYSTEM' })),
);

/** One file of every kind that is read, under names that do not give them away, with what each is. */
export const caseFiles: Readonly<
  Record<string, { readonly kind: string | null; readonly bytes: Uint8Array }>
> = {
  f01: { kind: 'crash-dump', bytes: buildCsagentCrash({ capturedAt: at }) },
  f02: {
    kind: 'ntbtlog',
    bytes: buildNtbtlog([{ startedAt: at, osBuild: 22_631, loaded: [csagent] }]),
  },
  f03: {
    kind: 'srt-trail',
    bytes: buildSrtTrail(
      [{ windowsDirectory: String.raw`C:\Windows`, tests: [], rootCause: 'Der Treiber ist schuld.' }],
      'en',
    ),
  },
  f04: {
    kind: 'servicing-log',
    bytes: buildCbsLog([
      {
        id: '31033559_4117744417',
        client: 'WindowsUpdateAgent',
        startedAt: at,
        package: 'Package_for_KB5020683~31bf3856ad364e35~amd64~~19041.2304.1.3',
        from: 'Staged',
        to: 'Installed',
        result: { code: '0x800f0922', name: 'CBS_E_INSTALLERS_FAILED' },
      },
    ]),
  },
  f05: { kind: 'servicing-log', bytes: buildDismLog([{ at, commandLine: 'dism /cleanup-image' }]) },
  f06: {
    kind: 'setupapi-log',
    bytes: buildDeviceInstallLog(at, [
      {
        title: 'Setup Import Driver Package',
        exitStatus: 'FAILURE(0x00000005)',
        subject: String.raw`C:\Users\Anna\Downloads\x.inf`,
        at,
        package: {
          inf: 'oem7.inf',
          storeFolder: 'x.inf_amd64_015c006906a48641',
          provider: 'Contoso',
          dateAndVersion: '07/18/2016,5.0.26',
        },
      },
    ]),
  },
  f07: {
    kind: 'system-events',
    bytes: buildEventLog({
      computer: 'ANNAS-PC',
      events: [startEvent(at, 22_631, 3880), crashEvent(at, { code: 0x50, parameters: [1n, 2n, 3n, 4n] })],
    }),
  },
  f08: {
    kind: 'pending-renames-log',
    bytes: buildPendingRenamesLog([
      { at, failures: [{ path: String.raw`C:\Windows\x.dll`, status: '0xc0000034' }], succeeded: 2 },
    ]),
  },
  f09: {
    kind: 'pending-transaction',
    bytes: buildPendingTransaction({
      packages: [{ identity: 'Package_for_KB5020683~31bf3856ad364e35~amd64~~19041.2304.1.3', components: 2 }],
      files: [{ source: 'a', destination: 'b' }],
    }),
  },
  f10: {
    kind: 'boot-status',
    bytes: buildBootStatus({
      wasLastStartGood: false,
      wasLastStopClean: false,
      lastAliveAt: at,
      startNumber: 9,
      lastCleanStopNumber: 8,
    }),
  },
  f11: { kind: 'hive', bytes: dirtyHive.hive },
  'f11.LOG1': { kind: null, bytes: dirtyHive.log1 },
  'f11.LOG2': { kind: null, bytes: dirtyHive.log2 },
  f12: { kind: 'driver', bytes: buildDriverFile({ version: '7.15.18513.0', linkedAt: at }) },
  f20: { kind: null, bytes: Buffer.from('Shopping: milk, bread and 12 eggs.\r\n'.repeat(40)) },
  f21: { kind: null, bytes: Buffer.from('{"kind": "json", "of": ["no", "interest"]}') },
  f22: { kind: null, bytes: Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) & 0xff) },
  f23: { kind: null, bytes: new Uint8Array(0) },
};
