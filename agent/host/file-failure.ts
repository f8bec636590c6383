import { type FileFailureCode, HostError } from './host.ts';

/** A file call that surely changed nothing and will not work when repeated. */
export const fileError = (code: FileFailureCode, message: string, cause?: unknown): HostError =>
  new HostError({ kind: 'permanent', code, message }, cause === undefined ? undefined : { cause });
