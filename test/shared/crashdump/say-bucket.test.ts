import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayBucket } from '../../../shared/crashdump/say-bucket.ts';

test('a bucket is said as people read it; what is none stays as it is', () => {
  for (const [signature, said] of [
    ['0x50|0x2|read|cntflt|0x31a8@0x6699f1a8-0x60000', 'cntflt+0x31a8 · 0x50 PAGE_FAULT_IN_NONPAGED_AREA'],
    ['0x7e|0xc0000005|-|amdppm|-', 'amdppm · 0x7e SYSTEM_THREAD_EXCEPTION_NOT_HANDLED'],
    ['0xef|-|-|csrss.exe|-', 'csrss.exe · 0xef CRITICAL_PROCESS_DIED'],
    ['0x7b|-|-|-|-', '0x7b INACCESSIBLE_BOOT_DEVICE'],
    ['0x12345678|-|-|-|-', '0x12345678'],
    ['AV_csagent!unknown_function', 'AV_csagent!unknown_function'],
    ['a|b|c|d|e', 'a|b|c|d|e'],
    ['0x50||||', '0x50||||'],
    ['', ''],
  ] as const)
    assert.equal(sayBucket(signature), said);
});
