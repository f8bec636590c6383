import type { DebianPackage } from '../../agent/build/debian-packages.ts';
import { tokenEngine } from '../../agent/build/sign-agent.ts';
import { toolchainPackages } from '../../agent/build/toolchain.ts';

export const chromium: DebianPackage = { name: 'chromium', file: '/usr/bin/chromium' };
/** A second reader and writer of registry hives. */
export const hivex: DebianPackage = { name: 'libhivex-bin', file: '/usr/bin/hivexsh' };
export const xz: DebianPackage = { name: 'xz-utils', file: '/usr/bin/xz' };
/** A second reader of event logs. */
export const libevtx: DebianPackage = { name: 'libevtx-utils', file: '/usr/bin/evtxexport' };
/** Makes, edits and reads images of the recovery environment. */
export const wimtools: DebianPackage = { name: 'wimtools', file: '/usr/bin/wimlib-imagex' };
/** Runs the examples of the API as they stand in its document. */
export const curl: DebianPackage = { name: 'curl', file: '/usr/bin/curl' };
/** Signs programs for Windows, and checks such signatures. */
export const osslsigncode: DebianPackage = { name: 'osslsigncode', file: '/usr/bin/osslsigncode' };
/** A token for keys in software, and what lets OpenSSL use tokens. */
export const softhsm: DebianPackage = { name: 'softhsm2', file: '/usr/bin/softhsm2-util' };
export const openssl: DebianPackage = { name: 'openssl', file: '/usr/bin/openssl' };
/** Lose packets in a network of their own. */
export const nftables: DebianPackage = { name: 'nftables', file: '/usr/sbin/nft' };
export const iproute2: DebianPackage = { name: 'iproute2', file: '/usr/bin/ip' };
/** Lets programs believe that it is another day. */
export const faketime: DebianPackage = { name: 'faketime', file: '/usr/bin/faketime' };
/** Stands before the console as a reverse proxy. */
export const nginx: DebianPackage = { name: 'nginx', file: '/usr/sbin/nginx' };
/** Runs the agent's executable. */
export const wine: DebianPackage = { name: 'wine64', file: '/usr/lib/wine/wine64' };

export const allPackages: readonly DebianPackage[] = [
  chromium,
  hivex,
  xz,
  libevtx,
  wimtools,
  curl,
  osslsigncode,
  openssl,
  softhsm,
  tokenEngine,
  nftables,
  iproute2,
  faketime,
  nginx,
  wine,
  ...toolchainPackages,
];
