import { hexOf } from '../../../shared/bytes/hex.ts';
import { utf8Of } from '../../../shared/bytes/utf8.ts';
import { readBitLocker, readProtectorIds, type KeyProtector } from '../../core/bitlocker.ts';
import { exportBootStore } from '../../core/boot-options.ts';
import { joinPath } from '../../core/windows-path.ts';
import type { Host } from '../../host/host.ts';
import { findImagePlace, mega, readRecoveryEnvironment } from '../recovery-environment.ts';
import {
  counted,
  type FieldStep,
  judged,
  notTried,
  onWindows,
  onWindowsAtRest,
  seen,
  withOwnFolder,
} from './field-step.ts';

const protectors: readonly KeyProtector[] = ['RecoveryPassword', 'TPM', 'TPMAndPIN', 'TPMAndStartupKey'];

/** Disks, their locks and their partitions. */
export const volumeSteps: readonly FieldStep[] = [
  {
    step: 'windows-found',
    claim: 'The failing Windows is found, whatever letters there are',
    run: ({ host, windows }) => {
      const volumes = host.machine.listVolumes();
      const found = typeof windows === 'string' ? windows : windows.root;
      return judged(typeof windows !== 'string', `${found}, of ${counted(volumes.length, 'volume')}`, {
        volumes,
        bootEntryNames: host.machine.readBootEntryVolume() ?? 'unread',
        found,
      });
    },
  },
  {
    step: 'locks',
    claim: 'The lock of each volume is read in this language',
    run: async ({ host }) => {
      const locks: Record<string, unknown> = {};
      for (const { root, bitLocker } of host.machine.listVolumes()) {
        const byTool = await readBitLocker(host, root);
        const kinds: Record<string, number> = {};
        for (const kind of protectors) kinds[kind] = (await readProtectorIds(host, root, kind)).length;
        locks[root] = { host: bitLocker, byTool, protectors: kinds, shape: await shapeOfStatus(host, root) };
      }
      const words = Object.entries(locks).map(
        ([root, lock]) => `${root} ${(lock as { byTool: string }).byTool}`,
      );
      return seen(words.join(', ') || 'no volumes', locks);
    },
  },
  {
    step: 'recovery-partition',
    claim: 'The partition of winre.wim and its free space are found',
    run: onWindows((host, { root }) => {
      const known = readRecoveryEnvironment(host, root);
      if (known?.isEnabled !== true) return notTried('WinRE is off, so its partition is not known');
      const place = findImagePlace(host, root);
      const words = place ? `image of ${mega(place.imageBytes)}, ${mega(place.freeBytes)} free` : 'not found';
      return judged(place !== undefined, words, {
        ...place,
        offsetBytes: known.partitionOffsetBytes ?? 'unread',
      });
    }),
  },
  {
    step: 'quarantine',
    claim: 'Files are renamed, linked and taken back on the Windows volume',
    run: onWindows((host, windows) =>
      withOwnFolder(host, windows, folder => {
        const [from, to, name] = ['a', 'b', 'c'].map(one => joinPath(folder, one)) as [
          string,
          string,
          string,
        ];
        host.files.create(from, Uint8Array.of(1, 2, 3));
        host.files.flush(from);
        const before = host.files.find(from);
        host.files.rename(from, to);
        host.files.link(to, name);
        host.files.rename(to, from);
        const after = host.files.find(from);
        const keepsTime =
          before?.kind === 'file' && after?.kind === 'file' && before.writtenAtMs === after.writtenAtMs;
        return judged(keepsTime, keepsTime ? 'with its time' : 'the time of a file changed', { keepsTime });
      }),
    ),
  },
  {
    step: 'case-rename',
    claim: 'A rename changes the case of a name',
    run: onWindows((host, windows) =>
      withOwnFolder(host, windows, folder => {
        host.files.create(joinPath(folder, 'lower'), Uint8Array.of(1));
        host.files.rename(joinPath(folder, 'lower'), joinPath(folder, 'LOWER'));
        const names = (host.files.list(folder) ?? []).map(entry => entry.name);
        return judged(names.length === 1 && names[0] === 'LOWER', names.join(', '));
      }),
    ),
  },
  {
    step: 'boot-store',
    claim: 'The boot store is exported and read',
    run: onWindowsAtRest((host, windows) =>
      withOwnFolder(host, windows, async folder => {
        const store = await exportBootStore(host, windows, folder);
        if (!store) return judged(false, 'it cannot be read');
        const loaders = store.loaders.map(({ windowsPe, safeBoot, bootLog }) => ({
          windowsPe,
          safeBoot,
          bootLog,
        }));
        const hasDefault = store.loaders.some(({ id }) => id.toLowerCase() === store.default?.toLowerCase());
        return judged(hasDefault, counted(loaders.length, 'loader'), {
          loaders,
          hasDefault,
        });
      }),
    ),
  },
  {
    step: 'firmware',
    claim: 'Serial number and SMBIOS id read as in Windows',
    run: ({ host }) => {
      const { serial, smbiosId, model, firmwareVersion, memoryMB } = host.machine.readIdentity();
      // Few enough bits that they name no machine, and two answers of one machine can be compared.
      const check = hexOf(host.sha256(utf8Of(`${serial ?? ''}\n${smbiosId ?? ''}`))).slice(0, 4);
      const has = {
        serial: serial !== undefined,
        smbiosId: smbiosId !== undefined,
        model: model !== undefined,
        firmwareVersion: firmwareVersion !== undefined,
      };
      return seen(`compare ${check} with what Windows says`, {
        ...has,
        memoryMB: memoryMB ?? 'unread',
        check,
      });
    },
  },
  {
    step: 'power',
    claim: 'The charge of a battery is told',
    run: ({ host }) => {
      const { source, percent } = host.machine.readPower();
      return seen(percent === undefined ? source : `${source}, ${percent} %`, {
        source,
        percent: percent ?? 'none',
      });
    },
  },
];

/** Which of the indented lines of manage-bde hold a number or a percentage, which is all that is taken from them. */
async function shapeOfStatus(host: Host, root: string): Promise<readonly string[]> {
  const request = {
    tool: 'manage-bde',
    arguments: ['-status', root.slice(0, 2)],
    timeoutMs: 60_000,
  } as const;
  const result = await host.tools.run(request);
  if (result.kind !== 'ended') return [result.kind];
  return result.output.split(/\r?\n/).flatMap(line => {
    const value = /^\s{4,}[^:]+?\s*:\s*(.*)$/.exec(line)?.[1];
    if (value === undefined) return [];
    return [/%/.test(value) ? 'percentage' : /\d/.test(value) ? 'number' : 'words'];
  });
}
