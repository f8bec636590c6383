import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { format } from 'prettier';
import * as z from 'zod/mini';
import { issueSchema } from '../../../../shared/rules/source/issue-schema.ts';

const file = path.join(import.meta.dirname, '../../../../docs/rule.schema.json');

test('the published JSON Schema is drawn from the schema that reads issues', async () => {
  const schema = {
    $comment: 'Drawn from shared/rules/source/issue-schema.ts by its test with BOOTMEND_UPDATE_GOLDENS=1.',
    title: 'Known issue of Bootmend (issue.yaml)',
    ...z.toJSONSchema(issueSchema, { io: 'input' }),
  };
  const text = await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 });
  if (process.env['BOOTMEND_UPDATE_GOLDENS'] === '1') writeFileSync(file, text);
  assert.equal(readFileSync(file, 'utf8'), text);
});
