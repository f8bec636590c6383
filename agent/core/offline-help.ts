import { hexOf } from '../../shared/bytes/hex.ts';
import { utf8Of } from '../../shared/bytes/utf8.ts';
import type { Facts } from '../../shared/facts/facts.ts';
import { classOf } from '../../shared/remediation/script-class.ts';
import { compileRules } from '../../shared/rules/compile-rules.ts';
import { matchRules } from '../../shared/rules/match-rules.ts';
import { parseRule } from '../../shared/rules/parse-rule.ts';
import type { OfflineBundleDocument } from '../../shared/trust/documents.ts';
import { envelope } from '../../shared/trust/envelope.ts';
import { openOfflineBundle } from '../../shared/trust/open-offline-bundle.ts';
import { imagePlaces } from '../../shared/winre/agent-settings.ts';
import { type Host, HostError } from '../host/host.ts';
import { newAttemptId } from './attempt-id.ts';
import { type CarriedOut, carryOutScript, type ScriptFrame } from './carry-out-order.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { FoundWindows } from './found-windows.ts';
import { imageRoot } from './image-settings.ts';
import { judgeScript } from './judge-order.ts';
import type { Session } from './session.ts';
import { readJsonFile, stateFolderOn } from './state-folder.ts';
import { joinPath } from './windows-path.ts';

type Remedy = OfflineBundleDocument['remedies'][number];

/**
 * What a machine without a network does by itself: the bundle in the image or on the Windows volume, and nothing from
 * any other place, says which approved script fits its facts. Undefined when there is no bundle or nothing fits.
 */
export async function helpOffline(
  session: Session,
  windows: FoundWindows,
  memory: DeviceMemory,
  frame: ScriptFrame,
): Promise<CarriedOut | undefined> {
  const bundle = readNewestBundle(session, windows, memory);
  if (!bundle) return undefined;
  for (const remedy of remediesFor(bundle, frame.facts)) {
    const { episode } = frame;
    const tried = episode.triedOffline ?? [];
    if (tried.includes(remedy.remediationId)) continue;
    const scriptSha256 = hexOf(session.host.sha256(utf8Of(remedy.script)));
    const judged = judgeScript(memory, frame, { ...remedy, scriptSha256 });
    if (!judged.ok || judged.approval.remediationId !== remedy.remediationId) {
      const code = judged.ok ? 'script-changed' : judged.code;
      session.log('warn', 'offline-script-refused', `${remedy.remediationId} may not run here.`, { code });
      continue;
    }
    // What has no way back is never automatic.
    if (classOf(judged.script) === 'one-way') {
      session.log('warn', 'offline-script-refused', `${remedy.remediationId} has no way back.`, {
        code: 'one-way',
      });
      continue;
    }
    memory.save({ bundleVersion: bundle.version });
    memory.saveEpisode({ ...episode, triedOffline: [...tried, remedy.remediationId] });
    const named = { ...judged, attemptId: newAttemptId(session.host) };
    const known = { ...frame, episode: memory.state.episode ?? episode };
    const carriedOut = await carryOutScript(session, windows, memory, known, named);
    if (carriedOut.end?.state === 'applied' || carriedOut.end?.state === 'stuck') return carriedOut;
  }
  return undefined;
}

/** The remedies whose rules match, best first. A rule that cannot be read matches nothing. */
function remediesFor({ remedies }: OfflineBundleDocument, facts: Facts): readonly Remedy[] {
  const byRule = new Map<string, Remedy>();
  const rules = remedies.flatMap(remedy => {
    const rule = parseRule(remedy.rule);
    if (!rule || byRule.has(rule.id)) return [];
    byRule.set(rule.id, remedy);
    return [rule];
  });
  return matchRules(compileRules(rules), facts).matches.map(match => byRule.get(match.rule.id)!);
}

function readNewestBundle(
  session: Session,
  windows: FoundWindows,
  memory: DeviceMemory,
): OfflineBundleDocument | undefined {
  const places = [joinPath(imageRoot, imagePlaces.bundle), stateFolderOn(windows.root).offlineBundle];
  let newest: OfflineBundleDocument | undefined;
  for (const place of places) {
    const sealed = readSealed(session.host, place);
    if (!sealed) continue;
    const { trust, timeFloorMs, state } = memory;
    const context = { trust, timeFloorMs, versionUsed: state.bundleVersion ?? 0 };
    const opened = openOfflineBundle(sealed, context, session.host.curves.verify);
    if (!opened.ok) {
      const { code, message } = opened.problem;
      session.log('warn', 'offline-bundle-not-believed', message, { code, place });
    } else if (!newest || opened.document.version > newest.version) newest = opened.document;
  }
  return newest;
}

function readSealed(host: Host, place: string) {
  try {
    const read = readJsonFile(host, place, envelope);
    return read.kind === 'value' ? read.value : undefined;
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
