import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFailureOf } from '../../../agent/host/winre-tools.ts';

test('why a program did not start is sorted by the error of Windows, never by its words', () => {
  const codes = [2, 3, 5, 193, 225, 577, 1260, 4551, 4580, 740].map(
    error => startFailureOf('bootmend-trial.exe', error, `Windows error ${error}`).code,
  );
  assert.deepEqual(codes, [
    'tool-missing',
    'tool-missing',
    'tool-not-started',
    'tool-not-started',
    'tool-taken-for-virus',
    'tool-blocked',
    'tool-blocked',
    'tool-blocked',
    'tool-blocked',
    'tool-not-started',
  ]);
});
