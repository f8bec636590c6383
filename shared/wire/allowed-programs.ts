import * as z from 'zod/mini';
import { line, sha256Hex } from './primitives.ts';

/** The programs that scripts may run on a device, as its own list says. The list decides; this tells of it. */
export const allowedPrograms = z.array(z.object({ path: line, sha256: sha256Hex })).check(z.maxLength(32));
