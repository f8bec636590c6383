import type { DeviceDetail } from '../../../shared/api/device.ts';
import type { IncidentState, TimelineEntry } from '../../../shared/api/incident.ts';
import type { Phase } from '../../../shared/wire/story.ts';
import { type Mark, stateWords } from './states.ts';

/** Microsoft's five phases, each with the agent's own phases inside it. */
const stations = [
  { name: 'Failed boot', phases: ['failed-boot'] },
  { name: 'WinRE', phases: ['winre', 'orient', 'find-windows', 'collect'] },
  { name: 'Network', phases: ['network', 'check-in', 'evidence'] },
  { name: 'Remediation', phases: ['verify', 'plan', 'apply', 'report'] },
  { name: 'Reboot', phases: ['reboot'] },
] as const satisfies readonly { readonly name: string; readonly phases: readonly Phase[] }[];

/** One of the five phases on this machine. */
export interface Station {
  readonly name: string;
  /** `done`, the one the machine stands in, or `ahead`. */
  readonly reached: 'done' | 'here' | 'ahead';
  /** The mark of the incident or the test, where the machine stands. */
  readonly mark: Mark | undefined;
  readonly at: string | undefined;
}

const reboot = stations.length - 1;

/** How far the newest run of a machine came through the five phases. */
export function readStations(timeline: readonly TimelineEntry[], state: IncidentState): Station[] {
  const run = newestRun(timeline);
  const first = firstMoments(run);
  const { mark } = stateWords[state];
  // A machine tells of its restart to nobody; that it restarted shows in its outcome, and that it booted in its report.
  const hasRestarted = mark === 'healed' || mark === 'confirming';
  if (hasRestarted) first[reboot] ??= run.at(-1)?.at;
  const last = hasRestarted
    ? reboot
    : Math.max(
        0,
        first.findLastIndex(at => at !== undefined),
      );
  return draw(first, last, mark);
}

export type DeviceTest = NonNullable<DeviceDetail['tests']>[number];

/** A test that ends well takes minutes; after an hour somebody should look at the machine. */
const testEndsWithinMs = 60 * 60_000;

/** Whether Windows came up after a test, or is still on its way, or stays away. */
export function markOfTest({ bootedAt, startedAt }: DeviceTest, nowMs: number): Mark {
  if (bootedAt !== undefined) return 'healed';
  return nowMs - Date.parse(startedAt) < testEndsWithinMs ? 'confirming' : 'person';
}

/** How far a test came. Its story ends where it is sent, with the check-in; that Windows came up is told after it. */
export function readTestStations(test: DeviceTest, nowMs: number): Station[] {
  const { story, startedAt, bootedAt } = test;
  const sentMs = story.at(-1)?.atMs ?? 0;
  const moments = story.map(({ phase, atMs }) => ({
    phase,
    at: new Date(Date.parse(startedAt) - (sentMs - atMs)).toISOString(),
  }));
  const first = firstMoments(moments);
  first[reboot] = bootedAt;
  const last =
    bootedAt === undefined
      ? Math.max(
          0,
          first.findLastIndex(at => at !== undefined),
        )
      : reboot;
  return draw(first, last, markOfTest(test, nowMs));
}

/** When a machine first was in each of the five. */
const firstMoments = (moments: readonly { readonly phase?: Phase | undefined; readonly at: string }[]) =>
  stations.map(({ phases }) => moments.find(({ phase }) => phases.some(one => one === phase))?.at);

const draw = (first: readonly (string | undefined)[], last: number, mark: Mark): Station[] =>
  stations.map(({ name }, index) => {
    if (index > last) return { name, reached: 'ahead', mark: undefined, at: undefined };
    const isHere = index === last;
    return { name, reached: isHere ? 'here' : 'done', mark: isHere ? mark : undefined, at: first[index] };
  });

/** A machine that came back to recovery starts its story again; only the newest run is drawn. */
function newestRun(timeline: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const start = timeline.findLastIndex(({ phase }) => phase === 'failed-boot');
  return start < 0 ? timeline : timeline.slice(start);
}
