import { existsSync, readFileSync } from 'node:fs';
import { collectEvidence } from '../../agent/core/collect/collect-evidence.ts';
import { packEvidencePart } from '../../agent/core/multipart.ts';
import { offerEvidence, packPart, partBytes } from '../../agent/core/upload-evidence.ts';
import { diskOf, foundOn } from '../agent/support/windows-disk.ts';
import { readSample, withoutSamples } from '../shared/registry/samples.ts';
import { samplePath } from '../support/samples.ts';
import { type Figure, medianMs } from './figure.ts';

/** Where real files of different machines lie in one Windows; each reader looks at its own. */
const places = {
  'Windows\\Minidump\\052223-4781-01.dmp': 'kdump/052223-4781-01.dmp',
  'Windows\\ntbtlog.txt': 'logs/ntbtlog_win11_utf16le_badsagara.txt',
  'Windows\\System32\\LogFiles\\Srt\\SrtTrail.txt': 'logs/SrtTrail_tiirwaa.txt',
  'Windows\\INF\\setupapi.dev.log': 'logs/setupapi.dev_plaso.log',
  'Windows\\System32\\winevt\\Logs\\System.evtx': 'evtx/system_python-evtx.evtx',
} as const;

/** What the evidence of a machine takes on the wire, as it is sent and as it would be without deflating. */
export function* benchEvidence(): Generator<Figure> {
  if (withoutSamples || !Object.values(places).every(one => existsSync(samplePath(one))))
    throw new Error('The real samples are not here.');
  const files = Object.entries(places).map(([place, name]) => [
    place,
    new Uint8Array(readFileSync(samplePath(name))),
  ]);
  const disk = diskOf({
    ...Object.fromEntries(files),
    'Windows\\System32\\config\\SYSTEM': readSample('SYSTEM'),
  });
  const { host, windows } = foundOn({ C: disk });
  const { evidence } = collectEvidence(host, windows, { kind: 'failed-boot' }, 'LAPTOP-4711');
  let [plainTotal, sentTotal] = [0, 0];
  for (const { offer, bytes } of offerEvidence(host, 'bench', evidence)) {
    let [plainBytes, sentBytes] = [0, 0];
    for (let offsetBytes = 0; offsetBytes < bytes.length; offsetBytes += partBytes) {
      const frame = { version: 1, episode: 'bench', evidenceId: offer.evidenceId, atMs: 0 } as const;
      const plain = bytes.subarray(offsetBytes, offsetBytes + partBytes);
      const { part, sent } = packPart(host, { ...frame, offsetBytes }, plain);
      plainBytes += packEvidencePart(part, plain, 'boundary').body.length;
      sentBytes += packEvidencePart(part, sent, 'boundary').body.length;
    }
    yield { figure: `${offer.kind}-plain`, value: plainBytes, unit: 'bytes' };
    yield { figure: `${offer.kind}-sent`, value: sentBytes, unit: 'bytes' };
    plainTotal += plainBytes;
    sentTotal += sentBytes;
  }
  yield { figure: 'all-plain', value: plainTotal, unit: 'bytes' };
  yield { figure: 'all-sent', value: sentTotal, unit: 'bytes' };
  yield {
    figure: 'all-sent-to-plain',
    value: Math.round((sentTotal / plainTotal) * 1000) / 1000,
    unit: 'ratio',
    limit: 0.3,
  };
  const all = evidence.map(({ bytes }) => bytes);
  yield { figure: 'all-deflate-median', value: medianMs(20, () => all.forEach(host.deflate)), unit: 'ms' };
}
