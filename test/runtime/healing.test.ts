import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { agentExit } from '../../server/cli/demo/run-agent.ts';
import { top } from '../support/imports.ts';
import { startTestServer } from '../support/running-server.ts';
import { BrokenMachines } from './support/broken-machines.ts';
import { builtAgent, compileOnce } from './support/built-agent.ts';
import { type ConsolePicture, drawScreen, linesOf, pictureOf } from './support/draw-screen.ts';
import { noWine, WineMachine } from './support/wine-machine.ts';

const drawn = path.join(top, 'docs/agent-screen.svg');
const exampleCode = 'K7Q2-9MPD';

describe('the executable', { skip: noWine }, () => {
  test('heals the machine of 19 July 2024 against the real server over TLS, and shows and logs how', async () => {
    const machine = await (await BrokenMachines.build(await startTestServer())).take();
    const windows = new WineMachine({ E: machine.drive });
    const watch = windows.install(compileOnce('watch-screen'));
    const exe = windows.install(await builtAgent());

    const child = windows.spawn([watch, exe, 'recover']);
    const pictures: ConsolePicture[] = [];
    createInterface({ input: child.stdout! }).on('line', line => pictures.push(pictureOf(line)));
    const code = await new Promise<number | null>(resolve => child.once('close', resolve));
    assert.equal(code, agentExit.reboot);
    assert.equal(fs.readFileSync(windows.onC('wpeutil.txt'), 'utf8').trim(), 'Reboot');
    const judged = machine.judge();
    assert.ok(judged.healed, JSON.stringify(judged));

    const log = fs.readFileSync(path.join(machine.drive, 'ProgramData/Bootmend/recovery.log'), 'utf8');
    const codes = log.split('\r\n').map(line => line.split('  ')[3]);
    for (const told of [
      'phase-failed-boot',
      'facts-collected',
      'order-verified',
      'phase-apply',
      'phase-reboot',
    ])
      assert.ok(codes.includes(told), `${told} is in the log`);

    const headlines = pictures.map(one => linesOf(one)[4]?.trim());
    assert.equal(headlines.at(-1), 'Done');
    const repairing = pictures.find(one =>
      linesOf(one)[6]?.includes('Telling the recovery service how it went.'),
    );
    assert.ok(repairing, headlines.join(', '));
    const shown = withExampleCode(repairing);
    const picture = drawScreen(
      shown,
      linesOf(shown)
        .join(' ')
        .replaceAll(/[\s█░]+/g, ' ')
        .trim(),
    );
    if (process.env.BOOTMEND_UPDATE_GOLDENS === '1') fs.writeFileSync(drawn, picture);
    assert.equal(picture, fs.readFileSync(drawn, 'utf8'), 'BOOTMEND_UPDATE_GOLDENS=1 draws it anew');
  });
});

/** The code of the incident is another one every time. */
function withExampleCode(picture: ConsolePicture): ConsolePicture {
  const text = picture.text.replace(/(Incident +)[A-Z0-9]{4}-[A-Z0-9]{4}/, `$1${exampleCode}`);
  assert.ok(text.includes(exampleCode));
  return { ...picture, text };
}
