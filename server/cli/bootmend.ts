// `npm run -s bootmend -- COMMAND …`: the admin's command line. Each command is a file beside this one.
interface Command {
  readonly usage: string;
  readonly summary: string;
  /** Loads the command and runs it; the result is the exit code. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  read: {
    usage: 'read PATH... [--json] [--redact]',
    summary: 'everything a failed start left behind: what happened, who is suspected, what to try',
    run: async argv => (await import('./read.ts')).runRead([...argv]),
  },
  dump: {
    usage: 'dump PATH... [--json] [--redact]',
    summary: 'what crash dumps say, culprit first; a path is a file, a folder or a ZIP',
    run: async argv => (await import('./dump.ts')).runDump([...argv]),
  },
  bootlog: {
    usage: 'bootlog PATH... [--json] [--redact]',
    summary: 'what the logs of a failed start say',
    run: async argv => (await import('./bootlog.ts')).runBootlog([...argv]),
  },
  hive: {
    usage: 'hive PATH... [--key PATH] [--json] [--redact]',
    summary: 'what registry hives say, with the logs beside them',
    run: async argv => (await import('./hive.ts')).runHive([...argv]),
  },
  check: {
    usage: 'check FILE.mend [--json]',
    summary: 'every mistake in a remediation script, with its place and what would be accepted',
    run: async argv => (await import('./check.ts')).runCheck([...argv]),
  },
  explain: {
    usage: 'explain FILE.mend [--json]',
    summary: 'what a script will do, in plain sentences',
    run: async argv => (await import('./explain.ts')).runExplain([...argv]),
  },
  fmt: {
    usage: 'fmt FILE.mend [--write]',
    summary: 'the script in its one layout',
    run: async argv => (await import('./fmt.ts')).runFmt([...argv]),
  },
  simulate: {
    usage: 'simulate FILE.mend (--volume DIR | --facts FILE | --incident ID) [--json]',
    summary: 'what a script would do to a Windows in a folder or to a recorded machine; changes nothing',
    run: async argv => (await import('./simulate.ts')).runSimulate(argv),
  },
  translate: {
    usage: "translate 'del C:\\…' | --from FILE | - [--json]",
    summary: 'pasted commands or the steps of an article as a script, with what should be added',
    run: async argv => (await import('./translate.ts')).runTranslate(argv),
  },
  template: {
    usage: 'template list [--json] | template ID [--set NAME=VALUE …]',
    summary: 'scripts for usual jobs, with the places an author fills',
    run: async argv => (await import('./template.ts')).runTemplate(argv),
  },
  match: {
    usage: 'match --facts FILE [--rules DIR] [--json]',
    summary: 'which known issues the facts of a machine match, and why',
    run: async argv => (await import('./match.ts')).runMatch([...argv]),
  },
  issue: {
    usage: 'issue check DIR | issue new ID | issue import DIR | issue export',
    summary: 'known issues as folders: check, begin, bring in as drafts, take out; --help says more',
    run: async argv => (await import('./issue.ts')).runIssue(argv),
  },
  backtest: {
    usage: 'backtest ISSUE [--facts FILE] [--healthy FILE] [--json]',
    summary: 'what a known issue would have come to on stored incidents, or on a file of facts',
    run: async argv => (await import('./backtest.ts')).runBackTest(argv),
  },
  key: {
    usage: 'key new FILE --owner NAME',
    summary: 'a new approver key, sealed with a passphrase',
    run: async argv => (await import('./key.ts')).runKey([...argv]),
  },
  trust: {
    usage: 'trust draft PAPER --approver KEY.pub.json | trust publish PAPER',
    summary: 'tell devices whose signatures to believe',
    run: async argv => (await import('./trust.ts')).runTrust([...argv]),
  },
  review: {
    usage: 'review REMEDIATION --to PAPER [--days N]',
    summary: 'a script for approvers to read and sign on their own machines',
    run: async argv => (await import('./review.ts')).runReview([...argv]),
  },
  sign: {
    usage: 'sign PAPER --key FILE',
    summary: 'read what a paper says and sign exactly these bytes; needs no server',
    run: async argv => (await import('./sign.ts')).runSign([...argv]),
  },
  approve: {
    usage: 'approve PAPER',
    summary: 'bring a signed approval back to the server',
    run: async argv => (await import('./approve.ts')).runApprove([...argv]),
  },
  token: {
    usage:
      'token new --bundle FILE --server URL [--uses N] [--days N] [--image] [--allow-program PATH=SHA256 …]',
    summary: 'a provisioning bundle with an enrolment token',
    run: async argv => (await import('./token.ts')).runToken([...argv]),
  },
  user: {
    usage: 'user add [--role ROLE] | user second-factor NAME',
    summary: 'a one-time link by which a person makes an account; a second factor for one',
    run: async argv => (await import('./user.ts')).runUser([...argv]),
  },
  'agent-release': {
    usage:
      'agent-release draft EXE --to PAPER | publish PAPER --exe EXE | list | offer | halt | resume NUMBER',
    summary: 'a newer agent for healthy machines, signed by approvers, in stages',
    run: async argv => (await import('./agent-release.ts')).runAgentRelease([...argv]),
  },
  'recovery-key': {
    usage: 'recovery-key import FILE.csv | list | requests | release ID | refuse ID',
    summary: 'BitLocker recovery keys: keep them, and give one to a locked machine; --help says more',
    run: async argv => (await import('./recovery-key.ts')).runRecoveryKey([...argv]),
  },
  undo: {
    usage: 'undo ask INCIDENT ATTEMPT --reason TEXT | undo withdraw INCIDENT ATTEMPT | undo list INCIDENT',
    summary: 'have a past attempt taken back by the healthy Windows of its machine',
    run: async argv => (await import('./undo.ts')).runUndo([...argv]),
  },
  devices: {
    usage: 'devices [--json]',
    summary: 'every machine and how ready it is, the least ready first',
    run: async argv => (await import('./devices.ts')).runDevices([...argv]),
  },
  doctor: {
    usage: 'doctor [--json]',
    summary: 'a look at the whole installation, with advice; changes nothing',
    run: async argv => (await import('./doctor.ts')).runDoctor([...argv]),
  },
  bundle: {
    usage: 'bundle --to FILE [--days N]',
    summary: 'what machines without a network may decide by themselves, sealed',
    run: async argv => (await import('./bundle.ts')).runBundle([...argv]),
  },
  image: {
    usage: 'image add WIM (--bundle FILE | --server URL --token TOKEN) [--rescue] | image inspect WIM',
    summary: 'put the agent into a recovery image without Windows, or say what is in one',
    run: async argv => (await import('./image.ts')).runImage(argv),
  },
  lab: {
    usage: 'lab list | lab make ID --to DIR',
    summary: 'a broken machine as a folder',
    run: async argv => (await import('./lab.ts')).runLab([...argv]),
  },
};

function printHelp(): void {
  const width = Math.max(...Object.values(commands).map(command => command.usage.length));
  console.log('bootmend: read what a failed boot left behind, write the fix, sign it\n');
  for (const { usage, summary } of Object.values(commands))
    console.log(`  ${usage.padEnd(width)}  ${summary}`);
}

const [name, ...argv] = process.argv.slice(2);
const command = name === undefined ? undefined : Object.entries(commands).find(([key]) => key === name)?.[1];
if (command) {
  try {
    process.exitCode = await command.run(argv);
  } catch (error) {
    const { fileTroubleOf } = await import('./file-trouble.ts');
    const trouble = fileTroubleOf(error);
    if (!trouble) throw error;
    console.error(`${trouble.code}: ${trouble.message}`);
    process.exitCode = 1;
  }
} else if (name === undefined || name === 'help' || name === '--help') {
  printHelp();
} else {
  console.error(`bootmend has no command "${name}". There are: ${Object.keys(commands).join(', ')}.`);
  process.exitCode = 2;
}
