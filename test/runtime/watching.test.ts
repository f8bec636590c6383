import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { executable } from './support/built-agent.ts';
import { noWine, WineMachine } from './support/wine-machine.ts';

const exitCodes = { crashed: 1, handedOver: 20 };

describe('the parent process', { skip: noWine }, () => {
  test('ends whatever its worker does to itself', async () => {
    const windows = new WineMachine({});
    const exe = windows.install(await executable('test/runtime/support/host-server.ts'));
    const exitOf = (word: string) =>
      new Promise<number | null>(resolve => {
        windows.spawn([exe, word], ['ignore', 'ignore', 'ignore']).once('close', resolve);
      });
    assert.equal(await exitOf('eat-memory'), exitCodes.crashed);
    assert.equal(await exitOf('crash'), 0xc0000005 & 0xff);
    assert.equal(await exitOf('loop-until-limit'), exitCodes.handedOver);
  });
});
