// In a network namespace of its own, where it may do as it likes: see packet-loss.test.ts. The kernel's packet filter
// loses the packets, since netem is a module that many kernels are built without.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { agentExit } from '../../../server/cli/demo/run-agent.ts';
import { FaultyWorld } from './faulty-world.ts';

const tenthsLost = 3;

const ip = (...words: readonly string[]) => execFileSync('ip', words);
const nft = (words: readonly string[], input?: string) =>
  execFileSync('nft', words, { encoding: 'utf8', ...(input !== undefined && { input }) });

// The agent waits for an address that reaches others; the far end of this cable is as good as one.
ip('link', 'set', 'lo', 'up');
ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far');
for (const end of ['near', 'far']) ip('link', 'set', end, 'up');
ip('address', 'add', '192.0.2.1/24', 'dev', 'near');

test('heals through loss', async t => {
  const world = await FaultyWorld.start();
  const machine = await world.machines.take();
  const lose = (side: string) =>
    `tcp ${side} ${world.devicePort} numgen random mod 10 < ${tenthsLost} counter drop`;
  const chain = `type filter hook input priority 0;\n${lose('dport')}\n${lose('sport')}`;
  nft(['-f', '-'], `table inet loss {\nchain input {\n${chain}\n}\n}\n`);
  const { code, events } = await world.recoverPatiently(machine);
  const lost = [...nft(['list', 'ruleset']).matchAll(/counter packets (\d+)/g)].map(([, count]) =>
    Number(count),
  );
  assert.equal(code, agentExit.reboot, JSON.stringify(events.slice(-4)));
  assert.ok(machine.judge().healed);
  t.diagnostic(`${lost.reduce((sum, one) => sum + one, 0)} packets lost`);
});
