import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { runEnrol } from '../../../agent/core/run-enrol.ts';
import { type Judgement, judge, readDrive } from '../../../agent/lab/judge.ts';
import { createLabHost } from '../../../agent/lab/lab-host.ts';
import { readMachine, systemFolder } from '../../../agent/lab/machine-record.ts';
import type { Manifest } from '../../../agent/lab/manifest.ts';
import { machine } from '../../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { prepareHouse } from '../../../server/cli/demo/prepare-house.ts';
import type { RunningServer } from '../../../server/start.ts';
import { parseProvisioningBundle, type ProvisioningBundle } from '../../../shared/winre/agent-settings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const silent = { screen: { show: () => undefined }, log: { write: () => undefined } };
const day = 86_400_000;

/** Machines of 19 July 2024, one like the other but each with a key of its own: built once, then copied. */
export class BrokenMachines {
  readonly #server: RunningServer;
  readonly #folder: string;
  readonly #bundle: ProvisioningBundle;
  #count = 0;

  private constructor(server: RunningServer, folder: string, bundle: ProvisioningBundle) {
    this.#server = server;
    this.#folder = folder;
    this.#bundle = bundle;
  }

  static async build(server: RunningServer): Promise<BrokenMachines> {
    const folder = temporaryFolder();
    const { bundleFile } = await prepareHouse(server, folder, machine.id);
    await machine.build(path.join(folder, 'template'));
    const bundle = parseProvisioningBundle(JSON.parse(fs.readFileSync(bundleFile, 'utf8')));
    assert.ok(bundle.ok);
    return new BrokenMachines(server, folder, bundle.value);
  }

  /** A machine that never asked for help yet; `address` is where it looks for its server, `called` its name. */
  async take(address = this.#server.deviceUrl, called?: string): Promise<BrokenMachine> {
    const directory = path.join(this.#folder, String(++this.#count));
    fs.cpSync(path.join(this.#folder, 'template'), directory, { recursive: true, preserveTimestamps: true });
    const token = await this.#server.features.tokens.create({
      organizationId: 'default',
      actor: 'test',
      label: `machine ${this.#count}`,
      kind: 'device',
      uses: 1,
      expiresAt: new Date(Date.now() + day),
    });
    const host = createLabHost(directory, silent);
    // It was enrolled while it was healthy; nothing else of that time matters here. Its firmware told nothing then: in
    // Wine another one speaks, and the server would take that for a copy of the disk.
    const name = called ?? host.machine.readIdentity().name;
    const healthy = {
      ...host,
      machine: { ...host.machine, readEnvironment: () => 'windows' as const, readIdentity: () => ({ name }) },
    };
    const enrolled = await runEnrol(healthy, { ...this.#bundle, token });
    host.close();
    assert.equal(enrolled.kind, 'enrolled', JSON.stringify(enrolled));
    const broken = new BrokenMachine(directory);
    broken.pointTo(address);
    return broken;
  }
}

export class BrokenMachine {
  readonly directory: string;
  /** Its Windows drive as a folder. */
  readonly drive: string;
  readonly #before: Manifest;

  constructor(directory: string) {
    this.directory = directory;
    this.drive = systemFolder(directory, readMachine(directory));
    this.#before = readDrive(directory);
  }

  pointTo(address: string): void {
    const file = path.join(this.drive, 'ProgramData/Bootmend/device.json');
    const device = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
    fs.writeFileSync(file, JSON.stringify({ ...device, servers: [address] }));
  }

  judge(): Judgement {
    return judge(this.directory, machine, this.#before);
  }

  /** Nothing of it is different but what the agent keeps in its own folder. */
  isUntouched(): boolean {
    const { deleted, changed, added } = this.judge();
    return deleted.length + changed.length + added.length === 0;
  }
}
