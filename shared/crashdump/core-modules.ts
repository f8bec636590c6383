/**
 * Parts of Windows that carry other drivers' work. When the fault lies in one of them, whoever called it with bad data
 * is the better guess, so they are never named as culprit while somebody else stands on the stack.
 */
const coreModules: ReadonlySet<string> = new Set(
  (
    'ntoskrnl.exe ntkrnlmp.exe ntkrnlpa.exe ntkrpamp.exe hal.dll kd.dll kdcom.dll kdnet.dll ' +
    'kdstub.dll ci.dll bootvid.dll pshed.dll mcupdate_genuineintel.dll mcupdate_authenticamd.dll werkernel.sys ' +
    'clfs.sys tm.sys cmimcext.sys clipsp.sys ntosext.sys securekernel.exe skci.dll msrpc.sys ksecdd.sys ksecpkg.sys ' +
    'cng.sys cea.sys win32k.sys win32kbase.sys win32kfull.sys win32kss.sys fltmgr.sys ntfs.sys refs.sys fastfat.sys ' +
    'exfat.sys fileinfo.sys wof.sys volmgr.sys volmgrx.sys volume.sys volsnap.sys mountmgr.sys partmgr.sys disk.sys ' +
    'classpnp.sys storport.sys ataport.sys scsiport.sys storahci.sys stornvme.sys pci.sys acpi.sys acpiex.sys ' +
    'wmilib.sys wdf01000.sys wdfldr.sys wpprecorder.sys ndis.sys netio.sys fwpkclnt.sys tdi.sys tdx.sys afd.sys ' +
    'dxgkrnl.sys dxgmms1.sys dxgmms2.sys watchdog.sys usbport.sys usbhub.sys usbhub3.sys usbxhci.sys ucx01000.sys ' +
    'usbd.sys hidclass.sys hidparse.sys portcls.sys ks.sys verifierext.sys crashdmp.sys spaceport.sys'
  ).split(' '),
);

/** Whether a module only carries others' work; crash dump copies of drivers (`dump_storport.sys`) count as well. */
export function isCoreModule(name: string): boolean {
  const lower = name.toLowerCase();
  return coreModules.has(lower) || lower.startsWith('dump_');
}

/** A module's name for buckets: lower case, without extension, and `nt` for any kernel. */
export function moduleStem(name: string): string {
  const lower = name.toLowerCase();
  if (/^nt(oskrnl|krnlmp|krnlpa|krpamp)\.exe$/.test(lower)) return 'nt';
  return lower.replace(/\.[a-z]{3}$/, '');
}
