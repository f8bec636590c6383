import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  recoveryKeyToKeep,
  refuseRecoveryKey,
  releaseRecoveryKey,
  type RecoveryKeyToKeep,
} from '../../shared/api/recovery-key.ts';
import { parseWith } from '../../shared/wire/primitives.ts';
import { type Installation, withInstallation } from './installation.ts';
import { alignColumns, failWith, timeOf, wrongUsage } from './terminal.ts';

const columns = ['key-id', 'recovery-password', 'device', 'volume'] as const;

/** `bootmend recovery-key …`: BitLocker recovery passwords that the server keeps. None is ever printed. */
export async function runRecoveryKey(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      account: text,
      code: text,
      'one-time-code': text,
      reason: text,
    },
  });
  const [verb, subject, ...more] = positionals;
  if (more.length > 0 || values.help) return wrongUsage('recovery-key');
  const { account, json } = values;
  switch (verb) {
    case 'import':
      return subject === undefined ? wrongUsage('recovery-key') : importKeys(subject);
    case 'list':
      return subject === undefined
        ? withInstallation(one => listKeys(one, json))
        : wrongUsage('recovery-key');
    case 'requests':
      return subject === undefined
        ? withInstallation(one => listRequests(one, json))
        : wrongUsage('recovery-key');
    case 'release': {
      const { code, reason, 'one-time-code': oneTimeCode } = values;
      const decision = parseWith(releaseRecoveryKey, { code: code?.toUpperCase(), reason, oneTimeCode });
      if (subject === undefined || account === undefined || !decision.ok) return wrongUsage('recovery-key');
      return decide(
        ({ config, features }) =>
          features.keyRelease.release(config.organizationId, subject, account, decision.value),
        'Released. The machine fetches it now; make a new recovery key for this volume soon.',
      );
    }
    case 'refuse': {
      const decision = parseWith(refuseRecoveryKey, { reason: values.reason });
      if (subject === undefined || account === undefined || !decision.ok) return wrongUsage('recovery-key');
      return decide(
        ({ config, features }) =>
          features.keyRelease.refuse(config.organizationId, subject, `account:${account}`, decision.value),
        'Refused. The machine shows its recovery menu.',
      );
    }
    case undefined:
    default:
      return wrongUsage('recovery-key');
  }
}

async function importKeys(file: string): Promise<number> {
  const table = readTable(readFileSync(file, 'utf8'));
  if (!table) return failWith('not-a-table', `The first line of ${file} must name ${columns.join(', ')}.`);
  return withInstallation(async ({ config, features }) => {
    let kept = 0;
    let refused = 0;
    for (let at = 0; at < table.length; at += 500) {
      const rows = table.slice(at, at + 500);
      const keys = rows.map(({ key }) => key);
      const result = await features.recoveryKeys.keep(config.organizationId, keys, 'command-line');
      kept += result.kept;
      refused += result.problems.length;
      for (const { index, code, message } of result.problems)
        console.error(`${file}:${rows[index]!.line}: ${code}: ${message}`);
    }
    console.log(`${kept} recovery keys are kept, ${refused} are not.`);
    if (kept > 0) console.error(`Delete ${file} now: whoever reads it can unlock these disks.`);
    return refused === 0 && kept > 0 ? 0 : 1;
  });
}

/** The rows of a table with its columns in any order; undefined when a column lacks. Values hold no commas. */
function readTable(
  content: string,
): { readonly line: number; readonly key: RecoveryKeyToKeep }[] | undefined {
  const [head = '', ...lines] = content.replace(/^\ufeff/, '').split(/\r?\n/);
  const cells = (line: string) => line.split(/[,;\t]/).map(cell => cell.trim().replaceAll(/^"|"$/g, ''));
  const names = cells(head).map(name => name.toLowerCase());
  const [keyId, password, device, volume] = columns.map(name => names.indexOf(name)) as [
    number,
    number,
    number,
    number,
  ];
  if (keyId < 0 || password < 0 || device < 0) return undefined;
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const row = cells(line);
    const told = {
      keyId: row[keyId] ?? '',
      recoveryPassword: row[password] ?? '',
      device: row[device] ?? '',
      ...((row[volume] ?? '') !== '' && { volume: row[volume] }),
    };
    // What is too long for a field is refused by name, with its line, like everything else that does not fit.
    const key = recoveryKeyToKeep.safeParse(told);
    const none = { keyId: '', recoveryPassword: '', device: '' };
    return [{ line: index + 2, key: key.success ? key.data : none }];
  });
}

async function listKeys({ config, features }: Installation, json: boolean): Promise<number> {
  const list = await features.recoveryKeys.list(config.organizationId);
  if (json) {
    console.log(JSON.stringify(list));
    return 0;
  }
  const rows = list.keys.map(({ state, deviceName, volume, keyId, importedAt }) => [
    state,
    deviceName,
    volume,
    keyId,
    timeOf(importedAt),
  ]);
  console.log(alignColumns([['state', 'machine', 'volume', 'key id', 'kept since'], ...rows]).join('\n'));
  return 0;
}

async function listRequests({ config, features }: Installation, json: boolean): Promise<number> {
  const list = await features.keyRelease.list(config.organizationId);
  if (json) {
    console.log(JSON.stringify(list));
    return 0;
  }
  const rows = list.requests.map(
    ({ requestId, state, deviceName, deviceState, sameMachine, told, askedAt }) => [
      requestId,
      state,
      `${deviceName} (${deviceState})`,
      told.name,
      sameMachine,
      timeOf(askedAt),
    ],
  );
  const head = ['request', 'state', 'key of machine', 'tells to be', 'same firmware', 'asked at'];
  console.log(alignColumns([head, ...rows]).join('\n'));
  return 0;
}

async function decide(work: (installation: Installation) => Promise<void>, done: string): Promise<number> {
  return withInstallation(async installation => {
    await work(installation);
    console.log(done);
    return 0;
  });
}
