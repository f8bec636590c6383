import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenWords } from '../../../agent/core/screen-words.ts';
import { composeScreen } from '../../../agent/host/compose-screen.ts';
import type { ScreenState } from '../../../agent/host/host.ts';

const [columns, rows] = [80, 25];
const card = { deviceName: 'LAPTOP-4711', incidentCode: 'K7Q2-9MPD', helpDesk: '+49 30 1234567' };
const full = { ...card, bitLockerKeyIds: ['6A1D4C7F-0A1B-4C2D-8E3F-0123456789AB'], unlockCode: '4711-0815' };

function linesOf(state: Partial<ScreenState>, wide = columns, high = rows): string[] {
  const whole = {
    headline: 'Repairing',
    detail: 'Please wait.',
    progress: { done: 10, of: 12 },
    card,
    ...state,
  };
  const { text, attributes } = composeScreen(whole, wide, high);
  assert.deepEqual([text.length, attributes.length], [wide * high, wide * high]);
  return Array.from({ length: high }, (_, row) => text.slice(row * wide, (row + 1) * wide).trimEnd());
}

const long = (words: number) => Array.from({ length: words }, (_, at) => `word${at}`).join(' ');

test('every phase stands on 80 by 25 with the whole card and its bar', () => {
  for (const words of Object.values(screenWords)) {
    const lines = linesOf({ ...words, card: full });
    assert.equal(lines[4], `    ${words.headline}`);
    assert.equal(lines[6], `    ${words.detail}`);
    assert.match(lines[8]!, /^ {4}█{60}░{12}$/);
    assert.deepEqual(lines.slice(18, 23), [
      '    This device     LAPTOP-4711',
      '    Incident        K7Q2-9MPD',
      '    Recovery key    6A1D4C7F-0A1B-4C2D-8E3F-0123456789AB',
      '    Unlock code     4711-0815',
      '    Help desk       +49 30 1234567',
    ]);
    assert.deepEqual([lines[17], lines[23], lines[24]], ['', '', '']);
  }
});

test('texts of any length give way to the card and say that they go on', () => {
  for (const detail of [long(40), long(400), 'x'.repeat(5000)]) {
    const lines = linesOf({ headline: long(60), detail, card: full });
    assert.match(lines[5]!, /…$/);
    assert.equal(lines[17], '', 'a blank row above the card');
    assert.equal(lines[18], '    This device     LAPTOP-4711');
    assert.equal(lines.filter(line => line.includes('█')).length, 1, 'the bar is there');
    assert.ok(lines.every(line => line.length <= 76));
    if (detail.length > 1000) assert.match(lines[14]!, /…$/);
  }
});

test('a device name of 40 characters and a help desk of 200 stand there whole', () => {
  const deviceName = 'KASSENRECHNER-FILIALE-0815-OBERGESCHOSS1';
  const helpDesk = `${long(24)} ${'9'.repeat(24)}`.slice(0, 200);
  const lines = linesOf({ card: { ...full, deviceName, helpDesk } });
  assert.ok(lines.includes(`    This device     ${deviceName}`));
  const at = lines.findIndex(line => line.startsWith('    Help desk'));
  const told = lines.slice(at, 23).map(line => line.slice(20));
  assert.equal(told.join(' '), helpDesk);
});

test('letters that need two cells have them, and nothing is drawn over them', () => {
  const helpDesk =
    'ヘルプデスク 03-1234 サポート窓口にお電話ください。端末名と番号をお伝えください。担当者が対応します。';
  const lines = linesOf({ card: { ...card, helpDesk } });
  const at = lines.findIndex(line => line.startsWith('    Help desk'));
  assert.equal(lines[at]!.slice(20, 36), 'ヘ ル プ デ ス ク  03-');
  const told = lines.slice(at, 23).map(line => line.slice(20));
  assert.ok(told.length > 1 && told.every(line => line.length <= 59));
  const letters = (text: string) => text.replaceAll(' ', '');
  assert.equal(letters(told.join('')), letters(helpDesk));
});

test('Greek and Cyrillic stand as they are; what has no cell of its own, and controls, are question marks', () => {
  const lines = linesOf({ detail: 'Служба Βοήθεια \u0007 😀' });
  assert.equal(lines[6], '    Служба Βοήθεια ? ?');
});

test('a smaller or larger console still gets the card', () => {
  for (const [wide, high] of [
    [40, 16],
    [132, 50],
    [20, 8],
  ] as const) {
    const lines = linesOf({ detail: long(300), card }, wide, high);
    assert.ok(lines.some(line => line.includes('LAPTOP') || wide < 32));
  }
  assert.equal(composeScreen({ headline: 'a', detail: long(9), card }, 1, 1).text.length, 1);
});
