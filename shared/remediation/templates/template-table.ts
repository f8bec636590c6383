/** A place of a template that its author fills. */
export interface TemplateField {
  /** As it stands in the text between braces. */
  readonly name: string;
  readonly meaning: string;
  /** A value that makes a sound script. */
  readonly example: string;
}

/** A script for a usual job, with places to fill. It does not pass `check` before all of them are filled. */
export interface Template {
  readonly id: string;
  readonly title: string;
  /** When it is the right one. */
  readonly when: string;
  readonly fields: readonly TemplateField[];
  readonly text: string;
}

const title: TemplateField = {
  name: 'title',
  meaning: 'what it heals, in one sentence',
  example: 'Delete the bad content of 19 July 2024',
};
const source: TemplateField = {
  name: 'source',
  meaning: 'where the vendor published it',
  example: 'https://example.com/advisory',
};
const module: TemplateField = {
  name: 'module',
  meaning: 'the driver file that the crash dump blames',
  example: 'csagent.sys',
};
const driver: TemplateField = {
  name: 'driver',
  meaning: 'name of the driver, as its service is called',
  example: 'cntflt',
};
const bad: TemplateField = { name: 'bad', meaning: 'the first bad version', example: '4.2.0' };
const mended: TemplateField = {
  name: 'mended',
  meaning: 'the first version that is good again',
  example: '4.2.7',
};
const from: TemplateField = {
  name: 'from',
  meaning: 'when the first bad file was written, UTC',
  example: '2024-07-19 04:09 UTC',
};
const until: TemplateField = {
  name: 'until',
  meaning: 'when the first good file was written, UTC',
  example: '2024-07-19 05:27 UTC',
};
const folder: TemplateField = {
  name: 'folder',
  meaning: 'the folder, from its place on',
  example: String.raw`%SystemRoot%\System32\drivers\CrowdStrike`,
};
const file: TemplateField = {
  name: 'file',
  meaning: 'the file name, with a wildcard where bad files differ',
  example: 'C-00000291*.sys',
};
const limit: TemplateField = { name: 'limit', meaning: 'how many files it can be at most', example: '4' };

const packageIdentity: TemplateField = {
  name: 'package',
  meaning: 'identity of the package, as `bootmend hive SOFTWARE` lists it',
  example: 'Package_for_KB5039895~31bf3856ad364e35~amd64~~22621.3879.9217.1',
};
const twin: TemplateField = {
  name: 'twin',
  meaning: 'the folder in which the good one lies, from its place on',
  example: String.raw`%SystemRoot%\System32\drivers`,
};

