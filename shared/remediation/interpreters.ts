import { foldName } from '../facts/glob.ts';

/**
 * Programs that run, load or install what their arguments name, or that hand a change on to others: whoever allows one
 * of them allows everything. After the lists of programs that are used to get around application control.
 * Sources: Microsoft, applications that can bypass App Control; the LOLBAS project.
 */
const interpreters: ReadonlySet<string> = new Set(
  [
    'addinprocess', 'addinprocess32', 'addinutil', 'appinstaller', 'aspnet_compiler', 'at', 'atbroker', 'autoit3', 'bash', 'bginfo',
    'bitsadmin', 'busybox', 'bun', 'cdb', 'certoc', 'certreq', 'certutil', 'cmd', 'cmdl32', 'cmstp', 'conhost', 'control', 'csc',
    'cscript', 'csi', 'curl', 'dash', 'dbghost', 'dbgsvc', 'deno', 'desktopimgdownldr', 'dfsvc', 'diskpart', 'diskshadow', 'dism', 'dnx', 'dotnet',
    'dxcap', 'esentutl', 'eventvwr', 'expand', 'explorer', 'extexport', 'extrac32', 'finger', 'fltmc', 'forfiles', 'fsi',
    'fsianycpu', 'ftp', 'gpscript', 'gpup', 'hh', 'iexpress', 'ie4uinit', 'ieexec', 'ilasm', 'infdefaultinstall', 'installutil',
    'java', 'javaw', 'jsc', 'kd', 'lua', 'luajit', 'lxrun', 'makecab', 'mavinject', 'microsoft.workflow.compiler', 'mmc',
    'mofcomp', 'msbuild', 'msconfig', 'msdeploy', 'msdt', 'mshta', 'msiexec', 'msxsl', 'net', 'net1', 'netsh', 'node', 'ntkd',
    'ntsd', 'nu', 'odbcconf', 'openconsole', 'pcalua', 'pcwrun', 'perl', 'php', 'pnputil', 'powershell', 'powershell_ise',
    'presentationhost', 'psexec', 'psexec64', 'psr', 'pwsh', 'python', 'python3', 'pythonw', 'rcsi', 'reg', 'regasm', 'regedit',
    'regini', 'register-cimprovider', 'regsvcs', 'regsvr32', 'ruby', 'rubyw', 'runas', 'runexehelper', 'runonce', 'rundll32',
    'runscripthelper', 'sc', 'schtasks', 'scriptrunner', 'setres', 'setupapi', 'sh', 'ssh', 'start', 'stordiag', 'svchost',
    'syncappvpublishingserver', 'tclsh', 'tracker', 'ttdinject', 'tttracer', 'vbc', 'verclsid', 'visualuiaverifynative', 'vsjitdebugger',
    'wfc', 'wfs', 'windbg', 'winget', 'winrs', 'wish', 'wlrmdr', 'wmic', 'workfolders', 'wscript', 'wsl', 'wslconfig', 'wslhost',
    'wuauclt', 'wusa', 'xwizard', 'zsh',
  ].map(foldName),
); // prettier-ignore

/** Whether a file of this name starts by itself. */
export const isProgramName = (name: string): boolean => /.\.exe$/i.test(name);

/** Whether a program of this file name, or built under it, runs what its arguments say. */
export const isInterpreter = (name: string): boolean =>
  interpreters.has(foldName(name.replace(/(?:\.mui)?$/i, '').replace(/\.exe$/i, '')));
