import { bugcheckName } from './bugcheck.ts';

/**
 * The bucket of a crash as people read it: `cntflt+0x31a8 · 0x50 PAGE_FAULT_IN_NONPAGED_AREA`. A signature that was
 * not made by `signatureOf` stays as it is.
 */
export function sayBucket(signature: string): string {
  const [code, , , module, place, ...more] = signature.split('|');
  if (!code || !module || !place || more.length > 0 || !/^0x[0-9a-f]{1,8}$/.test(code)) return signature;
  const [offset] = place.split('@');
  const where = module === '-' ? '' : `${module}${offset === '-' ? '' : `+${offset}`} · `;
  const name = bugcheckName(Number(code));
  return `${where}${code}${name === null ? '' : ` ${name}`}`;
}