/** Every template there is, the most usual job first. */
export const templates: readonly Template[] = [
  {
    id: 'content-file',
    title: 'Delete a bad content file',
    when: 'A driver is good and crashes on a content or definition file that came with an update.',
    fields: [title, source, module, folder, file, from, until, limit],
    text: String.raw`remediation "{title}"
  risk low
  source {source}
  tell "A faulty update is being removed. Your files are safe."

require crash module is {module}

in {folder}
  delete {file}, written from {from} until {until}, at most {limit} files

verify no file {folder}\{file} written from {from} until {until}
reboot
`,
  },
  {
    id: 'driver',
    title: 'Keep a bad driver from starting',
    when: 'A driver itself crashes Windows, and Windows starts without it.',
    fields: [title, source, module, driver, bad, mended],
    text: String.raw`remediation "{title}"
  risk medium
  source {source}
  tell "A faulty driver is being switched off. Your files are safe."

require crash module is {module}
require driver {driver} version from {bad} until {mended}

disable driver {driver}

verify driver {driver} is disabled
reboot
`,
  },
  {
    id: 'filter-driver',
    title: 'Take a filter driver out of start-up',
    when: 'The bad driver filters disks or other devices: listed and disabled it would stop Windows with 0x7B.',
    fields: [title, source, module, driver, bad, mended],
    text: String.raw`remediation "{title}"
  risk high
  source {source}
  tell "A faulty driver is being switched off. Your files are safe."

require crash module is {module}
require driver {driver} version from {bad} until {mended}
require filter names {driver}

disable driver {driver}, removing filter entries

verify driver {driver} is disabled
verify no filter names {driver}
reboot
`,
  },
  {
    id: 'driver-file',
    title: 'Set a driver file aside',
    when: 'A file in the drivers folder must not be loaded, and no service of it can be switched off.',
    fields: [title, source, module, folder, { ...file, example: 'contoso.sys' }, bad, mended],
    text: String.raw`remediation "{title}"
  risk medium
  source {source}
  tell "A faulty driver is being set aside. Your files are safe."

require crash module is {module}
require file {folder}\{file} version from {bad} until {mended}

in {folder}
  rename {file} to {file}.off, version from {bad} until {mended}

verify no file {folder}\{file}
reboot
`,
  },
  {
    id: 'file-twin',
    title: 'Replace a file by its good twin',
    when: 'A file of Windows is bad in one folder, and a good one of the same name lies in another.',
    fields: [
      title,
      source,
      module,
      twin,
      { ...folder, example: String.raw`%SystemRoot%\System32` },
      { ...file, meaning: 'the file name, the same in both folders', example: 'hidparse.sys' },
      bad,
      mended,
    ],
    text: String.raw`remediation "{title}"
  risk medium
  source {source}
  tell "A faulty file is being replaced. Your files are safe."

require crash module is {module}
require file {folder}\{file} version from {bad} until {mended}
require file {twin}\{file} version at least {mended}

copy {twin}\{file} to {folder}\{file}, version at least {mended}, replacing what is there, including files of Windows

verify file {folder}\{file} version at least {mended}
reboot
`,
  },
  {
    id: 'update',
    title: 'Remove a bad update',
    when: 'Windows does not start since an update was installed, and no single driver or file of it can be named.',
    fields: [title, source, module, packageIdentity],
    text: String.raw`remediation "{title}"
  risk high
  source {source}
  tell "A faulty update is being removed. This can take half an hour. Your files are safe."

require crash module is {module}
require package {package} is installed

# Nothing is verified behind a step without a way back: the agent asks the component store itself.
remove package {package}, accepting no undo

reboot
`,
  },
  {
    id: 'pending-update',
    title: 'Take back an update that did not finish',
    when: 'Windows stops while it finishes an update. Every update that waits for the next start is taken back.',
    fields: [title, source, packageIdentity],
    text: String.raw`remediation "{title}"
  risk high
  source {source}
  tell "An update that did not finish is being taken back. Your files are safe."

require package {package} is install-pending

# It takes back every update that waits. What is left of the work shows only after the next start.
revert pending updates, accepting no undo

reboot
`,
  },
  {
    id: 'safe-mode-detour',
    title: 'Go to safe mode for the repair',
    when: 'Only a running Windows can repair it, as with a vendor’s own tool. Write `safe-mode-return` before this one is approved.',
    fields: [title, source, module, folder, file],
    text: String.raw`remediation "{title}"
  risk high
  source {source}
  tell "Windows starts in safe mode to be repaired. Your files are safe."

require crash module is {module}
require file {folder}\{file}

# Safe mode stays until it is cleared, and BitLocker can ask for its recovery key.
set boot option safe mode with network

reboot
`,
  },
  {
    id: 'safe-mode-return',
    title: 'Come back from safe mode',
    when: 'The second half of `safe-mode-detour`: the bad file was removed in safe mode, and Windows starts normally again.',
    fields: [title, source, folder, file],
    text: String.raw`remediation "{title}"
  risk medium
  source {source}
  tell "Windows starts normally again. Your files are safe."

require no file {folder}\{file}

clear boot option safe mode

reboot
`,
  },
]; // prettier-ignore

/** The text with the fields that have a value filled; what a value says cannot open another line. */
export function fillTemplate({ text, fields }: Template, values: Readonly<Record<string, string>>): string {
  const known = new Set(fields.map(field => field.name));
  return text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => {
    const value = values[name]?.replaceAll(/\p{Cc}/gu, ' ').trim() ?? '';
    return known.has(name) && value !== '' ? value : whole;
  });
}

/** Fields of a text that nobody has filled yet, in the order of the text. */
export const openFieldsOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\{([a-z]+)\}/g)].map(match => match[1]!)),
];
