import { buildHealthyMachine } from '../../../agent/lab/build-machine.ts';
import { buildDriverFile } from '../../../agent/lab/evidence/driver-file.ts';
import { failingMachine } from '../../../agent/lab/failing-machine.ts';
import { driverFault } from '../../../agent/lab/faults/driver-fault.ts';
import type { LabInstallation } from '../../../agent/lab/install-hives.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import type { LabTree } from '../../../agent/lab/lab-tree.ts';
import type { MachineRecord } from '../../../agent/lab/machine-record.ts';
import { buildBootStore } from '../../../agent/lab/registry/windows-hives.ts';
import { bootStore } from '../../../agent/lab/tools/boot-store.ts';
import { tryBoot } from '../../../agent/lab/try-boot.ts';
import { windows11OfJuly2024 } from '../../../agent/lab/windows-profile.ts';
import { machine as crowdstrike } from '../../catalog/crowdstrike-2024-07-19/machine.ts';
import { machine as senseshield } from '../../catalog/senseshield-sprotect-24h2/machine.ts';

/** A simulated machine of the demo: how it was set up, and what happens to it. */
export interface FleetMachine {
  readonly identity: MachineRecord['identity'];
  readonly lab: LabMachine;
  /** Whether it fails, and what the approval of the demo makes of it. */
  readonly fails: 'no' | 'healed' | 'waits';
  /** `enrolled` alone, the agent in WinRE too, or with the whole path proven by test mode. */
  readonly setUp: 'enrolled' | 'provisioned' | 'tested';
  /** What somebody did to its Windows. */
  readonly misconfigure?: (tree: LabTree) => void;
}

const models = ['Contoso Book 14', 'Contoso Desk 7', 'Contoso Book 13 G3'] as const;

const identityOf = (name: string): MachineRecord['identity'] => {
  const number = name.slice(name.lastIndexOf('-') + 1).padStart(7, '0');
  return {
    name,
    model: models[Number(number) % models.length]!,
    serial: `CB-${number}`,
    smbiosId: `8f1c6f0e-${number.slice(-4)}-4c1d-9a51-2f7b7${number}`,
  };
};

const filter = 'Windows\\System32\\drivers\\cntflt.sys';
const filterInstallation: LabInstallation = {
  drivers: [{ name: 'cntflt', start: 1, group: 'FSFilter Anti-Virus' }],
  securityProducts: ['Contoso Endpoint Filter'],
};
const installFilter = (tree: LabTree) =>
  tree.write(
    filter,
    buildDriverFile({ version: '4.2.0.7', linkedAt: new Date('2024-05-02T10:00:00.000Z') }),
    new Date('2024-05-14T08:30:00.000Z'),
  );

/** What no catalogue knows yet: a vendor’s filter driver that was renewed in the night and stops Windows. */
const unknownFilter = failingMachine({
  id: 'unknown-filter',
  title: 'Took cntflt.sys 4.2.1.0 and stops in it at every start',
  name: 'DESK-2207',
  clockAt: '2024-07-19T05:11:42.000Z',
  installed: filterInstallation,
  fault: driverFault({
    service: 'cntflt',
    file: filter,
    bugcheck: 0x50,
    offset: 0x31a8,
    timeDateStamp: 0x6699f1a8,
    osBuild: windows11OfJuly2024.osBuild,
    isFaulty: version => version === '4.2.1.0',
  }),
  install: installFilter,
  happen: tree =>
    tree.write(
      filter,
      buildDriverFile({ version: '4.2.1.0', linkedAt: new Date('2024-07-18T16:20:08.000Z') }),
      new Date('2024-07-19T05:02:16.000Z'),
    ),
});

/** One that stays well. */
const healthy: LabMachine = {
  id: 'healthy',
  title: 'A healthy machine',
  bad: [],
  good: [],
  build: async (directory, { whileHealthy, identity = identityOf('DESK-1001') } = {}) => {
    const tree = buildHealthyMachine(directory, {
      id: healthy.id,
      title: healthy.title,
      identity,
      clockAt: '2024-07-19T05:30:00.000Z',
      installed: filterInstallation,
    });
    installFilter(tree);
    tryBoot(directory);
    await whileHealthy?.();
  },
};

const recoveryOff = (tree: LabTree) =>
  tree.write(bootStore, buildBootStore({ recoveryEnabled: false }), new Date('2024-03-11T09:00:00.000Z'));

const failing = (name: string, lab: LabMachine, fails: FleetMachine['fails']): FleetMachine => ({
  identity: identityOf(name),
  lab,
  fails,
  setUp: 'provisioned',
});
const well = (
  name: string,
  setUp: FleetMachine['setUp'],
  misconfigure?: FleetMachine['misconfigure'],
): FleetMachine => ({
  identity: identityOf(name),
  lab: healthy,
  fails: 'no',
  setUp,
  ...(misconfigure && { misconfigure }),
});

/** The machines beside the one whose story the demo tells. */
export const fleetMachines: readonly FleetMachine[] = [
  failing('LAPTOP-4702', crowdstrike, 'healed'),
  failing('LAPTOP-4718', crowdstrike, 'healed'),
  failing('CAD-0207', senseshield, 'waits'),
  failing('DESK-2207', unknownFilter, 'waits'),
  failing('DESK-2214', unknownFilter, 'waits'),
  well('DESK-2201', 'tested'),
  well('DESK-2203', 'tested'),
  well('LAPTOP-4705', 'provisioned'),
  well('LAPTOP-4709', 'provisioned', recoveryOff),
  well('KIOSK-0031', 'enrolled'),
  well('KIOSK-0032', 'enrolled', recoveryOff),
];
