import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { foldName, isSameName, matchesGlob } from '../../../shared/facts/glob.ts';
import { factPathOf } from '../../../shared/facts/place.ts';
import { compareNumbers, isEmptyRange, isWithin } from '../../../shared/facts/range.ts';
import { verdictOfAll, verdictOfAny, verdictOfNot } from '../../../shared/facts/verdict.ts';
import { compareVersions } from '../../../shared/facts/version.ts';
import { sayFact } from '../../../shared/facts/vocabulary.ts';

const verdicts = ['held', 'failed', 'unknown'] as const;

test('verdicts follow Kleene', () => {
  const both = (of: typeof verdictOfAll) => verdicts.map(a => verdicts.map(b => of([a, b])).join(' '));
  assert.deepEqual(both(verdictOfAll), [
    'held failed unknown',
    'failed failed failed',
    'unknown failed unknown',
  ]);
  assert.deepEqual(both(verdictOfAny), ['held held held', 'held failed unknown', 'held unknown unknown']);
  assert.deepEqual(verdicts.map(verdictOfNot), ['failed', 'held', 'unknown']);
});

test('nothing asked is nothing proven', () => {
  assert.equal(verdictOfAll([]), 'unknown');
  assert.equal(verdictOfAny([]), 'unknown');
});

test('a range is half-open and may have open ends', () => {
  const inside = (from: number | undefined, until: number | undefined) =>
    [1, 2, 3].filter(value => isWithin({ from, until }, value, compareNumbers));
  assert.deepEqual(inside(1, 3), [1, 2]);
  assert.deepEqual(inside(2, undefined), [2, 3]);
  assert.deepEqual(inside(undefined, 2), [1]);
  assert.ok(isEmptyRange({ from: 2, until: 2 }, compareNumbers));
});

test('versions compare number by number', () => {
  const sorted = ['7.9', '7.11', '7.11.1', '10.0', '10.0.22631.3880'];
  assert.deepEqual(sorted.toReversed().toSorted(compareVersions), sorted);
  assert.equal(compareVersions('7.11', '7.11.0.0'), 0);
});

describe('globs', () => {
  test('match as NTFS names compare', () => {
    assert.ok(matchesGlob('C-00000291*.sys', 'c-00000291-00000000-00000032.SYS'));
    assert.ok(!matchesGlob('C-00000291*.sys', 'C-00000290-00000000-00000001.sys'));
    assert.ok(!matchesGlob('bad?.sys', 'bad.sys') && matchesGlob('bad?.sys', 'bad1.sys'));
    assert.ok(matchesGlob('bad*', 'bad') && !matchesGlob('*.*', 'README'));
    assert.ok(!matchesGlob('a.sys', 'axsys') && !matchesGlob('', 'a') && matchesGlob('*', ''));
  });

  test('agree with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '.', '-'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, letters, (glob, name) => {
        const source = glob
          .replaceAll('.', String.raw`\.`)
          .replaceAll('*', '.*')
          .replaceAll('?', '.');
        assert.equal(matchesGlob(glob, name), new RegExp(`^${source}$`, 'i').test(name));
      }),
    );
  });

  test('many stars cost no more than length times length', () => {
    assert.ok(!matchesGlob(`${'*a'.repeat(120)}b`, 'a'.repeat(255)));
  });

  test('letters that only JavaScript takes for ASCII stay apart', () => {
    assert.ok(
      !isSameName('ſystem', 'system') && !isSameName('wın', 'win') && !isSameName('straße', 'STRASSE'),
    );
    assert.ok(isSameName('Übung', 'üBUNG'));
    assert.equal(foldName('ntfs.sys'), 'NTFS.SYS');
  });
});

test('a path on the volume gets the name of its deepest place', () => {
  const windows = { root: 'W:\\', windowsDirectory: 'W:\\WINNT' };
  assert.equal(factPathOf(windows, 'w:\\winnt\\System32\\a.sys'), String.raw`%systemroot%\system32\a.sys`);
  assert.equal(factPathOf(windows, 'W:\\Program Files\\A\\b.dll'), String.raw`%programfiles%\a\b.dll`);
  assert.equal(factPathOf(windows, 'W:\\pagefile.sys'), String.raw`%systemdrive%\pagefile.sys`);
  assert.equal(factPathOf(windows, 'X:\\a.sys'), undefined);
  assert.equal(factPathOf(windows, 'W:\\WINNT.OLD\\a.sys'), String.raw`%systemdrive%\winnt.old\a.sys`);
});

test('sentences name facts', () => {
  assert.equal(sayFact('driver.csagent.version'), 'version of driver csagent');
  assert.equal(sayFact('crash.code'), 'bugcheck code');
});
