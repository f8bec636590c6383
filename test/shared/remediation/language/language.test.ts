import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { actionDefinitions } from '../../../../shared/remediation/action-table.ts';
import { conditionDefinitions } from '../../../../shared/remediation/condition-table.ts';
import { completeAt } from '../../../../shared/remediation/language/complete.ts';
import { highlightLine } from '../../../../shared/remediation/language/highlight.ts';
import { hoverAt } from '../../../../shared/remediation/language/hover.ts';
import { knownNamesOf } from '../../../../shared/remediation/language/known-names.ts';

const known = knownNamesOf([
  {
    'file.%systemroot%\\system32\\drivers\\contoso\\bad-1.sys': {
      sizeBytes: 1,
      writtenAt: '2024-07-19T04:09:33.000Z',
    },
    'driver.cntflt.version': '4.2.3',
    'crash.module': 'cntflt.sys',
    'service.wuauserv.start': 'demand-start',
  },
]);

/** Labels offered at `|`. */
function offered(marked: string): readonly string[] {
  const at = marked.indexOf('|');
  return completeAt(marked.replace('|', ''), at, known).options.map(one => one.label);
}

describe('completion', () => {
  test('the first word of a line: every verb of the table, and fields and verbs in bodies', () => {
    for (const { verb } of actionDefinitions) assert.ok(offered('|').includes(verb), verb);
    assert.ok(offered('|').includes('require'));
    assert.deepEqual(offered('remediation "x"\n  |'), ['risk', 'source', 'tell']);
    assert.deepEqual(offered('remediation "x"\n  risk |'), ['low', 'medium', 'high']);
    assert.deepEqual(
      offered('in %SystemRoot%\\x\n  |').filter(one => one === 'disable'),
      [],
    );
  });

  test('conditions of the table, only changeable ones behind verify, also in groups', () => {
    for (const { openings } of conditionDefinitions)
      for (const opening of openings) assert.ok(offered('require |').includes(opening), opening);
    assert.ok(!offered('verify |').includes('crash code'));
    assert.ok(offered('require any of\n  |').includes('crash code'));
  });

  test('what follows comes from the form of the row', () => {
    assert.deepEqual(offered('disable |'), ['driver', 'service']);
    assert.ok(offered('disable driver |').includes('cntflt'));
    assert.deepEqual(offered('enable driver cntflt |'), [
      'as boot-start',
      'as system-start',
      'as auto-start',
      'as demand-start',
    ]);
    assert.ok(offered('require driver cntflt version |').includes('at least'));
    assert.ok(offered('require driver cntflt |').includes('is disabled'));
    assert.ok(offered('require crash module is |').includes('cntflt.sys'));
    assert.ok(offered('require service |').includes('wuauserv'));
    assert.deepEqual(offered('add |'), ['registry entry', 'filter entry']);
    assert.ok(offered('remove registry |').includes('key'));
    assert.deepEqual(offered('remove registry key HKLM\\SOFTWARE\\Contoso, |'), ['at most']);
    assert.ok(offered('require registry key HKLM\\SOFTWARE\\Contoso is |').includes('absent'));
    assert.ok(offered('set registry HKLM\\SOFTWARE\\Contoso value X to |').includes('expandable text'));
    assert.ok(offered('require registry HKLM\\SOFTWARE\\Contoso value X |').includes('has no entry'));
    assert.deepEqual(offered('add filter entry |'), ['cntflt']);
    assert.deepEqual(offered('add filter entry cntflt to |'), [
      'upper filters of',
      'upper filters of devices',
      'lower filters of',
      'lower filters of devices',
    ]);
    assert.ok(offered('add filter entry cntflt to upper filters of |').includes('DiskDrive'));
    assert.deepEqual(offered('add filter entry cntflt to upper filters of DiskDrive, |'), ['before']);
  });

  test('paths that machines reported, places, clauses', () => {
    assert.ok(offered('delete |').includes('%SystemRoot%\\system32\\drivers\\contoso\\bad-1.sys'));
    assert.ok(offered('delete %Sys|').includes('%SystemRoot%\\'));
    assert.ok(offered('in |').includes('%SystemRoot%\\system32\\drivers\\contoso'));
    assert.ok(offered('delete %SystemRoot%\\a*.sys, |').includes('at most'));
    assert.ok(offered('disable driver cntflt, |').includes('removing filter entries'));
    assert.ok(offered('require file %SystemRoot%\\a.sys, |').includes('written'));
  });

  test('nothing in comments and texts; the begun word is replaced', () => {
    assert.deepEqual(offered('# del|'), []);
    assert.deepEqual(offered('remediation "del|"'), []);
    assert.equal(completeAt('  del', 5).from, 2);
  });

  test('any position of any text gives an answer', () => {
    const text =
      'remediation "x"\n  risk low\n\nrequire any of\n  crash code is 0x50\n\n\tdelete "%S\\a b.sys", at most 4 files\nset registry HKLM\\SYSTEM value "" to number 4\n';
    for (let at = 0; at <= text.length; at++) {
      completeAt(text, at, known);
      hoverAt(text, at);
    }
  });
});

describe('hover', () => {
  test('a verb tells its class, undo and traps from the table', () => {
    for (const { verb, form, undo } of actionDefinitions) {
      const hover = hoverAt(`${verb} x`, 1);
      assert.equal(hover?.form, form);
      assert.ok(hover.paragraphs.some(one => one.includes(undo)));
    }
  });

  test('conditions, clauses, places and keywords', () => {
    const at = (text: string, word: string) => hoverAt(text, text.indexOf(word) + 1)?.form;
    assert.equal(at('require crash code is 0x50', 'crash'), 'crash code is 0x50');
    assert.equal(at('require driver a is disabled', 'driver'), '(driver|service) NAME is START');
    assert.equal(at('require driver a version 4', 'driver'), 'driver NAME version RANGE');
    assert.equal(at('delete %SystemRoot%\\a.sys, size 4 KB', 'size'), 'size RANGE');
    assert.equal(at('delete %SystemRoot%\\a.sys', '%System'), '%SystemRoot%');
    assert.equal(at('reboot', 'reboot'), 'reboot');
    assert.equal(at('# reboot', 'reboot'), undefined);
  });
});

test('colours of a line', () => {
  const kinds = (line: string) =>
    highlightLine(line, 10).map(({ kind, span }) => [kind, line.slice(span.start - 10, span.end - 10)]);
  assert.deepEqual(kinds('  delete %SystemRoot%\\a.sys, at most 4 files'), [
    ['verb', 'delete'],
    ['path', '%SystemRoot%\\a.sys'],
    ['word', 'at'],
    ['word', 'most'],
    ['number', '4'],
    ['word', 'files'],
  ]);
  assert.deepEqual(kinds('# why'), [['comment', '# why']]);
  assert.deepEqual(kinds('tell "x"'), [
    ['keyword', 'tell'],
    ['text', '"x"'],
  ]);
});
