import type { CommandName } from './usage.ts';

export interface Command {
  readonly summary: string;
  /** Loads the command and runs it; the result is the exit code. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

/** Every command of the command line; each is a file beside this one. */
export const commands: Readonly<Record<CommandName, Command>> = {
  read: {
    summary: 'everything a failed start left behind: what happened, who is suspected, what to try',
    run: async argv => (await import('./read.ts')).runRead([...argv]),
  },
  dump: {
    summary: 'what crash dumps say, culprit first; a path is a file, a folder or a ZIP',
    run: async argv => (await import('./dump.ts')).runDump([...argv]),
  },
  bootlog: {
    summary: 'what the logs of a failed start say',
    run: async argv => (await import('./bootlog.ts')).runBootlog([...argv]),
  },
  hive: {
    summary: 'what registry hives say, with the logs beside them',
    run: async argv => (await import('./hive.ts')).runHive([...argv]),
  },
  template: {
    summary: 'scripts for usual jobs, with the places an author fills',
    run: async argv => (await import('./template.ts')).runTemplate(argv),
  },
  translate: {
    summary: 'pasted commands or the steps of an article as a script, with what should be added',
    run: async argv => (await import('./translate.ts')).runTranslate(argv),
  },
  check: {
    summary: 'every mistake in a remediation script, with its place and what would be accepted',
    run: async argv => (await import('./check.ts')).runCheck([...argv]),
  },
  fmt: {
    summary: 'the script in its one layout',
    run: async argv => (await import('./fmt.ts')).runFmt([...argv]),
  },
  explain: {
    summary: 'what a script will do, in plain sentences',
    run: async argv => (await import('./explain.ts')).runExplain([...argv]),
  },
  simulate: {
    summary: 'what a script would do to a Windows in a folder or to a recorded machine; changes nothing',
    run: async argv => (await import('./simulate.ts')).runSimulate(argv),
  },
  match: {
    summary: 'which known issues the facts of a machine match, and why',
    run: async argv => (await import('./match.ts')).runMatch([...argv]),
  },
  issue: {
    summary: 'known issues as folders: check, begin, bring in as drafts, take out',
    run: async argv => (await import('./issue.ts')).runIssue(argv),
  },
  backtest: {
    summary: 'what a known issue would have come to on stored incidents, or on a file of facts',
    run: async argv => (await import('./backtest.ts')).runBackTest(argv),
  },
  key: {
    summary: 'a new approver key, sealed with a passphrase',
    run: async argv => (await import('./key.ts')).runKey([...argv]),
  },
  trust: {
    summary: 'tell devices whose signatures to believe',
    run: async argv => (await import('./trust.ts')).runTrust([...argv]),
  },
  review: {
    summary: 'a script for approvers to read and sign on their own machines',
    run: async argv => (await import('./review.ts')).runReview([...argv]),
  },
  sign: {
    summary: 'read what a paper says and sign exactly these bytes; needs no server',
    run: async argv => (await import('./sign.ts')).runSign([...argv]),
  },
  approve: {
    summary: 'bring a signed approval back to the server',
    run: async argv => (await import('./approve.ts')).runApprove([...argv]),
  },
  token: {
    summary: 'a provisioning bundle with an enrolment token',
    run: async argv => (await import('./token.ts')).runToken([...argv]),
  },
  image: {
    summary: 'put the agent into a recovery image without Windows, or say what is in one',
    run: async argv => (await import('./image.ts')).runImage(argv),
  },
  bundle: {
    summary: 'what machines without a network may decide by themselves, sealed',
    run: async argv => (await import('./bundle.ts')).runBundle([...argv]),
  },
  devices: {
    summary: 'every machine and how ready it is, the least ready first',
    run: async argv => (await import('./devices.ts')).runDevices([...argv]),
  },
  'agent-release': {
    summary: 'a newer agent for healthy machines, signed by approvers, in stages',
    run: async argv => (await import('./agent-release.ts')).runAgentRelease([...argv]),
  },
  'recovery-key': {
    summary: 'BitLocker recovery keys: keep them, and give one to a locked machine',
    run: async argv => (await import('./recovery-key.ts')).runRecoveryKey([...argv]),
  },
  undo: {
    summary: 'have a past attempt taken back by the healthy Windows of its machine',
    run: async argv => (await import('./undo.ts')).runUndo([...argv]),
  },
  doctor: {
    summary: 'a look at the whole installation, with advice; changes nothing',
    run: async argv => (await import('./doctor.ts')).runDoctor([...argv]),
  },
  user: {
    summary: 'a one-time link by which a person makes an account; a second factor for one',
    run: async argv => (await import('./user.ts')).runUser([...argv]),
  },
  lab: {
    summary: 'a broken machine as a folder',
    run: async argv => (await import('./lab.ts')).runLab([...argv]),
  },
};

/** The commands as people look for them. */
export const commandGroups: readonly (readonly [title: string, names: readonly CommandName[]])[] = [
  ['Read what a failed start left behind', ['read', 'dump', 'bootlog', 'hive']],
  ['Write the fix', ['template', 'translate', 'check', 'fmt', 'explain', 'simulate']],
  ['Know the bad updates', ['match', 'issue', 'backtest']],
  ['Sign', ['key', 'trust', 'review', 'sign', 'approve']],
  [
    'Look after the machines',
    ['token', 'image', 'bundle', 'devices', 'agent-release', 'recovery-key', 'undo'],
  ],
  ['Look after this server', ['doctor', 'user']],
  ['Try it without a Windows', ['lab']],
];
