import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseProvisioningBundle } from '../../../shared/winre/agent-settings.ts';
import { runEnrol } from '../../../agent/core/run-enrol.ts';
import { runRecovery } from '../../../agent/core/run-recovery.ts';
import type { Host } from '../../../agent/host/host.ts';
import { type Judgement, judge, readDrive } from '../../../agent/lab/judge.ts';
import { createLabHost } from '../../../agent/lab/lab-host.ts';
import type { LabMachine } from '../../../agent/lab/lab-machine.ts';
import type { Facts } from '../../../shared/facts/facts.ts';
import { parseFacts } from '../../../shared/facts/parse-facts.ts';
import { checkScript } from '../../../shared/remediation/check-script.ts';
import { riskOf } from '../../../shared/remediation/syntax-tree.ts';
import type { RuleSet } from '../../../shared/rules/compile-rules.ts';
import { matchRules } from '../../../shared/rules/match-rules.ts';
import type { Decision } from '../../../shared/wire/answer.ts';
import type { Outcome } from '../../../shared/wire/outcome.ts';
import {
  FakeServer,
  organization,
  serverAddress,
  serverPin,
  type Told,
} from '../../agent/support/fake-server.ts';

/** What the whole catalogue does to one machine that stands in WinRE. */
export interface Healing {
  /** Known issues that matched, best first, when nothing more could be asked. */
  readonly matched: readonly string[];
  readonly nearMisses: readonly string[];
  /** What the server knew in the end. */
  readonly facts: Facts;
  readonly outcomes: readonly Outcome[];
  readonly judgement: Judgement;
  /** Codes and messages of the run, to read when it went wrong. */
  readonly log: readonly string[];
}

const mostProbeRounds = 2;
const settings = { waitIntervalMinutes: 30, totalWaitMinutes: 180 };

/**
 * Builds a lab machine, enrols it while it is healthy, breaks it, and lets the real agent ask a server that knows all
 * rules: probes are answered, the best match is ordered, and the lab judges what became of the machine.
 */
export async function healMachine(
  machine: LabMachine,
  rules: RuleSet,
  scriptOf: (ruleId: string) => string | undefined,
): Promise<Healing> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bootmend-catalogue-'));
  try {
    let [probeRounds, known] = [0, {} as Facts];
    let found = { matched: [] as string[], nearMisses: [] as string[] };
    const decide = (told: Told, server: FakeServer): Decision => {
      if (told.kind !== 'check-in') return { kind: 'carry-on' };
      const parsed = parseFacts(told.message.facts);
      assert.deepEqual(parsed.dropped, []);
      known = parsed.facts;
      const { matches, nearMisses, probes } = matchRules(rules, known);
      found = {
        matched: matches.map(one => one.rule.id),
        nearMisses: nearMisses.map(one => one.rule.id),
      };
      const [best] = found.matched;
      const script = best === undefined ? undefined : scriptOf(best);
      if (best !== undefined && script !== undefined)
        return server.remediate(told.message, {
          script,
          approval: { remediationId: best, risk: riskOf(checkScript(script).script!) },
        });
      if (best === undefined && probes.length > 0 && probeRounds++ < mostProbeRounds)
        return { kind: 'send-evidence', evidence: [], probes: [...probes] };
      return { kind: 'stop', reason: 'nothing-known' };
    };
    const server = new FakeServer({ decide });
    const log: string[] = [];
    const start = (): Host => ({
      ...createLabHost(directory, {
        screen: { show: () => undefined },
        log: { write: ({ level, code, message }) => void log.push(`${level} ${code}: ${message}`) },
      }),
      network: {
        hasAddress: () => true,
        request: request => Promise.resolve(server.respond(request)),
      },
    });
    await machine.build(directory, {
      whileHealthy: async () => {
        const bundle = parseProvisioningBundle({
          organization,
          servers: [serverAddress],
          pins: [serverPin],
          trust: server.trust(),
          token: 'bm-enrol-0123456789abcdef',
          settings,
        });
        assert.ok(bundle.ok);
        assert.equal((await runEnrol(start(), bundle.value)).kind, 'enrolled');
      },
    });
    const before = readDrive(directory);
    await runRecovery(start());
    return {
      ...found,
      facts: known,
      outcomes: server.outcomes,
      judgement: judge(directory, machine, before),
      log,
    };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
