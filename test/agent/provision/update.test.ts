import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host, HttpRequest, HttpResult } from '../../../agent/host/host.ts';
import { fileError } from '../../../agent/host/file-failure.ts';
import { type RunningAgent, settleUpdate } from '../../../agent/provision/update/settle-update.ts';
import { stageUpdate } from '../../../agent/provision/update/stage-update.ts';
import { readUpdateRecord } from '../../../agent/provision/update/update-record.ts';
import { base64Of } from '../../../shared/bytes/base64.ts';
import type { AgentReleaseRequest } from '../../../shared/wire/agent-release.ts';
import { imagePlaces } from '../../../shared/winre/agent-settings.ts';
import { connectionRefused, ok } from '../support/fake-server.ts';
import { bootmend, createMachine } from '../support/healthy-machine.ts';

const root = 'C:\\';
const folder = 'C:\\Program Files\\Bootmend';
const installed = `${folder}\\bootmend.exe`;
const next = `${folder}\\bootmend-next.exe`;
const newAgent = new Uint8Array(Buffer.from('MZ the newer agent '.repeat(300)));
/** The server sends smaller pieces than it might. */
const pieceBytes = 2000;
const task = '\\Bootmend\\Confirm';

/** A provisioned machine whose server has the newer agent, and may be in trouble with it. */
async function createProvisioned(serve: (request: AgentReleaseRequest) => HttpResult = pieceOf(newAgent)) {
  const asked: number[] = [];
  const trouble = ({ path, body }: HttpRequest): HttpResult | undefined => {
    if (path !== '/v1/agent-release') return undefined;
    const request = JSON.parse(Buffer.from(body).toString()) as AgentReleaseRequest;
    asked.push(request.offsetBytes);
    return serve(request);
  };
  const machine = createMachine({}, { trouble, threshold: 2 });
  const provisioned = await bootmend(machine.host, 'provision', '--bundle', 'C:\\bundle.json');
  assert.equal(provisioned.code, 0, provisioned.error);
  const files = machine.host.files;
  const fileText = (path: string) => {
    const entry = files.find(path);
    return entry?.kind === 'file' ? Buffer.from(files.read(path, 0, 1e7)).toString() : undefined;
  };
  const imageText = () =>
    Buffer.from(machine.lab.imageFiles().get(imagePlaces.agent.toLowerCase())!).toString();
  return { ...machine, asked, fileText, imageText };
}

const pieceOf =
  (agent: Uint8Array) =>
  ({ number, offsetBytes }: AgentReleaseRequest): HttpResult => {
    const bytes = base64Of(agent.subarray(offsetBytes, offsetBytes + pieceBytes));
    return ok({ version: 1, number, offsetBytes, bytes });
  };

const codeOf = (done: Awaited<ReturnType<typeof stageUpdate>>) => (done.ok ? 'staged' : done.problem.code);
const newer = (path = next): RunningAgent => ({ version: '0.2.0', path, afterUpdate: false });
const older: RunningAgent = { version: '0.1.0', path: installed, afterUpdate: true };

/** Windows lets nobody replace or remove a program that runs; renaming it is fine. */
function whileRunning(host: Host, path: string): Host {
  const refuse = (what: string) => {
    if (what === path) throw fileError('access-denied', `${path} runs`);
  };
  return {
    ...host,
    files: {
      ...host.files,
      remove: file => (refuse(file), host.files.remove(file)),
      rename: (from, to, options) => (refuse(to), host.files.rename(from, to, options)),
    },
  };
}

test('a newer agent is fetched, checked and staged; it takes over in Windows and in the image', async () => {
  const { host, server, lab, asked, fileText, imageText } = await createProvisioned();
  assert.equal(codeOf(await stageUpdate(host, root, server.agentRelease(newAgent), '0.1.0')), 'staged');
  assert.deepEqual(asked, [0, pieceBytes, 2 * pieceBytes]);
  assert.equal(fileText(installed), 'MZ agent', 'nothing of the installed one is touched yet');
  assert.match(
    lab.tasks.get(task)!,
    /bootmend-next\.exe<\/Command><Arguments>confirm<[^]*bootmend\.exe<[^]*confirm --after-update/,
  );

  assert.equal(
    await settleUpdate(host, root, { ...older, afterUpdate: false }),
    'none',
    'a person ran confirm',
  );
  const running = whileRunning(host, next);
  assert.equal(await settleUpdate(running, root, newer()), 'installed');
  const text = Buffer.from(newAgent).toString();
  assert.deepEqual([fileText(installed) === text, imageText() === text], [true, true]);
  assert.doesNotMatch(lab.tasks.get(task)!, /next|after-update/);
  assert.deepEqual(lab.trusted, lab.onPartition);

  assert.equal(await settleUpdate(host, root, { ...newer(installed), afterUpdate: true }), 'none');
  assert.deepEqual(
    host.files.list(folder)!.map(({ name }) => name),
    ['bootmend.exe'],
  );
  assert.equal(
    codeOf(await stageUpdate(host, root, server.agentRelease(newAgent), '0.2.0')),
    'version-not-newer',
  );
  assert.deepEqual(lab.mistakes, []);
});

