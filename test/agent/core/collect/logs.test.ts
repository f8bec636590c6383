import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvidence } from '../../../../agent/core/collect/collect-evidence.ts';
import { collectLogs } from '../../../../agent/core/collect/logs.ts';
import { HostError } from '../../../../agent/host/host.ts';
import { buildCbsLog } from '../../../../agent/lab/logs/servicing-log.ts';
import { buildDeviceInstallLog } from '../../../../agent/lab/logs/device-install-log.ts';
import { buildEventLog } from '../../../../agent/lab/logs/event-log.ts';
import { buildPendingRenamesLog } from '../../../../agent/lab/logs/pending-renames-log.ts';
import { buildPendingTransaction } from '../../../../agent/lab/logs/pending-transaction.ts';
import { startEvent, updateEvent } from '../../../../agent/lab/logs/system-events.ts';
import { machine } from '../../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { MemoryDisk } from '../../../../agent/host/memory-disk.ts';
import { readEvidence } from '../../../../shared/evidence/read-evidence.ts';
import { parseFacts } from '../../../../shared/facts/parse-facts.ts';
import { diskOf, foundOn } from '../../support/windows-disk.ts';
import { buildBroken } from '../../support/world.ts';

const at = (minute: number) => new Date(Date.UTC(2024, 6, 19, 4, 0) + minute * 60_000);
const package_ = 'Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.10';
const failure = { code: '0x800f0922', name: 'CBS_E_INSTALLERS_FAILED' };
const sessions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `${index}_1`,
    client: 'WindowsUpdateAgent',
    startedAt: at(index),
    package: package_,
    from: 'Staged',
    to: 'Installed',
    result: failure,
  }));
const installs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    title: 'Device Install (Hardware initiated)',
    subject: `PCI\\VEN_${index}`,
    at: at(index),
    package: {
      inf: `oem${index}.inf`,
      storeFolder: `driver${index}.inf_amd64_0123456789abcdef`,
      provider: 'Contoso',
      dateAndVersion: `07/18/2024,1.0.0.${index}`,
    },
  }));

/** A Windows whose logs are all longer than the agent takes. */
const longLogs = {
  'Windows\\Logs\\CBS\\CBS.log': buildCbsLog(sessions(900)),
  'Windows\\INF\\setupapi.dev.log': buildDeviceInstallLog(at(0), installs(1500)),
  'Windows\\PFRO.log': buildPendingRenamesLog(
    Array.from({ length: 900 }, (_, index) => ({
      at: at(index),
      failures: [{ path: `C:\\file-${index}.dll`, status: '0xc0000034' }],
      succeeded: index,
    })),
  ),
  'Windows\\WinSxS\\pending.xml': buildPendingTransaction({
    packages: [{ identity: package_, components: 900 }],
    files: [{ source: 'a', destination: 'b' }],
  }),
  'Windows\\System32\\winevt\\Logs\\System.evtx': buildEventLog({
    computer: 'LAB-7',
    eventsPerChunk: 2,
    hasWrapped: true,
    events: Array.from({ length: 41 }, (_, index) =>
      index % 2 === 0
        ? startEvent(at(index), 22631, index)
        : updateEvent(at(index), 'installed', `KB50${index}0000`),
    ),
  }),
};

function logsOf(files: Readonly<Record<string, Uint8Array>>) {
  const { host, windows } = foundOn({ C: diskOf(files) });
  return new Map(collectLogs(host, windows, undefined).map(log => [log.piece.name, log]));
}

