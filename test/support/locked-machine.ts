import assert from 'node:assert/strict';
import { runEnrol } from '../../agent/core/run-enrol.ts';
import { noTools } from '../../agent/host/no-tools.ts';
import type { Host, HostVolume, HttpRequest, HttpResult } from '../../agent/host/host.ts';
import { MemoryDisk } from '../../agent/host/memory-disk.ts';
import { createMemoryHost, type MemoryHost, type MemoryHostOptions } from '../../agent/host/memory-host.ts';
import { createNodeNetwork } from '../../agent/host/node-network.ts';
import { LabBitLocker } from '../../agent/lab/tools/lab-bitlocker.ts';
import type { RunningServer } from '../../server/start.ts';
import { type ImageSettings, imagePlaces } from '../../shared/winre/agent-settings.ts';

export const keyId = '6A1D4C7F-0A1B-4C2D-8E3F-0123456789AB';
export const recoveryPassword = '449053-184151-534754-258467-573254-497750-679415-606650';

const settings = { waitIntervalMinutes: 30, totalWaitMinutes: 180 };
const organization = 'default';
export const identity = {
  name: 'LOCKED-1',
  serial: 'B5RJ12',
  smbiosId: '4C4C4544-0042-3510-8052-B4C04F4A3132',
};

/** What went over the wire, both ways. */
export interface Exchange {
  readonly path: string;
  readonly body: string;
  readonly answer: string;
}

/** A machine with BitLocker and a rescue stick: its volume C: is locked for whoever comes from outside. */
export class LockedMachine {
  readonly disk: MemoryDisk;
  readonly stick = new MemoryDisk();
  readonly lock = { drive: 'C:', isEncrypted: true, locked: true, keyId: `{${keyId}}`, recoveryPassword };
  readonly bitLocker = new LabBitLocker([this.lock]);
  readonly exchanges: Exchange[] = [];
  /** Runs after each answer, before the machine sees it. */
  afterAnswer: (exchange: Exchange) => Promise<void> | void = () => undefined;
  readonly #state: Record<string, HostVolume['bitLocker']> = { C: 'locked' };
  #seed = 11;

  constructor(disk: MemoryDisk, image: ImageSettings) {
    this.disk = disk;
    const bytes = new Uint8Array(Buffer.from(JSON.stringify(image)));
    this.stick.place(imagePlaces.settings.split('\\'), { bytes });
  }

  /** Starts the rescue stick. */
  start(
    over: Partial<MemoryHostOptions> = {},
    respond?: (request: HttpRequest) => HttpResult | Promise<HttpResult>,
  ): Host & MemoryHost {
    const memory = createMemoryHost({
      disks: { C: this.disk, X: this.stick },
      bitLocker: this.#state,
      bootEntryVolume: 'C:\\',
      identity,
      seed: this.#seed++,
      tools: {
        ...noTools,
        run: async request => {
          const result = await this.bitLocker.tools.run(request);
          this.#state['C'] = this.lock.locked ? 'locked' : 'unlocked';
          return result;
        },
      },
      ...over,
    });
    const network = createNodeNetwork();
    return {
      ...memory,
      network: {
        hasAddress: () => true,
        request: async request => {
          const result = await (respond?.(request) ?? network.request(request));
          const exchange = {
            path: request.path,
            body: Buffer.from(request.body).toString('latin1'),
            answer: result.ok ? Buffer.from(result.body).toString('latin1') : result.failure.code,
          };
          this.exchanges.push(exchange);
          await this.afterAnswer(exchange);
          return result;
        },
      },
    };
  }
}

/** Enrols a machine at a server while it is healthy, then locks it. */
export async function lockedMachineOf(
  server: RunningServer,
  disk: MemoryDisk,
): Promise<{ readonly machine: LockedMachine; readonly deviceId: string }> {
  const [trust] = await server.features.trust.chainSince(organization, 0);
  assert.ok(trust);
  const token = await server.features.tokens.create({
    organizationId: organization,
    actor: 'test',
    label: 'locked',
    kind: 'device',
    uses: 1,
    expiresAt: new Date(Date.now() + 600_000),
  });
  const common = { organization, servers: [server.deviceUrl], pins: [...server.pins], trust, settings };
  const machine = new LockedMachine(disk, { version: 1, purpose: 'rescue', ...common });
  const healthy = machine.start({ bitLocker: {}, environment: 'windows' });
  const enrolled = await runEnrol(healthy, { ...common, token });
  assert.ok(enrolled.kind === 'enrolled', JSON.stringify(enrolled));
  machine.exchanges.length = 0;
  return { machine, deviceId: enrolled.keyId.split('/')[1]! };
}

/** Everything on a disk, as one text to search. */
export const textOfDisk = (disk: MemoryDisk): string =>
  JSON.stringify(disk.snapshot(), (_, value: unknown) =>
    value instanceof Uint8Array
      ? Buffer.from(value).toString('latin1')
      : value instanceof Map
        ? [...value]
        : value,
  );
