import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { judge, readDrive } from '../../agent/lab/judge.ts';
import { readMachine, systemFolder } from '../../agent/lab/machine-record.ts';
import { machine } from '../../server/catalog/crowdstrike-2024-07-19/machine.ts';
import { prepareHouse } from '../../server/cli/demo/prepare-house.ts';
import { agentExit, runAgent } from '../../server/cli/demo/run-agent.ts';
import { startTestServer } from '../support/running-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { builtAgent } from './support/built-agent.ts';
import { type ExeEvent, noWine, WineMachine } from './support/wine-machine.ts';

describe('the executable', { skip: noWine }, () => {
  test('heals the machine of 19 July 2024 against the real server over TLS', async () => {
    const server = await startTestServer();
    const folder = temporaryFolder();
    const directory = path.join(folder, 'machine');
    const { bundleFile } = await prepareHouse(server, folder, machine.id);
    const whileHealthy = async () =>
      assert.equal(await runAgent(['enrol', '--bundle', bundleFile], directory), agentExit.done);
    await machine.build(directory, { whileHealthy });
    const drive = readDrive(directory);

    const windows = new WineMachine({ E: systemFolder(directory, readMachine(directory)) });
    const events: ExeEvent[] = [];
    const exe = windows.install(await builtAgent());
    const code = await windows.run([exe, 'recover'], event => events.push(event));
    assert.equal(code, agentExit.reboot, JSON.stringify(events.at(-1)));
    assert.equal(fs.readFileSync(windows.onC('wpeutil.txt'), 'utf8').trim(), 'Reboot');
    const judged = judge(directory, machine, drive);
    assert.ok(judged.healed, JSON.stringify(judged));
  });
});
