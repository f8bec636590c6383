import type { RegistryExtract } from '../../../shared/registry/registry-extract.ts';

/** What a device tells of a registry that starts a suspected driver. */
export const exampleExtract: RegistryExtract = {
  format: 'registry-extract',
  suspects: ['csagent.sys'],
  system: {
    state: 'clean',
    content: {
      controlSet: 'ControlSet001',
      crashControl: {
        dump: 'automatic',
        dumpFile: '%SystemRoot%\\MEMORY.DMP',
        minidumpFolder: '%SystemRoot%\\Minidump',
        dedicatedDumpFile: null,
        restarts: true,
        pageFiles: ['\\??\\C:\\pagefile.sys'],
      },
      setup: {
        setupInProgress: false,
        outOfBoxInProgress: null,
        upgradeInProgress: null,
        commandLine: null,
        bootExecute: ['autocheck autochk *'],
      },
      bitLocker: { driverStartsAtBoot: true, startedProtected: null },
      hardware: {
        role: 'workstation',
        processor: 'Intel64 Family 6 Model 158 Stepping 13, GenuineIntel',
        disks: ['Contoso NVMe 512GB'],
      },
      pendingRenameCount: 1,
      pendingRenames: [{ from: 'C:\\a.tmp', to: null }],
      filters: [{ className: 'DiskDrive', upper: ['partmgr'], lower: [] }],
      serviceCount: 700,
      services: [
        {
          name: 'CSAgent',
          start: 'system',
          startOverride: null,
          group: 'FSFilter Activity Monitor',
          imagePath: 'system32\\drivers\\CrowdStrike\\csagent.sys',
          errorControl: 'normal',
          writtenAt: '2024-07-09T10:00:00.000Z',
        },
      ],
    },
  },
  software: {
    state: 'recovered',
    content: {
      os: {
        product: 'Windows 11 Pro',
        build: 22631,
        revision: 3880,
        release: '23H2',
        edition: 'Professional',
        installationType: 'Client',
      },
      unfinished: ['RebootPending'],
      updateCount: 1,
      updates: [{ name: 'kb5039895', state: 'installed', installedAt: '2024-07-09T18:14:02.000Z' }],
      securityProducts: [{ name: 'CrowdStrike Falcon Sensor', role: 'antivirus' }],
    },
  },
};