test('a cut download goes on where it was, and a machine without a server is left as it is', async () => {
  let left = 1;
  const { host, server, asked, fileText } = await createProvisioned(request =>
    left-- > 0 ? pieceOf(newAgent)(request) : connectionRefused,
  );
  const release = server.agentRelease(newAgent);
  assert.equal(codeOf(await stageUpdate(host, root, release, '0.1.0')), 'connection-refused');
  assert.equal(fileText(next), undefined);
  left = 99;
  assert.equal(codeOf(await stageUpdate(host, root, release, '0.1.0')), 'staged');
  assert.deepEqual(
    asked.filter(offset => offset === 0),
    [0],
    'the first piece came once',
  );
  assert.equal(fileText(next), Buffer.from(newAgent).toString());
});

test('other bytes than the signed ones, in whatever way, are never put anywhere', async () => {
  const other = newAgent.map((byte, at) => (at === 4000 ? byte ^ 1 : byte));
  const longer = new Uint8Array([...newAgent, 1]);
  const shifted = (request: AgentReleaseRequest) =>
    pieceOf(newAgent)({ ...request, offsetBytes: request.offsetBytes + 1 });
  for (const serve of [pieceOf(other), pieceOf(longer), pieceOf(newAgent.subarray(0, 10)), shifted]) {
    const { host, server, lab, fileText } = await createProvisioned(serve);
    const before = lab.tasks.get(task);
    assert.equal(
      codeOf(await stageUpdate(host, root, server.agentRelease(newAgent), '0.1.0')),
      'release-changed',
    );
    assert.deepEqual([fileText(next), fileText(installed)], [undefined, 'MZ agent']);
    assert.equal(host.files.find('C:\\ProgramData\\Bootmend\\update.part'), undefined);
    assert.equal(lab.tasks.get(task), before);
    assert.equal(readUpdateRecord(host, root).kind, 'absent');
  }
});

test('who did not sign is not even asked for bytes: another role, one approver too few, an older agent', async () => {
  const { host, server, asked } = await createProvisioned();
  for (const [release, code] of [
    [server.agentRelease(newAgent, {}, ['online']), 'not-enough-signatures'],
    [server.agentRelease(newAgent, {}, ['ada']), 'not-enough-signatures'],
    [server.agentRelease(newAgent, {}, ['ada', 'mallory']), 'not-enough-signatures'],
    [server.agentRelease(newAgent, { version: '0.0.9' }), 'version-not-newer'],
    [server.agentRelease(newAgent, { organization: 'other' }), 'wrong-organization'],
    [server.offlineBundle(), 'wrong-payload-type'],
  ] as const)
    assert.equal(codeOf(await stageUpdate(host, root, release, '0.1.0')), code);
  assert.deepEqual(asked, []);
  const inWinRe = { ...host, machine: { ...host.machine, readEnvironment: () => 'recovery' as const } };
  assert.equal(
    codeOf(await stageUpdate(inWinRe, root, server.agentRelease(newAgent), '0.1.0')),
    'not-in-windows',
  );
});

test('a newer agent that does not run is taken back by the older one, told, and not tried again', async () => {
  const { host, server, lab, fileText, imageText } = await createProvisioned();
  const release = server.agentRelease(newAgent);
  await stageUpdate(host, root, release, '0.1.0');
  assert.equal(await settleUpdate(whileRunning(host, installed), root, older), 'failed');
  assert.deepEqual([fileText(installed), imageText(), fileText(next)], ['MZ agent', 'MZ agent', undefined]);
  assert.doesNotMatch(lab.tasks.get(task)!, /next/);
  await bootmend(host, 'readiness', '--send');
  const told = server.told.flatMap(one => (one.kind === 'readiness' ? [one.message.release] : []));
  assert.deepEqual(told.at(-1), { number: 3, state: 'failed', code: 'new-agent-did-not-run' });
  assert.equal(codeOf(await stageUpdate(host, root, release, '0.1.0')), 'version-not-newer');
});

