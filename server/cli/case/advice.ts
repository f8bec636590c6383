import { explainScript } from '../../../shared/remediation/explain-script.ts';
import type { Script } from '../../../shared/remediation/syntax-tree.ts';
import type { ExplainedMatch } from '../match.ts';
import type { CatalogueIssue } from '../catalogue.ts';
import { readScriptFile } from '../script-file.ts';
import { type CaseEvidence, listSuspects } from './case-evidence.ts';

/** What the script of a matching issue would do and how it is approved, and what a person does. */
export function adviseScript(
  matches: readonly ExplainedMatch[],
  issues: readonly CatalogueIssue[],
): readonly string[] {
  const [best] = matches;
  const issue = issues.find(one => one.rule.id === best?.rule.id);
  if (!issue) return [];
  if (issue.scriptFile === undefined) return issue.advice;
  const read = readScriptFile(issue.scriptFile);
  const script = read.ok ? read.checked.script : undefined;
  return [
    `Have the script of this known issue approved: npm run -s bootmend -- review ${issue.rule.id} --to PAPER`,
    ...(script ? ['The agent then does this, and nothing else:', ...stepsOf(script)] : []),
    ...issue.advice,
  ];
}

/** What the script asks and does, without what it says about itself. */
function stepsOf(script: Script): readonly string[] {
  const firstLine = Math.min(...[...script.guards, ...script.steps].map(one => one.line));
  return explainScript(script).flatMap(({ line, sentence }) => (line >= firstLine ? [`- ${sentence}`] : []));
}

/** The next sensible step when no known issue matches: what is not yet at hand, the most telling first. */
export function adviseNext(evidence: CaseEvidence): readonly string[] {
  const { crash, bootLog, repair, transaction, servicing, system, installs } = evidence;
  const [suspect] = listSuspects(evidence);
  const steps: readonly (readonly [boolean, string])[] = [
    [
      transaction?.reading.isPending === true && crash === undefined,
      'Servicing was cut off. In WinRE, "dism /image:C:\\ /cleanup-image /revertpendingactions" takes it back; keep a copy of pending.xml first.',
    ],
    [
      suspect !== undefined && installs === undefined,
      `Read Windows\\INF\\setupapi.dev.log: it tells when the package of ${suspect} came, and which one was there before.`,
    ],
    [
      suspect !== undefined && system === undefined,
      `Read Windows\\System32\\config\\SYSTEM with its .LOG1 and .LOG2: it tells how ${suspect} is set up to start.`,
    ],
    [
      crash === undefined,
      'Look for a crash dump: pagefile.sys, DUMP*.tmp, Windows\\MEMORY.DMP, Windows\\Minidump. Without one the start may have hung or ended early.',
    ],
    [
      bootLog === undefined && crash === undefined,
      'Turn the boot log on in WinRE ("bcdedit /set {default} bootlog yes"), start once, then read Windows\\ntbtlog.txt.',
    ],
    [
      repair === undefined && crash === undefined,
      'Read Windows\\System32\\LogFiles\\Srt\\SrtTrail.txt: what Startup Repair tried and found.',
    ],
    [
      servicing.length === 0,
      'Read Windows\\Logs\\CBS\\CBS.log and Windows\\System32\\winevt\\Logs\\System.evtx: which updates came before the first failed start.',
    ],
  ];
  const open = steps.flatMap(([isOpen, step]) => (isOpen ? [step] : []));
  return open.length > 0
    ? open.slice(0, 3)
    : ['All usual evidence was read; compare with a machine of the same kind that starts.'];
}
