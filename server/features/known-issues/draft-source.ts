import type { Facts } from '../../../shared/facts/facts.ts';
import type { ConditionSource, IssueSource } from '../../../shared/rules/source/issue-schema.ts';
import type { StoredFacts } from './known-issue-read.ts';

/** A known issue made from an incident: what is known is filled in, what a person must say is asked for. */
export function draftSource(
  { code, facts }: StoredFacts,
  conditions: readonly ConditionSource[],
  { likeness, now }: { likeness: Facts | undefined; now: Date },
): IssueSource {
  const module = textOf(facts['crash.module']) ?? textOf(facts['bootlog.lastLoaded']);
  const day = now.toISOString().slice(0, 10);
  const subject = module?.replace(/\.[a-z0-9]+$/i, '') ?? 'windows';
  const fallback = Object.entries(likeness ?? {}).map(([fact, value]): ConditionSource => ({
    fact,
    equals: value as string,
  }));
  const seen = textOf(facts['boot.lastFailedAt']) ?? now.toISOString();
  return {
    id: `${
      subject
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, '') || 'windows'
    }-${day}`,
    title: module === undefined ? `Windows does not start, ${day}` : `${module} stops Windows, ${day}`,
    vendor: textOf(facts[`driver.${subject.toLowerCase()}.vendor`]) ?? 'Unknown',
    product: module ?? 'Unknown',
    firstSeenAt: seen,
    affected: 'Machines that fit the conditions below; say here whom the vendor names.',
    cause: module === undefined ? 'Windows does not start.' : `${module} stops Windows at every start.`,
    summary: `Drafted from incident ${code}. Say what happened, where that is known from, and what helps.`,
    when: { all: conditions.length > 0 ? [...conditions] : fallback },
    advice: ['Say here what a person does, step by step, or name a remediation instead.'],
    policy: 'never',
    priority: 500,
    confidence: 'low',
    sources: [{ title: 'Put the page of the vendor here', url: 'https://vendor.example/' }],
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
