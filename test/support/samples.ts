import { existsSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../../shared/samples');

/** Where a real sample file lies, when it is at hand; samples are never part of the project. */
export const samplePath = (name: string): string => path.join(folder, name);

/** For the `skip` option of a test: false when the sample is there, else the reason. */
export const skipWithout = (name: string): string | false =>
  existsSync(samplePath(name))
    ? false
    : 'real dumps and logs are kept outside of the project and are not here';
