/** Places of one kind, from the Windows folder or from the root of its volume on. */
interface LaunchPlaces {
  readonly base: 'windows' | 'drive';
  /** What a person calls what lies there, behind "among". */
  readonly what: string;
  /** Folders with everything in and below them. */
  readonly folders?: readonly string[];
  /** Single names; a wildcard fits any name of its folder. */
  readonly names?: readonly string[];
}

/**
 * Places whose files Windows runs, loads or believes by itself. A script may take files away from there and puts none
 * in: whoever could place one there would run anything as SYSTEM, also with the key of one author alone.
 * Sources: Microsoft Learn on Startup folders, tasks, policies, SetupComplete.cmd and search order; MITRE ATT&CK
 * T1037, T1053, T1546, T1547, T1574.
 */
export const launchPlaces: readonly LaunchPlaces[] = [
  {
    base: 'drive',
    what: 'programs that start with a logon',
    folders: [
      'ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp',
      'Program Files\\Microsoft Office\\root\\Office16\\STARTUP',
      'Program Files\\Microsoft Office\\root\\Office16\\XLSTART',
      'Program Files (x86)\\Microsoft Office\\root\\Office16\\STARTUP',
      'Program Files (x86)\\Microsoft Office\\root\\Office16\\XLSTART',
    ],
  },
  {
    base: 'windows',
    what: 'scheduled tasks',
    folders: ['Tasks', 'System32\\Tasks', 'System32\\Tasks_Migrated', 'SysWOW64\\Tasks'],
  },
  {
    base: 'windows',
    what: 'policies and their scripts',
    folders: [
      'System32\\GroupPolicy', 'System32\\GroupPolicyUsers', 'SysWOW64\\GroupPolicy', 'SysWOW64\\GroupPolicyUsers',
      'System32\\AppLocker',
    ],
  },
  {
    base: 'drive',
    what: 'policies and their scripts',
    folders: ['ProgramData\\Microsoft\\GroupPolicy', 'ProgramData\\Microsoft\\Group Policy'],
  },
  {
    base: 'windows',
    what: 'files that setup runs',
    folders: ['Setup\\Scripts', 'Panther', 'Provisioning', 'System32\\Sysprep', 'System32\\oobe'],
  },
  {
    base: 'drive',
    what: 'files that setup runs',
    folders: ['ProgramData\\Microsoft\\Provisioning'],
    names: ['unattend.xml', 'autounattend.xml'],
  },
  {
    base: 'windows',
    what: 'libraries and scripts that services load',
    folders: [
      'System32\\wbem', 'SysWOW64\\wbem', 'System32\\spool', 'System32\\WindowsPowerShell',
      'SysWOW64\\WindowsPowerShell', 'System32\\inetsrv', 'Microsoft.NET', 'assembly',
    ],
    // Services look for these, and no Windows has them: whoever brings one is run by the service.
    names: [
      'System32\\wlbsctrl.dll', 'System32\\TSMSISrv.dll', 'System32\\TSVIPSrv.dll', 'System32\\WptsExtensions.dll',
      'System32\\oci.dll', 'System32\\ualapi.dll', 'System32\\wow64log.dll', 'System32\\SprintCSP.dll',
      'System32\\cdpsgshims.dll', 'System32\\edgegdi.dll', 'System32\\phoneinfo.dll', 'linkinfo.dll',
    ],
  },
  {
    base: 'drive',
    what: 'libraries and scripts that services load',
    folders: ['Program Files\\WindowsPowerShell', 'Program Files (x86)\\WindowsPowerShell', 'Program Files\\WindowsApps'],
  },
  {
    base: 'windows',
    what: 'programs that the sign-in screen starts',
    names: ['sethc', 'utilman', 'osk', 'magnify', 'narrator', 'displayswitch', 'atbroker', 'EaseOfAccessDialog'].map(
      name => `System32\\${name}.exe`,
    ),
  },
  {
    base: 'drive',
    what: 'programs that a path without quotes would start',
    names: ['', 'Program Files\\', 'Program Files (x86)\\'].flatMap(folder =>
      ['exe', 'com', 'bat', 'cmd'].map(ending => `${folder}*.${ending}`),
    ),
  },
  {
    base: 'windows',
    what: 'packages of drivers',
    folders: ['System32\\DriverStore', 'INF'],
  },
  {
    base: 'windows',
    what: 'logs and addresses that Windows believes',
    folders: ['System32\\winevt', 'System32\\drivers\\etc'],
  },
]; // prettier-ignore
