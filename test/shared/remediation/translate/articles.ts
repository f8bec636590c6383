/**
 * Steps as vendors publish them, in our words: the commands, paths and numbers are those of the articles, the sentences
 * are not. What each line comes to is a golden.
 */
export const articles: Readonly<Record<string, string>> = {
  'a filter that went missing': String.raw`1. Start from the installation media to reach the recovery environment.
2. From "Install Windows," choose "Next" and click "Repair your computer."
3. Run "diskpart" then "list vol" and note the drive letter of the volume.
4. Run "cd Z:\Windows\System32\config."
5. Run "mkdir Backup" then "copy SYSTEM Backup\SYSTEM" to keep a backup of the hive.
6. Run "reg load HKLM\Temp SYSTEM" to load it.
7. Run "regedit" and open "HKLM\Temp\ControlSet001\Control\Class."
8. Search for "UpperFilters" and write down the drivers that are not of Windows.
9. Remove "cntflt" from the UpperFilters of the class.
10. Run "reg unload HKLM\Temp" and reboot.
`,
  'one file over its twin': String.raw`Select the Troubleshoot button.
Select the "Advanced options" button.
Select the "Command Prompt" button and wait until the device has restarted, if it has to.
Run this command (if Windows lies elsewhere: change the letters): xcopy C:\windows\system32\drivers\hidparse.sys C:\windows\system32\hidparse.sys
When it is done, type: exit
Select the "Continue" button.
Windows should now start.
`,
  'a stop at an unreadable disk': String.raw`Run the following command to look at the boot store: bcdedit
Bcdboot <OSDrive>:\windows /s <SYSTEMdrive>: /f UEFI
chkdsk /f /r <OsDrive>:
Dism /Image:<the OS drive>: /Get-packages
Navigate to OSdriveLetter:\Windows\WinSxS, and then check whether Pending.xml exists. If it does, rename it to Pending.xml.old.
Dism /Image:C:\ /Cleanup-Image /RevertPendingActions
Select HKEY_LOCAL_MACHINE, and then go to File > Load Hive.
Expand HKEY_LOCAL_MACHINE\Offline, keep a backup of it, and then delete the PendingXmlIdentifier key.
Check whether the Start value of the TrustedInstaller service is 4.
copy <OSdrive>:\windows\SYSTEM32\config\SYSTEM SYSTEM.old
sfc /scannow /OffBootDir=C:\ /OffWinDir=C:\Windows
`,
  'an update that does not finish': String.raw`Workaround:
After installing KB5039211, devices might fail to start up.
1. Start in the recovery environment and select Command Prompt.
2. Type dism.exe /image:C:\ /cleanup-image /revertpendingactions and press Enter.
3. At the command prompt, type bcdedit /deletevalue {default} safeboot, and then press ENTER.
4. Open Command Prompt and run sfc /scannow /offbootdir=C:\ /offwindir=C:\Windows to repair what is damaged.
5. Select Command Prompt, where dism /image:C:\ /remove-driver helps, too.
6. Roll back by renaming C:\Windows\System32\drivers\cntflt.old to cntflt.sys and copying what was there before.
Type exit and press Enter.
`,
  'a keyboard driver': String.raw`Boot into safe mode: hold Shift while clicking Restart.
Or: in the command prompt, change directory to C:\Windows\System32\drivers and rename HpqKbFiltr.sys to HpqKbFiltr.old
Run pnputil /enum-drivers to list the drivers of others.
dism /image:C:\ /remove-driver /driver:oem12.inf
In safe mode, open Device Manager and uninstall the driver.
Update all drivers from the page of the manufacturer.
Disable Secure Boot in the firmware.
`,
  'an antivirus after an update': String.raw`Start in safe mode.
Set the startup type of the "Sophos Anti-Virus" service to Disabled.
Change the Start value below HKLM\SYSTEM\CurrentControlSet\Services\SAVService from 2 to 4.
In the registry, set HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Sophos MCS Agent\Start to 0x00000004
Set-Service -Name SAVAdminService -StartupType Disabled
Restart, then uninstall update KB4493472.
wusa /uninstall /kb:4493472 /quiet /norestart
Select Uninstall Updates and choose the latest quality update.
Restore the computer to a restore point.
Run Startup Repair.
`,
  'a known issue rollback': String.raw`This issue is mended by a Known Issue Rollback (KIR).
Install the Group Policy: Windows 11 22H2 KB5039302 240712_21501 Known Issue Rollback.msi
Set the policy to Disabled.
<policy name="KB5039302_Issue_001" class="Machine" key="SYSTEM\CurrentControlSet\Policies\Microsoft\FeatureManagement\Overrides" valueName="1234567890">
reg add HKLM\SYSTEM\CurrentControlSet\Policies\Microsoft\FeatureManagement\Overrides /v 2345678901 /t REG_DWORD /d 0 /f
Set-ItemProperty -Path HKLM:\SYSTEM\CurrentControlSet\Policies\Microsoft\FeatureManagement\Overrides -Name 3456789012 -Value 0 -Type DWord
Restart the device.
`,
  'evidence for the vendor': String.raw`Enable boot logging.
Collect C:\Windows\ntbtlog.txt and send it to support.
Send us %SystemRoot%\System32\LogFiles\Srt\SrtTrail.txt, too.
Gather these logs: C:\Windows\Logs\CBS\CBS.log, C:\Windows\Logs\DISM\dism.log
Copy C:\Windows\MEMORY.DMP to a USB drive and upload it to the case.
copy C:\Windows\Minidump\*.dmp E:\
wevtutil epl System C:\temp\system.evtx
Please attach setupapi.dev.log from C:\Windows\INF.
Collect the registry hives.
Collect C:\Users\Ada\Desktop\report.zip
copy C:\Windows\Contoso.ini D:\
`,
  'words for the person': String.raw`Tell the user: "Please leave the charger connected."
Inform the users that the repair takes ten minutes.
Show a message on the screen.
msg * "We are repairing your computer"
echo Deleting the content file. Reboot.
`,
  'a batch file': String.raw`@echo off
set drive=C:
if exist C:\Windows\System32\drivers\bad.sys del /f C:\Windows\System32\drivers\bad.sys
if not exist C:\Windows\good.sys copy D:\good.sys C:\Windows\good.sys
for %%d in (C D E) do del %%d:\Windows\System32\drivers\bad.sys
regsvr32 contoso.dll
goto end
:end
Remove-ItemProperty -Path HKLM:\SOFTWARE\Contoso -Name Channel
shutdown /r /t 0
`,
  'settings in the registry': String.raw`Delete the registry key HKLM\SOFTWARE\Contoso\Agent.
Delete the value Channel under "HKEY_LOCAL_MACHINE\SOFTWARE\My Vendor\Agent"
Set the value AutoReboot of HKLM\SYSTEM\CurrentControlSet\Control\CrashControl to 0
Set CrashDumpEnabled value in HKLM\SYSTEM\CurrentControlSet\Control\CrashControl to 0x1
Delete the values under HKLM\SOFTWARE\Contoso\Agent
Remove HKLM\SOFTWARE\Contoso\Agent
`,
};
