import { pagedSource } from '../bytes/paged-source.ts';
import { foldName, matchesFoldedGlob } from '../facts/glob.ts';
import { type FoundWindows, pathOfPlace } from '../facts/place.ts';
import type { VolumeView } from '../facts/volume-view.ts';
import { readOrigin } from '../portable-executable/origin.ts';
import { refuse, type Refusal } from './resolve-files.ts';
import type { FilePath } from './tree-parts.ts';

/** The words by which a line reaches files of Windows that no protected place holds. */
export const includingWindows = 'including files of Windows';

/**
 * Drivers in System32\drivers that come with every Windows and that it starts without, but not whole: input, screen,
 * storage and network of many machines hang on them. Known by name, so that one which lies there in pieces counts too.
 */
export const inboxDrivers: readonly string[] = [
  'afd.sys', 'agilevpn.sys', 'ahcache.sys', 'bam.sys', 'basicdisplay.sys', 'basicrender.sys', 'beep.sys',
  'bindflt.sys', 'bowser.sys', 'bthport.sys', 'bthusb.sys', 'cdfs.sys', 'cdrom.sys', 'cldflt.sys', 'cimfs.sys',
  'condrv.sys', 'csc.sys', 'dfsc.sys', 'dxgkrnl.sys', 'dxgmms1.sys', 'dxgmms2.sys', 'exfat.sys', 'fastfat.sys',
  'filecrypt.sys', 'filetrace.sys', 'fwpkclnt.sys', 'gpuenergydrv.sys', 'hdaudbus.sys', 'hidbth.sys',
  'hidclass.sys', 'hidi2c.sys', 'hidparse.sys', 'hidusb.sys', 'http.sys', 'hvservice.sys', 'hvsocket.sys',
  'i8042prt.sys', 'intelppm.sys', 'amdppm.sys', 'ipfltdrv.sys', 'kbdclass.sys', 'kbdhid.sys', 
  'ks.sys', 'ksthunk.sys', 'lltdio.sys', 'luafv.sys', 'mmcss.sys', 'monitor.sys', 'mouclass.sys', 'mouhid.sys',
  'mpsdrv.sys', 'mrxsmb.sys', 'mrxsmb20.sys', 'msfs.sys', 'mslldp.sys', 'mssecflt.sys', 'mssecwfp.sys',
  'mssmbios.sys', 'mup.sys', 'ndiscap.sys', 'ndistapi.sys', 'ndisuio.sys', 'ndisvirtualbus.sys', 'ndiswan.sys',
  'netbios.sys', 'netbt.sys', 'npfs.sys', 'npsvctrig.sys', 'nsiproxy.sys', 'null.sys', 'nwifi.sys', 'pacer.sys',
  'pciide.sys', 'pcw.sys', 'peauth.sys', 'portcls.sys', 'processr.sys', 'qwavedrv.sys', 'raspppoe.sys',
  'rdbss.sys', 'rdpbus.sys', 'refs.sys', 'rspndr.sys', 'scsiport.sys', 'sdbus.sys', 'sdstor.sys', 'serial.sys',
  'sgrmagent.sys', 'smbdirect.sys', 'spacedump.sys', 'srv2.sys', 'srvnet.sys', 'storqosflt.sys', 'swenum.sys',
  'tbs.sys', 'tcpipreg.sys', 'tdi.sys', 'tdx.sys', 'tunnel.sys', 'ucx01000.sys', 'udfs.sys', 'uaspstor.sys',
  'umbus.sys', 'usbccgp.sys', 'usbd.sys', 'usbehci.sys', 'usbhub.sys', 'usbhub3.sys', 'usbport.sys',
  'usbstor.sys', 'usbuhci.sys', 'usbxhci.sys', 'vhdmp.sys', 'vhf.sys', 'vmbkmcl.sys',
  'vwififlt.sys', 'wanarp.sys', 'watchdog.sys', 'wcifs.sys', 'werkernel.sys', 'wfplwfs.sys', 'winhvr.sys',
  'wmiacpi.sys', 'wpprecorder.sys', 'ws2ifsl.sys', 'wudfrd.sys', 'wudfpf.sys',
]; // prettier-ignore

const foldedDrivers = inboxDrivers.map(foldName);

const driversOf = ({ windowsDirectory }: FoundWindows) => `${windowsDirectory}\\System32\\drivers`;

/** A driver of Windows that a path of a script names or that its wildcard fits, as far as the text shows. */
export function findInboxDriver(path: FilePath): string | undefined {
  const windows = { root: 'W:\\', windowsDirectory: 'W:\\Windows' };
  const folder = [pathOfPlace(windows, path.place), ...path.folders].join('\\');
  if (foldName(folder) !== foldName(driversOf(windows))) return undefined;
  const wanted = foldName(path.name);
  return inboxDrivers[foldedDrivers.findIndex(name => matchesFoldedGlob(wanted, name))];
}

/**
 * Refuses a file that belongs to Windows, or may: by its name, or by whom it says that it is from. Recorded facts hold
 * no contents; there the name alone decides.
 */
export function refuseFileOfWindows(volume: VolumeView, path: string): Refusal | undefined {
  const why = claimOn(volume, path);
  return why === undefined
    ? undefined
    : refuse('file-of-windows', `${path} ${why}. Expected on the line: ${includingWindows}.`);
}

function claimOn(volume: VolumeView, path: string): string | undefined {
  const at = path.lastIndexOf('\\');
  const isInbox =
    foldName(path.slice(0, at)) === foldName(driversOf(volume)) &&
    foldedDrivers.includes(foldName(path.slice(at + 1)));
  if (isInbox) return 'is a driver that comes with Windows';
  if (volume.knowsAll) return undefined;
  const source = volume.open(path);
  const origin = source ? readOrigin(pagedSource(source)) : 'unknown';
  if (origin === 'microsoft') return 'says that it is from Microsoft';
  return origin === 'unknown' ? 'cannot be read, so it may be a file of Windows' : undefined;
}
