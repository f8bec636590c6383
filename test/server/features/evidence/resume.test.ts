import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Session } from '../../../../agent/core/session.ts';
import { offerEvidence, uploadEvidence } from '../../../../agent/core/upload-evidence.ts';
import { createMemoryHost } from '../../../../agent/host/memory-host.ts';
import { createNodeNetwork } from '../../../../agent/host/node-network.ts';
import { nearMiss } from '../../../../server/catalog/crowdstrike-2024-07-19/near-miss.ts';
import { prepareHouse } from '../../../../server/cli/demo/prepare-house.ts';
import { agentExit, type AgentEvent, runAgent } from '../../../../server/cli/demo/run-agent.ts';
import { listenProxy, type Mischief } from '../../../agent/support/tls-world.ts';
import { startTestServer } from '../../../support/running-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { WireDevice } from '../../../support/wire-device.ts';

const server = await startTestServer();
const devicePort = Number(new URL(server.deviceUrl).port);

/** What a part takes on the wire when its bytes cannot be deflated: the bytes, their wrapping, a new connection. */
const largestPartOnTheWire = 256 * 1024 + 12 * 1024;

/** One piece of a device, sent through a proxy, and what that took. */
async function sendThrough(bytes: Buffer, mischief?: { kind: Mischief; afterBytes: number }) {
  const device = await WireDevice.enrol(server);
  const proxy = await listenProxy(devicePort, mischief);
  const network = createNodeNetwork();
  const host = { ...createMemoryHost({ disks: {} }), network };
  const offered = offerEvidence(host, device.episode, [{ kind: 'boot-log', name: 'ntbtlog.txt', bytes }]);
  const { decision } = await device.checkIn({ facts: {}, evidence: offered.map(one => one.offer) });
  assert.ok(decision.kind === 'send-evidence');
  const servers = [`https://127.0.0.1:${proxy.port}`];
  const settings = { servers, pins: server.pins, keyId: device.keyId, sign: device.key.sign };
  await uploadEvidence(new Session(host), settings, device.episode, offered, decision.evidence);
  network.close();
  const [piece] = await server.database.query<{ state: string; received: string }>(
    `select state, received_bytes as received from evidence where evidence_id = $1`,
    [offered[0]!.offer.evidenceId],
  );
  return { throughBytes: proxy.throughBytes(), state: piece!.state, receivedBytes: Number(piece!.received) };
}

test('cut off at any tenth of an upload, no more than the part under way is sent again', async t => {
  const noise = randomBytes(800_000);
  const whole = await sendThrough(noise);
  assert.ok(whole.throughBytes > noise.length && whole.throughBytes < noise.length * 1.03);
  t.diagnostic(`${noise.length} bytes took ${whole.throughBytes} on the wire`);
  for (let tenth = 0; tenth < 10; tenth++) {
    const afterBytes = Math.floor((whole.throughBytes * tenth) / 10);
    const cut = await sendThrough(noise, { kind: 'cut', afterBytes });
    const again = cut.throughBytes - whole.throughBytes;
    assert.ok(again <= largestPartOnTheWire, `cut at ${tenth} tenths, ${again} bytes were sent again`);
    assert.equal(cut.receivedBytes, noise.length);
    assert.match(cut.state, /^(stored|parsed|unreadable)$/);
  }
});

test('what can be deflated takes a fraction of its bytes', async () => {
  const line = 'BOOTLOG_LOADED \\SystemRoot\\System32\\drivers\\csagent.sys\r\n';
  const { throughBytes, receivedBytes } = await sendThrough(Buffer.alloc(800_000, line));
  assert.equal(receivedBytes, 800_000);
  assert.ok(throughBytes < 20_000, `${throughBytes}`);
});

/** Starts the agent and pulls the plug at the first event that is asked for; gives what it told of evidence. */
async function runUntil(
  directory: string,
  isTime: (event: AgentEvent) => boolean,
  unplug = new AbortController(),
) {
  const sent: { name: string; fromBytes: number; sentBytes: number }[] = [];
  const exit = await runAgent(
    ['recover'],
    directory,
    event => {
      if (event.event === 'log' && event.code === 'evidence-complete')
        sent.push({
          name: event.message,
          fromBytes: Number(event.details?.['fromBytes']),
          sentBytes: Number(event.details?.['sentBytes']),
        });
      if (isTime(event)) unplug.abort();
    },
    unplug.signal,
  );
  assert.notEqual(exit, agentExit.reboot);
  return sent;
}

test('an agent that is killed in the middle of an upload goes on with it when it starts again', async t => {
  const folder = temporaryFolder();
  const directory = path.join(folder, 'machine');
  const unplug = new AbortController();
  const proxy = await listenProxy(devicePort, {
    kind: 'stall',
    afterBytes: 150_000,
    happened: () => unplug.abort(),
  });
  const through = { ...server, deviceUrl: `https://127.0.0.1:${proxy.port}` };
  const { bundleFile } = await prepareHouse(through, folder, 'crowdstrike-2024-07-19');
  await nearMiss.build(directory, {
    whileHealthy: async () =>
      assert.equal(await runAgent(['enrol', '--bundle', bundleFile], directory), agentExit.done),
  });
  const bootLog = path.join(directory, 'C', 'Windows', 'ntbtlog.txt');
  assert.ok(existsSync(bootLog));
  for (let line = 0; line < 20_000; line++)
    appendFileSync(
      bootLog,
      Buffer.from(`BOOTLOG_LOADED ${randomBytes(24).toString('hex')}.sys\r\n`, 'utf16le'),
    );

  const waits = (event: AgentEvent) => event.event === 'log' && event.code === 'waiting';
  const before = await runUntil(directory, waits, unplug);
  assert.ok(
    before.every(({ name }) => !name.startsWith('ntbtlog')),
    'killed while it was being sent',
  );
  const throughBefore = proxy.throughBytes();
  const after = await runUntil(directory, waits);
  const names = after.map(({ name }) => name);
  t.diagnostic(`${throughBefore} bytes before, ${proxy.throughBytes() - throughBefore} after`);
  assert.ok(
    before.every(({ name }) => !names.includes(name)),
    'what had arrived whole is not sent again',
  );
  const broken = after.find(({ name }) => name.startsWith('ntbtlog'))!;
  assert.ok(broken.fromBytes > 0, 'the piece that broke off goes on where the server stands');
  const unfinished = await server.database.query(
    `select from evidence where state in ('wanted', 'receiving')`,
  );
  assert.deepEqual(unfinished, []);
});
