const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Profiles and accounts that every Windows has; they tell nothing about a person. */
const commonAccounts = new Set([
  ...words(
    'public default defaultuser0 administrator guest system localservice networkservice systemprofile',
  ),
  'default user',
  'all users',
  'local service',
  'network service',
]);

/** First parts of `X\name` that are no domains: roots of the registry and of the object manager, buses of devices. */
const windowsRoots = words(
  `hklm hkcu hkcr hku hkey_local_machine hkey_current_user hkey_users registry machine system software security sam
  controlset001 controlset002 currentcontrolset windows winnt systemroot system32 syswow64 drivers device driver
  filesystem global boot efi recovery program programdata users temp inf logs pci usb usbstor acpi root sw swd hid
  hdaudio scsi storage display monitor ide bth bthenum bthle vmbus uefi isapnp pcmcia sd sensor mf wpd wpdbusenum
  microsoft classes services control setup select nt builtin authority interface kernel nvme rdpbus tsusb umb`,
);

/** Words that stand in every path and log; as a name they are replaced only where the place says that it is one. */
const ordinaryWords = words(
  'windows users program files data local temp roaming log driver drivers user host',
);

/** Whether an account name is one that every Windows has. */
export const isCommonAccount = (name: string): boolean => commonAccounts.has(name.toLowerCase());

/** Whether what stands before a backslash is a place of Windows and no domain or server. */
export const isWindowsRoot = (name: string): boolean => windowsRoots.has(name.toLowerCase());

/** Whether a name may be replaced wherever it stands as a word. */
export const isTellingName = (name: string): boolean => {
  const folded = name.toLowerCase();
  return name.length >= 3 && !ordinaryWords.has(folded) && !windowsRoots.has(folded) && !/^\d+$/.test(name);
};
