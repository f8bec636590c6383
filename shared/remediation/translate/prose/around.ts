import { notNeeded, notTranslated } from '../command-definition.ts';
import type { ProseStep } from './prose-step.ts';

/** What articles ask for and no script does, and what comes nearest. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/\buninstall (?:the )?(?:latest |last |recent )?(?:quality |feature )?updates?\b/i, 'Which update goes is said by its number. Expected: remove update KB…, accepting no undo.'],
  [/\bgroup polic|\bpolicy\b/i, 'Group policies are not set by scripts. What a policy writes is a value: set registry, or roll back known issue where it is a Known Issue Rollback.'],
  [/\bstartup repair\b/i, 'Startup Repair is not run by scripts. They know: repair boot files, repair file system, repair system files.'],
  [/\bsystem restore\b|\brestore points?\b/i, 'Restore points are not used by scripts. They know: restore hive NAME from RegBack, restore PATH from driver store.'],
  [/\b(?:bios|uefi|firmware|secure boot)\b/i, 'Scripts do not change the firmware.'],
  [/\bdevice manager\b|\b(?:update|reinstall|uninstall|roll ?back)\b.{0,60}\bdrivers?\b/i, 'Drivers are not installed or updated by scripts. They know: remove driver package oem12.inf, restore PATH from driver store, disable driver NAME.'],
  [/\b(?:re|un)?install(?:ed|ing)?\b|\bremove (?:the )?(?:product|program|software|app)/i, 'Programs are not installed or removed by scripts. They know: disable service NAME, disable driver NAME.'],
]; // prettier-ignore

/** What articles say that the agent does anyway. */
const needless: readonly (readonly [RegExp, string])[] = [
  [/\b(safe mode|recovery environment|windows re\b|winre|recovery drive|installation media|troubleshoot)/i, 'The agent runs in the recovery environment already.'],
  [/\bbitlocker\b|\brecovery key\b/i, 'A script runs only on a volume that is unlocked already.'],
  [/\bcommand prompt\b|\badministrator\b|\bsign in\b|\blog ?in\b/i, 'A script runs by itself; nobody opens a prompt or signs in.'],
  [/\b(?:regedit|registry editor)\b|\b(?:un)?load(?: the)? hive\b/i, 'Hives are opened, saved and put back by the agent itself.'],
  [/\bdrive letters?\b|\bdiskpart\b/i, 'A script finds the Windows volume by itself.'],
  [/\bback ?up\b/i, 'What a script changes is kept in quarantine, so that it can be undone.'],
  [/\b(?:select|click|press|choose|tap)\b|\b(?:type|enter|run):?\s+["“]?exit\b/i, 'A script runs by itself; nobody presses anything.'],
  [/^(?:then |also |now )?(?:check|verify|confirm|make sure|ensure|note|look)\b/i, 'It only looks. What must hold before anything is done, a script says with require.'],
  [/^(?:to )?work(?:ing)? ?around\b|^(?:symptoms?|cause|resolution|solution|mitigation|steps)\b.{0,40}$/i, 'It is a heading.'],
  [/\bwindows (?:should|will)\b|\b(?:should|will) (?:now )?(?:start|boot)\b/i, 'It says what happens then.'],
]; // prettier-ignore

/** What went wrong, told before the steps: "After installing KB…, devices might fail to start up". */
const symptom =
  /^(?:after|since|when|once)\b[^.]*\b(?:might|may|can|could)\s+(?:not|fail|stop|crash|receive|be unable|report|show|see)\b/i;

/** Words of steps that change something: with one of them nothing is left out as needless. */
const changes =
  /\b(?:delet|eras|renam|replac|(?:un|re)?install|updat|upgrad|disabl|enabl|edit|modif|overwrit|remov|set|mov)(?:e|es|s|ed|ing)?\b|\bchang(?:e|ed|ing)\b/i;

/** Titles of the setup of Windows that sound like steps. */
const withoutTitles = (clause: string) => clause.replaceAll(/\binstall windows\b/gi, '');

export const refused: ProseStep = clause => {
  const refusal = refusals.find(([pattern]) => pattern.test(withoutTitles(clause)));
  return refusal && notTranslated(refusal[1]);
};

export const symptomTold: ProseStep = clause =>
  symptom.test(clause)
    ? notNeeded('It says what goes wrong. Which machines have it, a script asks with require.')
    : undefined;

export const doneAnyway: ProseStep = clause => {
  if (changes.test(withoutTitles(clause))) return undefined;
  const reason = needless.find(([pattern]) => pattern.test(clause));
  return reason && notNeeded(reason[1]);
};
