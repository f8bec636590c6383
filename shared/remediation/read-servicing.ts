import type { Cursor } from './cursor.ts';

// Name, publisher, architecture, language (may be empty) and version, with a tilde between each. The parts hold no
// blank and nothing that a command line could take for more than one argument.
const identity =
  /^[A-Za-z0-9_.-]{1,128}~[0-9a-f]{1,32}~(?:amd64|x86|arm64|wow64|arm)?~[A-Za-z-]{0,16}~\d{1,9}(?:\.\d{1,9}){1,3}$/i;

/** Reads the identity of a package of the component store. */
export function readPackageIdentity(cursor: Cursor): string | undefined {
  const what = 'the identity of a package, as Package_for_RollupFix~31bf3856ad364e35~amd64~~22621.3880.1.10';
  const token = cursor.readValue(what);
  if (!token || identity.test(token.value)) return token?.value;
  cursor.add('invalid-name', token.span, `"${token.value}" does not fit here. Expected: ${what}.`);
  return undefined;
}

/** Reads the KB number of an update. */
export function readUpdate(cursor: Cursor): string | undefined {
  const what = 'the number of an update, as KB2823324';
  const token = cursor.readValue(what);
  if (!token || /^KB\d{6,8}$/.test(token.value)) return token?.value;
  const digits = /^(?:kb)?[ -]?(\d{6,8})$/i.exec(token.value)?.[1];
  cursor.add(
    'invalid-name',
    token.span,
    `"${token.value}" does not fit here. Expected: ${what}.`,
    digits === undefined ? undefined : { title: `Write KB${digits}`, span: token.span, text: `KB${digits}` },
  );
  return undefined;
}

/** Reads the published name of a driver package. */
export function readDriverPackage(cursor: Cursor): string | undefined {
  const what = 'the published name of a driver package, as oem12.inf';
  const token = cursor.readValue(what);
  if (!token || /^oem\d{1,5}\.inf$/.test(token.value)) return token?.value;
  cursor.add('invalid-name', token.span, `"${token.value}" does not fit here. Expected: ${what}.`);
  return undefined;
}

/** Reads the edition of a Windows, as the registry calls it. */
export function readEdition(cursor: Cursor): string | undefined {
  const what = 'the edition as the registry has it, as Professional or ServerStandard';
  const token = cursor.readValue(what);
  if (!token || /^[A-Za-z][A-Za-z0-9]{0,47}$/.test(token.value)) return token?.value;
  cursor.add('invalid-name', token.span, `"${token.value}" does not fit here. Expected: ${what}.`);
  return undefined;
}

/** Reads the name of a process. */
export function readProcess(cursor: Cursor): string | undefined {
  const what = 'the name of a process, as lsass.exe or System';
  const token = cursor.readValue(what);
  if (!token || /^[A-Za-z0-9_.-]{1,64}$/.test(token.value)) return token?.value;
  cursor.add('invalid-name', token.span, `"${token.value}" does not fit here. Expected: ${what}.`);
  return undefined;
}