test('a staged agent that somebody changed since is taken back, and one that never gets done is not tried for ever', async () => {
  const changed = await createProvisioned();
  await stageUpdate(changed.host, root, changed.server.agentRelease(newAgent), '0.1.0');
  changed.host.files.remove(next);
  changed.host.files.create(next, Buffer.from('MZ something else'));
  assert.equal(await settleUpdate(whileRunning(changed.host, next), root, newer()), 'failed');
  assert.deepEqual([changed.fileText(installed), changed.imageText()], ['MZ agent', 'MZ agent']);
  const record = readUpdateRecord(changed.host, root);
  assert.equal(record.kind === 'value' && record.value.code, 'agent-file-changed');

  const { host, server, fileText, imageText } = await createProvisioned();
  await stageUpdate(host, root, server.agentRelease(newAgent), '0.1.0');
  for (let start = 1; start <= 3; start++) {
    const dying = {
      ...host,
      tools: { ...host.tools, run: () => Promise.reject(new Error('power is gone')) },
    };
    await assert.rejects(settleUpdate(whileRunning(dying, next), root, newer()), /power is gone/);
  }
  assert.equal(await settleUpdate(whileRunning(host, next), root, newer()), 'failed');
  assert.deepEqual([fileText(installed), imageText()], ['MZ agent', 'MZ agent']);
  const given = readUpdateRecord(host, root);
  assert.equal(given.kind === 'value' && given.value.code, 'new-agent-did-not-finish');
});

test('the installed agent says nothing at a start that the newer one has confirmed', async () => {
  const { host, server } = await createProvisioned();
  const told = server.told.length;
  const ran = await bootmend(host, 'confirm', '--after-update', '--json');
  assert.deepEqual([ran.code, JSON.parse(ran.out)], [0, { update: 'none' }]);
  assert.equal(server.told.length, told);
});

test('an image that does not take the newer agent keeps the older one, in Windows, too', async () => {
  const { host, server, lab, fileText, imageText } = await createProvisioned();
  await stageUpdate(host, root, server.agentRelease(newAgent), '0.1.0');
  let commits = 0;
  const failing: Host = {
    ...host,
    tools: {
      ...host.tools,
      run: request =>
        request.arguments.includes('/commit') && ++commits === 1
          ? Promise.resolve({ kind: 'ended', exitCode: 5, output: '', truncated: false })
          : host.tools.run(request),
    },
  };
  assert.equal(await settleUpdate(whileRunning(failing, next), root, newer()), 'failed');
  assert.deepEqual([fileText(installed), imageText()], ['MZ agent', 'MZ agent']);
  assert.deepEqual(lab.trusted, lab.onPartition);
  const record = readUpdateRecord(host, root);
  assert.equal(record.kind === 'value' && record.value.state, 'failed');
});

test('a power cut at any call of taking over leaves an agent that starts, and the next start settles it', async () => {
  const whole = await createProvisioned();
  await stageUpdate(whole.host, root, whole.server.agentRelease(newAgent), '0.1.0');
  const before = whole.host.calls.length;
  await settleUpdate(whole.host, root, newer());
  const calls = whole.host.calls.length - before;
  for (let cut = 1; cut < calls; cut += Math.ceil(calls / 10)) {
    const { host, server, lab, fileText, imageText } = await createProvisioned();
    await stageUpdate(host, root, server.agentRelease(newAgent), '0.1.0');
    await settleUpdate(cutAfter(host, cut), root, newer()).catch(() => undefined);
    const command = /<Command>([^<]+)</.exec(lab.tasks.get(task)!)![1]!;
    assert.ok(fileText(command) !== undefined, `call ${cut}: the task starts nothing`);
    const version = fileText(command) === 'MZ agent' ? '0.1.0' : '0.2.0';
    await settleUpdate(whileRunning(host, command), root, { version, path: command, afterUpdate: false });
    const text = Buffer.from(newAgent).toString();
    assert.deepEqual([fileText(installed) === text, imageText() === text], [true, true], `call ${cut}`);
    assert.doesNotMatch(lab.tasks.get(task)!, /next/);
  }
});

/** Every call after so many fails, as in a machine without power. */
function cutAfter(host: Host, calls: number): Host {
  let left = calls;
  const cut = <Calls extends object>(of: Calls): Calls =>
    new Proxy(of, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...words: unknown[]) => {
          if (left-- <= 0) throw new Error('power is gone');
          return Reflect.apply(value, target, words) as unknown;
        };
      },
    });
  return { ...host, files: cut(host.files), tools: cut(host.tools) };
}
