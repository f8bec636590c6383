import { parseArgs } from 'node:util';
import { findNearWord } from '../../shared/remediation/near-word.ts';
import { fillTemplate, openFieldsOf, templates } from '../../shared/remediation/templates/template-table.ts';
import { alignColumns, processTerminal, reportFailure, type Terminal, wrongUsage } from './terminal.ts';

/**
 * `bootmend template list` and `bootmend template ID [--set NAME=VALUE …]`: scripts for usual jobs, with the places an
 * author fills. The exit code is 0 only when every place is filled.
 */
export function runTemplate(argv: readonly string[], terminal: Terminal = processTerminal): number {
  const asked = readArguments(argv);
  if (!asked) return wrongUsage('template', terminal);
  const { id, json, values } = asked;
  if (id === 'list') {
    if (json) terminal.out(`${JSON.stringify(templates, null, 2)}\n`);
    else terminal.out(`${alignColumns(templates.map(one => [one.id, one.title, one.when])).join('\n')}\n`);
    return 0;
  }
  const template = templates.find(one => one.id === id);
  if (!template) {
    const names = templates.map(one => one.id);
    const message = `there is no template ${id}${meant(id, names)}; there are ${names.join(', ')}`;
    reportFailure(terminal, json, { code: 'no-such-template', message });
    return 1;
  }
  const places = template.fields.map(field => field.name);
  const unknown = Object.keys(values).find(name => !places.includes(name));
  if (unknown !== undefined) {
    const message = `the template ${id} has no place ${unknown}${meant(unknown, places)}; --set NAME=VALUE takes ${places.join(', ')}`;
    reportFailure(terminal, json, { code: 'no-such-place', message });
    return 1;
  }
  const text = fillTemplate(template, values);
  const open = openFieldsOf(text);
  if (json) terminal.out(`${JSON.stringify({ ok: open.length === 0, text, open }, null, 2)}\n`);
  else terminal.out(text);
  const rows = template.fields
    .filter(field => open.includes(field.name))
    .map(field => [`--set ${field.name}=…`, field.meaning, `as ${field.example}`]);
  if (rows.length > 0) terminal.error(`To fill:\n${alignColumns(rows).join('\n')}\n`);
  return open.length === 0 ? 0 : 1;
}

function meant(given: string, words: readonly string[]): string {
  const near = findNearWord(given, words);
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { set: { type: 'string', multiple: true }, json: { type: 'boolean' } },
  });
  const [id, ...more] = positionals;
  const pairs = (values.set ?? []).map(pair => {
    const [name = ''] = pair.split('=', 1);
    return [name, pair.slice(name.length + 1)];
  });
  if ((values.set ?? []).some(pair => !pair.includes('='))) return undefined;
  if (id === undefined || more.length > 0) return undefined;
  return { id, json: values.json ?? false, values: Object.fromEntries(pairs) as Record<string, string> };
}
