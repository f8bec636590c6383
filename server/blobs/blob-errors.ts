/** What is stored is not what was kept: changed, cut off, or missing. */
export class BlobDamaged extends Error {
  override readonly name = 'BlobDamaged';
}

/** A stream that was to be staged is longer than its limit. */
export class BlobTooLarge extends Error {
  override readonly name = 'BlobTooLarge';
}
