import { spawnSync } from 'node:child_process';

/** An event as the second reader gives it; times with seven digits are cut to milliseconds, as ours are. */
export interface ExportedEvent {
  readonly recordId: number;
  readonly provider: string;
  readonly eventSource: string | null;
  readonly eventId: number;
  readonly at: string;
  readonly data: readonly { readonly name: string | null; readonly value: string }[];
}

/** Reads an .evtx file with evtxexport of libevtx-utils. */
export function exportEvents(file: string): ExportedEvent[] {
  const { stdout, status } = spawnSync('evtxexport', ['-f', 'xml', '-m', 'items', file], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`evtxexport ended with ${status}`);
  return stdout
    .split(/^(?=<Event )/m)
    .filter(text => text.startsWith('<Event '))
    .map(eventOf);
}

function eventOf(xml: string): ExportedEvent {
  const between = (pattern: RegExp) => pattern.exec(xml)?.[1] ?? '';
  const [system, rest = ''] = xml.split('</System>') as [string, string?];
  const data = [
    ...rest.matchAll(/<(?:Complex)?Data( Name="([^"]*)")?(?:\/>|>([^<]*)<\/(?:Complex)?Data>)/g),
  ].map(found => ({
    name: found[2] === undefined ? null : plain(found[2]),
    value: plain(found[3] ?? ''),
  }));
  const binary = /<Binary>([0-9A-F]*)<\/Binary>/.exec(rest)?.[1];
  const eventSource = /EventSourceName="([^"]*)"/.exec(system)?.[1];
  return {
    recordId: Number(between(/<EventRecordID>(\d+)</)),
    provider: plain(between(/<Provider Name="([^"]*)"/)),
    eventSource: eventSource ? plain(eventSource) : null,
    eventId: Number(between(/<EventID[^>]*>(\d+)</)),
    at: millisecondsOf(between(/<TimeCreated SystemTime="([^"]*)"/)),
    data: binary === undefined ? data : [...data, { name: 'Binary', value: binary.toLowerCase() }],
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What both readers agree to show: no marks, no line breaks, plain characters, hex numbers without leading zeros. */
function plain(text: string): string {
  const resolved = text.replaceAll(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
  return millisecondsOf(resolved)
    .replaceAll(/[\u200e\u200f]/g, '')
    .replaceAll(/[\r\n\t]+/g, ' ')
    .trim();
}

const millisecondsOf = (text: string) => text.replace(/(\.\d{3})\d{6}Z$/, '$1Z');
