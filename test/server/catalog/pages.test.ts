import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { readIssueFolders } from '../../../server/cli/issue/issue-folder.ts';
import { pagesOf } from '../../../server/cli/issue/write-pages.ts';
import { top } from '../../support/imports.ts';

test('the pages of the catalogue are as its entries say; `bootmend issue pages server/catalog --to docs/catalogue` renews them', () => {
  const home = path.join(top, 'docs/catalogue');
  const pages = pagesOf(readIssueFolders(path.join(top, 'server/catalog'))!);
  assert.deepEqual(readdirSync(home).sort(), [...pages.keys()].sort());
  for (const [name, text] of pages) assert.equal(readFileSync(path.join(home, name), 'utf8'), text, name);
});
