import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drivenAgent } from './support/built-agent.ts';
import { noWine, WineMachine } from './support/wine-machine.ts';

const exitCodes = { crashed: 1, handedOver: 20 };
/** The parent waits two minutes for a worker that stands still; `npm run bench -- agent stall` waits with it. */
const isWhole = process.env.BOOTMEND_AGENT_FAULTS === 'all';

describe('the parent process', { skip: noWine }, () => {
  test('ends whatever its worker does to itself, and whether there is one or not', async () => {
    const windows = new WineMachine({});
    const exe = windows.install(await drivenAgent());
    const exitOf = (...words: readonly string[]) =>
      new Promise<number | null>(resolve => {
        windows.spawn([exe, ...words], ['ignore', 'ignore', 'ignore']).once('close', resolve);
      });
    assert.equal(await exitOf('serve', 'eat-memory'), exitCodes.crashed);
    assert.equal(await exitOf('serve', 'crash'), 0xc0000005 & 0xff);
    assert.equal(await exitOf('serve', 'loop-until-limit'), exitCodes.handedOver);
    // No worker can be started with more words than its command line takes, nor without what it shares with its parent.
    assert.equal(await exitOf('serve', ...Array.from({ length: 80 }, () => 'word')), exitCodes.handedOver);
    assert.equal(await exitOf('--worker', 'fff0'), exitCodes.handedOver);
    if (!isWhole) return;
    const started = performance.now();
    assert.equal(await exitOf('serve', 'loop'), exitCodes.handedOver);
    const seconds = (performance.now() - started) / 1000;
    assert.ok(seconds > 115 && seconds < 150, `${seconds} s`);
  });
});
