import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { steerAgentRelease, type SteerAgentRelease } from '../../shared/api/agent-release.ts';
import { memorySource } from '../../shared/bytes/byte-source.ts';
import { readPortableExecutable } from '../../shared/portable-executable/portable-executable.ts';
import { agentReleaseDocument } from '../../shared/trust/documents.ts';
import { type Installation, withInstallation } from './installation.ts';
import { openPaper, writePaper } from './signing-paper.ts';
import { alignColumns, failWith, timeOf, wrongUsage } from './terminal.ts';

/** `bootmend agent-release …`: a newer agent, signed by approvers, on its way to healthy machines in stages. */
export async function runAgentRelease(argv: string[]): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      to: text,
      exe: text,
      percent: { type: 'string', default: '1' },
      reason: text,
      json: { type: 'boolean', default: false },
    },
  });
  const [verb = '', subject, ...more] = positionals;
  if (more.length > 0) return wrongUsage('agent-release');
  const percent = Number(values.percent);
  if (verb === 'list' && subject === undefined) return withInstallation(one => list(one, values.json));
  if (subject === undefined) return wrongUsage('agent-release');
  switch (verb) {
    case 'draft':
      return values.to === undefined ? wrongUsage('agent-release') : draft(subject, values.to);
    case 'publish':
      return values.exe === undefined ? wrongUsage('agent-release') : publish(subject, values.exe, percent);
    case 'offer':
      return steer(subject, { kind: 'offer', percent });
    case 'halt':
      return steer(subject, { kind: 'halt', reason: values.reason ?? '' });
    case 'resume':
      return steer(subject, { kind: 'resume' });
    default:
      return wrongUsage('agent-release');
  }
}

/** Reads the version out of the executable itself, so that nobody mistypes what the fleet goes by. */
function draft(file: string, paper: string): Promise<number> {
  const bytes = readFileSync(file);
  const read = readPortableExecutable(memorySource(bytes));
  const version = read.ok ? read.image.fileVersion?.split('.').slice(0, 3).join('.') : undefined;
  if (version === undefined)
    return Promise.resolve(failWith('not-an-agent', `${file} is no program with a version.`));
  return withInstallation(async ({ config, features }) => {
    const release = agentReleaseDocument.safeParse({
      type: 'agent-release',
      organization: config.organizationId,
      number: await features.agentReleases.readNextNumber(config.organizationId),
      version,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
      approvedAt: new Date().toISOString(),
    });
    if (!release.success)
      return failWith('not-an-agent', `${file} is larger than an agent, or has no usual version.`);
    writePaper(paper, { kind: 'agent-release', release: release.data });
    console.log(`Agent ${version} is in ${paper}. Next: bootmend sign ${paper} --key KEY.json`);
    return 0;
  });
}

function publish(paper: string, exe: string, percent: number): Promise<number> {
  const opened = openPaper(paper);
  if (!opened.ok) return Promise.resolve(failWith(opened.code, opened.message));
  if (!(percent >= 0 && percent <= 100 && Number.isInteger(percent)))
    return Promise.resolve(wrongUsage('agent-release'));
  return orRefusal(async ({ config, features }) => {
    const how = { percent, actor: 'command-line' };
    const bytes = readFileSync(exe);
    const { agentReleases } = features;
    const { number, version } = await agentReleases.publish(
      config.organizationId,
      opened.paper.envelope,
      bytes,
      how,
    );
    return `Release ${number}, agent ${version}, is offered to ${percent} of 100 healthy machines.`;
  });
}

function steer(number: string, change: SteerAgentRelease): Promise<number> {
  const checked = steerAgentRelease.safeParse(change);
  if (!checked.success) return Promise.resolve(wrongUsage('agent-release'));
  return orRefusal(async ({ config, features }) => {
    const { agentReleases } = features;
    await agentReleases.steer(config.organizationId, Number(number), 'command-line', checked.data);
    return `Release ${number}: ${change.kind === 'offer' ? `offered to ${change.percent} of 100` : change.kind}.`;
  });
}

function orRefusal(work: (installation: Installation) => Promise<string>): Promise<number> {
  return withInstallation(async installation => {
    console.log(await work(installation));
    return 0;
  });
}

async function list({ config, features }: Installation, json: boolean): Promise<number> {
  const found = await features.agentReleases.list(config.organizationId);
  if (json) {
    console.log(JSON.stringify(found));
    return 0;
  }
  const rows = found.releases.map(
    ({ number, version, state, haltedBecause, percent, machines, publishedAt }) => [
      String(number),
      version,
      haltedBecause === undefined ? state : `${state}: ${haltedBecause}`,
      `${percent} %`,
      `${machines.installed} installed, ${machines.fetched} fetched, ${machines.silent} silent, ${machines.failed} failed`,
      timeOf(publishedAt),
    ],
  );
  console.log(
    alignColumns([['number', 'version', 'state', 'offered', 'machines', 'published'], ...rows]).join('\n'),
  );
  return 0;
}
