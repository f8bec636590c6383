import type { Facts } from '../../shared/facts/facts.ts';
import { BackTest } from '../../shared/rules/back-test.ts';
import type { CompiledRule } from '../../shared/rules/compiled-rule.ts';
import { type Figure, medianMs } from './figure.ts';

const machines = 20_000;
const shapes = 200;

/**
 * At least 20,000 healthy machines per second: so many take at most a second. The texts are read, too. They are as long
 * as an agent makes them, since a healthy machine tells to the limit.
 */
export function* benchHealthyBackTest(): Generator<Figure> {
  const texts = Array.from({ length: shapes }, (_, number) => JSON.stringify(healthyFacts(number)));
  const sizes = texts.map(text => text.length).sort((a, b) => a - b);
  yield { figure: 'healthy-facts-size-median', value: sizes[shapes >> 1]!, unit: 'bytes' };
  const run = () => {
    const test = new BackTest(wideRule);
    for (let at = 0; at < machines; at++)
      test.add({ id: String(at), facts: JSON.parse(texts[at % shapes]!) as Facts });
    return test.result;
  };
  const { matched } = run();
  yield { figure: 'healthy-hits', value: matched, unit: 'count' };
  yield { figure: 'back-test-20000-healthy', value: medianMs(5, run), unit: 'ms', limit: 1000 };
}

/** A draft that forgot to ask for the crash: it reaches its last condition on most machines and hits a few. */
const wideRule: CompiledRule = {
  id: 'contoso-wide',
  title: 'Contoso 10',
  priority: 500,
  confidence: 'low',
  when: {
    kind: 'all',
    conditions: [
      { kind: 'equals', fact: 'os.build', oneOf: [22_621, 22_631] },
      { kind: 'version', fact: 'driver.contoso3.version', range: { from: '10.0', until: '10.1' } },
      {
        kind: 'file',
        path: String.raw`%SystemRoot%\System32\drivers\contoso\content-*.dat`,
        written: { from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z' },
      },
    ],
  },
};

/** What `confirm` tells of a start: Windows, drivers that came last, updates, settings and the newest files. */
function healthyFacts(number: number): Facts {
  const at = (hours: number) => new Date(Date.UTC(2026, 10, 1) + hours * 3_600_000).toISOString();
  const facts: Record<string, Facts[string]> = {
    'volume.bitlocker': 'unlocked',
    'os.product': 'Windows 11 Enterprise',
    'os.build': number % 4 === 0 ? 19_045 : 22_631,
    'os.revision': 4000 + (number % 50),
    'os.architecture': 'x64',
    'device.model': `Contoso Book ${number % 40}`,
    'firmware.version': `1.${number % 30}.0`,
    'device.memoryMB': 16_384,
  };
  for (let n = 0; n < 8; n++) {
    const name = `contoso${n}`;
    facts[`driver.${name}.path`] = `%systemroot%\\system32\\drivers\\${name}.sys`;
    facts[`driver.${name}.version`] = `10.${number % 7}.${n}.0`;
    facts[`driver.${name}.linkedAt`] = at(-1000 - n);
    facts[`service.${name}.start`] = n % 2 === 0 ? 'boot' : 'system';
  }
  for (let n = 0; n < 8; n++) facts[`update.kb50${30_000 + n * 111 + (number % 5)}`] = 'installed';
  for (let n = 0; n < 10; n++)
    facts[`file.%systemroot%\\system32\\drivers\\contoso\\content-${number % 9}-${n}.dat`] = {
      sizeBytes: 4096 + n,
      writtenAt: at((number % 60) + n),
    };
  facts['searched.%systemroot%\\system32\\drivers\\**'] = { files: 480, writtenSince: at(-200) };
  return facts;
}