test('of long logs the newest part is taken, as whole lines, and its name says so', () => {
  const logs = logsOf(longLogs);
  assert.deepEqual(
    [...logs].map(([name, { piece }]) => [name, piece.kind, piece.bytes.length <= 552 * 1024]),
    [
      ['pending (beginning).xml', 'pending-transaction', true],
      ['CBS (newest part).log', 'servicing-log', true],
      ['setupapi.dev (newest part).log', 'device-install-log', true],
      ['PFRO (newest part).log', 'pending-renames-log', true],
      ['System (newest part).evtx', 'event-log', true],
    ],
  );
  const textOf = (name: string, encoding: BufferEncoding) =>
    Buffer.from(logs.get(name)!.piece.bytes).toString(encoding);
  assert.match(textOf('CBS (newest part).log', 'utf8'), /^2024-07-|^ {4}with flags/);
  assert.match(textOf('PFRO (newest part).log', 'utf16le'), /^(\d+\/\d+\/2024 |\r\n)/);
  for (const [name, { piece }] of logs) assert.ok(readEvidence(piece.kind, piece.bytes).ok, name);
});

test('facts are told from the newest part', () => {
  const facts = Object.assign({}, ...[...logsOf(longLogs).values()].map(log => log.facts)) as object;
  assert.deepEqual(parseFacts({ ...facts }).dropped, []);
  assert.deepEqual(facts, {
    'servicing.pending': true,
    'servicing.pendingPackage': package_,
    'servicing.rootError': '0x800f0922',
    'servicing.rootErrorAtLocal': at(899).toISOString().slice(0, 19),
    'driverInstall.last': 'driver1499.inf',
    'driverInstall.lastVersion': '1.0.0.1499',
    'driverInstall.lastAtLocal': at(1499).toISOString().slice(0, 23),
    'boot.failedRenames': 1,
    'eventlog.lastAt': at(40).toISOString(),
    'eventlog.installedUpdate': 'KB50390000',
    'eventlog.installedUpdateAt': at(39).toISOString(),
  });
});

test('a disk that fails in a log leaves that log out, and nothing else', () => {
  const { host, windows } = foundOn(
    { C: diskOf(longLogs) },
    {
      beforeCall: ({ name, subject }) => {
        if (name === 'files.read' && /CBS\.log|System\.evtx/.test(subject))
          throw new HostError({ kind: 'permanent', code: 'input-output', message: 'bad sector' });
      },
    },
  );
  const names = collectLogs(host, windows, undefined).map(log => log.piece.name);
  assert.deepEqual(names, [
    'pending (beginning).xml',
    'setupapi.dev (newest part).log',
    'PFRO (newest part).log',
  ]);
});

test('nothing is read but dumps, drivers, two hives and the logs that are named here', async () => {
  const { disk, lastFailedAtMs } = await buildBroken(machine);
  const { host, windows } = foundOn({ C: new MemoryDisk(disk) });
  const reason = { kind: 'failed-boot', failedStarts: 2, lastFailedAtMs } as const;
  collectEvidence(host, windows, reason, 'LAPTOP-4711');
  const read = host.calls.filter(call => call.name === 'files.read' || call.name === 'files.hash');
  const paths = [...new Set(read.map(call => /^C:\\[^ ]*/.exec(call.subject)![0].toLowerCase()))];
  const config = paths
    .filter(path => path.includes('\\config\\'))
    .map(path => path.slice(path.lastIndexOf('\\') + 1));
  assert.deepEqual(
    config.filter(name => !/^(system|software)(\.log[12])?$/.test(name)),
    [],
  );
  const allowed = [
    /^c:\\pagefile\.sys$/,
    /^c:\\windows\\system32\\(ntoskrnl\.exe|drivers\\.*|config\\.*)$/,
    /^c:\\windows\\(ntbtlog\.txt|bootstat\.dat|pfro\.log|inf\\setupapi\.dev\.log)$/,
    /^c:\\windows\\logs\\(cbs\\cbs\.log|dism\\dism\.log)$/,
    /^c:\\windows\\system32\\(logfiles\\srt\\srttrail\.txt|winevt\\logs\\system\.evtx)$/,
  ];
  assert.deepEqual(
    paths.filter(path => !allowed.some(one => one.test(path))),
    [],
  );
});
