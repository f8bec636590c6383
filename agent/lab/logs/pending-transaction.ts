/** What servicing left for the next start. */
export interface LabPendingTransaction {
  /** Packages with how many components each installs. */
  readonly packages: readonly { readonly identity: string; readonly components: number }[];
  /** Files that are put in place: store path and path. */
  readonly files: readonly { readonly source: string; readonly destination: string }[];
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Builds WinSxS\pending.xml. */
export function buildPendingTransaction({ packages, files }: LabPendingTransaction): Uint8Array {
  const lines = [
    "<?xml version='1.0' encoding='utf-8'?>",
    '<PendingTransaction Version="3.1" WcpVersion="10.0.22621.2567 (WinBuild.160101.0800)" Identifier="916ae75edb30da0146730000dc1be027">',
    '\t<Transactions>',
    ...packages.flatMap(({ identity, components }, index) => [
      `\t\t<Transaction TransactionId="${index}">`,
      ...Array.from({ length: components }, (_, number) => {
        const application = `Component-${number}, Culture=neutral, Version=10.0.22621.3880, PublicKeyToken=31bf3856ad364e35, ProcessorArchitecture=amd64, versionScope=NonSxS`;
        return `\t\t\t<Install Application="${application}" RefGuid="{d16d444c-56d8-11d5-882d-0080c847b195}" RefIdentifier="${escaped(identity)}" RefExtra=""/>`;
      }),
      '\t\t</Transaction>',
    ]),
    '\t</Transactions>',
    '\t<ChangeList>',
    '\t</ChangeList>',
    '\t<POQ postAction="reboot">',
    ...files.map(
      ({ source, destination }) =>
        `\t\t<HardlinkFile source="${escaped(source)}" destination="${escaped(destination)}"/>`,
    ),
    '\t</POQ>',
    '\t<POQ>',
    '\t</POQ>',
    '\t<InstallerQueue Length="0x00000000">',
    '\t</InstallerQueue>',
    '</PendingTransaction>',
  ];
  return Uint8Array.from(Buffer.from(lines.map(line => `${line}\r\n`).join(''), 'utf8'));
}
