import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { agentExit } from '../../server/cli/demo/run-agent.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compileOnce } from './support/built-agent.ts';
import { FaultyWorld, type Recovered } from './support/faulty-world.ts';
import { forgeries } from './support/stolen-server.ts';
import { noWine } from './support/wine-machine.ts';

/** `npm run bench -- agent faults` tries every one of them; a few, drawn by a fixed seed, stand for them here. */
const isWhole = process.env.BOOTMEND_AGENT_FAULTS === 'all';
const seed = 20240719;
const handedOver = 20;

if (noWine) test('the executable among faults', { skip: noWine });
else {
  const world = await FaultyWorld.start();

  describe('the executable among faults', () => {
    test('killed at a host call and started again: healed once, or as before', async t => {
      const { effects, code } = await world.recover(await world.machines.take());
      assert.equal(code, agentExit.reboot);
      t.diagnostic(`${effects} calls with an effect in a healing`);
      for (const number of some(range(1, effects), 4)) {
        await world.wantEvidenceAgain();
        const machine = await world.machines.take();
        const { killedBefore } = await world.recover(machine, '--stop-before', String(number));
        const place = `killed before call ${number}, ${killedBefore}`;
        assert.ok(killedBefore !== undefined, place);
        expectGoodEnd(await world.recover(machine), place);
      }
    });

    test('killed at the same move at every start: taken back each time, and soon the menu', async () => {
      const machine = await world.machines.take();
      let kills = 0;
      let last = await world.recover(machine, '--stop-before-move-to', 'quarantine');
      for (; last.killedBefore !== undefined && kills < 4; kills++) {
        last = await world.recover(machine, '--stop-before-move-to', 'quarantine');
      }
      assert.ok(kills >= 1 && kills <= 3, `${kills} attempts`);
      expectMenu(last, 'the start behind them');
    });

    for (const [name, forge] of Object.entries(forgeries))
      test(`a stolen server with ${name}: refused, told why, and nothing is touched`, async () => {
        const recovered = await world.recoverFromStolen(forge);
        expectMenu(recovered, name);
        assert.ok(recovered.events.some(one => one['code'] === 'order-refused'));
      });

    test('a stick with a Windows, a marker, settings, a bundle and tools of its own decides nothing', async () => {
      const stick = (await world.machines.take('https://127.0.0.1:1')).drive;
      const place = (name: string, content: string | Uint8Array) => {
        fs.mkdirSync(path.dirname(path.join(stick, name)), { recursive: true });
        fs.writeFileSync(path.join(stick, name), content);
      };
      const program = fs.readFileSync(compileOnce('mend'));
      for (const tool of ['bcdedit', 'manage-bde', 'net', 'netsh', 'wpeutil'])
        for (const folder of ['', 'Windows/System32/']) place(`${folder}${tool}.exe`, program);
      place(
        'Sources/Recovery/Tools/Bootmend/settings.json',
        JSON.stringify({ version: 1, purpose: 'rescue' }),
      );
      for (const folder of ['Sources/Recovery/Tools/Bootmend', 'ProgramData/Bootmend'])
        place(`${folder}/offline.json`, '{}');
      place(
        'ProgramData/Bootmend/turn.json',
        JSON.stringify({ version: 1, kind: 'marker', reason: 'crash-loop-after-logon' }),
      );
      const before = contentsOf(stick);
      world.plugIn(stick);

      expectGoodEnd(await world.recover(await world.machines.take()), 'beside a stick');
      const empty = temporaryFolder();
      const { code, events } = await world.startOn(empty, '--hurry');
      assert.equal(code, handedOver);
      assert.equal(events.find(one => one.event === 'end')?.['code'], 'not-our-turn');
      assert.deepEqual(fs.readdirSync(empty), []);
      assert.deepEqual(contentsOf(stick), before);
      assert.ok(!fs.existsSync(world.onC('mend.txt')), 'nothing of it was started');
    });

    test('the connection cut, stalled or trickled at tenths of the exchange: healed once, or the menu', async t => {
      const { code, throughBytes } = await world.recoverThrough();
      assert.equal(code, agentExit.reboot);
      t.diagnostic(`${throughBytes} bytes in the whole exchange`);
      const all = (['cut', 'stall', 'trickle'] as const).flatMap(kind =>
        range(0, 9).map(tenth => ({ kind, tenth })),
      );
      for (const { kind, tenth } of some(all, 4)) {
        const afterBytes = Math.floor((throughBytes * tenth) / 10);
        expectGoodEnd(await world.recoverThrough({ kind, afterBytes }), `${kind} at ${tenth} tenths`);
      }
    });
  });
}

/** Every file below a folder with its contents. */
function contentsOf(folder: string): ReadonlyMap<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(one => one.isFile());
  const names = files.map(one => path.join(one.parentPath, one.name));
  return new Map(names.map(name => [name, fs.readFileSync(name, 'latin1')]));
}

function expectGoodEnd(recovered: Recovered, place: string): void {
  if (recovered.code !== agentExit.reboot) return expectMenu(recovered, place);
  const judged = recovered.machine.judge();
  assert.ok(judged.healed, `${place}: ${JSON.stringify(judged)}`);
}

/** The machine is what it was, and screen, log and end say why the menu comes. */
function expectMenu({ code, machine, events }: Recovered, place: string): void {
  const why = `${place}: ${JSON.stringify(events.slice(-4))}`;
  assert.equal(code, handedOver, why);
  assert.ok(machine.isUntouched(), `${place}: ${JSON.stringify(machine.judge())}`);
  const end = events.find(one => one.event === 'end');
  assert.ok(typeof end?.['code'] === 'string' && typeof end['message'] === 'string', why);
  const screens = events.filter(one => one.event === 'screen');
  assert.equal(screens.at(-1)?.['headline'], 'Opening the recovery menu', why);
  assert.ok(
    events.some(one => one.event === 'log' && one['code'] === end['code']),
    why,
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** So many of them, other ones for another seed; all of them in the long run. */
function some<One>(all: readonly One[], count: number): readonly One[] {
  if (isWhole) return all;
  let state = seed;
  const left = [...all];
  return Array.from({ length: Math.min(count, all.length) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return left.splice(Math.floor((state / 2 ** 32) * left.length), 1)[0]!;
  });
}
