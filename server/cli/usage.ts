/** How every command is called, a line for each way, without the program's name. */
export const usageOf = {
  read: ['read PATH... [--json] [--redact]'],
  dump: ['dump PATH... [--json] [--redact]'],
  bootlog: ['bootlog PATH... [--json] [--redact]'],
  hive: ['hive PATH... [--json] [--redact]', 'hive FILE --key PATH [--json] [--redact]'],
  check: ['check FILE.mend [--json]'],
  explain: ['explain FILE.mend [--json]'],
  fmt: ['fmt FILE.mend [--write] [--json]'],
  simulate: ['simulate FILE.mend (--volume DIR | --facts FILE | --incident ID) [--json]'],
  translate: [
    String.raw`translate 'del C:\…' [--json]`,
    'translate --from FILE [--json]',
    'translate - [--json]                  what comes on standard input',
  ],
  template: ['template list [--json]', 'template ID [--set NAME=VALUE …] [--json]'],
  match: ['match --facts FILE [--rules DIR] [--json]'],
  issue: [
    'issue check DIR [--json]                        one known issue, or a folder of them',
    'issue new ID --to DIR [--incident ID]           a folder to begin with, or drafted from an incident',
    'issue import DIR                                bring them to the server as drafts',
    'issue import FILE --key KEY.pub.json [--older]  the same from a signed file',
    'issue export --to DIR [ID …]                    those in force as folders, for Git',
    'issue export --bundle FILE --key FILE [ID …]    the same in one signed file, for a place without a network',
    'issue pages DIR --to DIR                        a table and a page for each, for people who read',
  ],
  backtest: ['backtest ISSUE [--facts FILE] [--healthy FILE] [--json]'],
  key: ['key new FILE --owner NAME [--json]'],
  trust: ['trust draft PAPER --approver KEY.pub.json [--approver …] [--threshold N]', 'trust publish PAPER'],
  review: ['review REMEDIATION --to PAPER [--days 1…366]'],
  sign: ['sign PAPER --key FILE [--yes]'],
  approve: ['approve PAPER'],
  token: [
    'token new --bundle FILE --server https://HOST:PORT [--server …] [--uses N] [--days 1…366] [--image]',
    '          [--help-desk TEXT] [--proxy HOST:PORT] [--allow-program PATH=SHA256 …]',
  ],
  user: ['user add [--role ROLE]', 'user second-factor NAME'],
  'agent-release': [
    'agent-release draft BOOTMEND.exe --to PAPER',
    'agent-release publish PAPER --exe BOOTMEND.exe [--percent N]',
    'agent-release list [--json]',
    'agent-release offer NUMBER --percent N',
    'agent-release halt NUMBER --reason TEXT',
    'agent-release resume NUMBER',
  ],
  'recovery-key': [
    'recovery-key import FILE.csv            columns key-id,recovery-password,device[,volume]',
    'recovery-key list [--json]',
    'recovery-key requests [--json]',
    'recovery-key release REQUEST --account NAME --code XXXX-XXXX --one-time-code 123456 --reason TEXT',
    'recovery-key refuse REQUEST --account NAME --reason TEXT',
  ],
  undo: [
    'undo ask INCIDENT ATTEMPT --reason TEXT',
    'undo withdraw INCIDENT ATTEMPT',
    'undo list INCIDENT [--json]',
  ],
  devices: ['devices [--json]'],
  doctor: ['doctor [--json]'],
  bundle: ['bundle --to FILE [--days 1…90]'],
  image: [
    'image add WIM (--bundle FILE | --server https://HOST:PORT [--server …] [--token TOKEN]) [--rescue]',
    '          [--wifi SETTINGS.xml] [--offline BUNDLE] [--agent bootmend.exe] [--index N] [--help-desk TEXT]',
    '          [--proxy HOST:PORT] [--allow-program PATH=SHA256 …] [--json]',
    'image inspect WIM [--index N] [--json]',
  ],
  lab: ['lab list [--json]', 'lab make ID --to DIR'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CommandName = keyof typeof usageOf;

export const commandNames = Object.keys(usageOf) as CommandName[];

/** How a command is called, as it stands below a wrong call and in its help; a line that begins with blanks goes on. */
export function sayUsage(name: CommandName): string {
  const lines = usageOf[name].map(line => (line.startsWith(' ') ? `         ${line}` : `bootmend ${line}`));
  return `Usage: ${lines.join('\n       ')}\n`;
}

/** Every option that a command knows, as `--json`. */
export const optionsOf = (name: CommandName): string[] => [
  ...new Set(usageOf[name].join(' ').match(/--[a-z][a-z-]*/g) ?? []),
];
