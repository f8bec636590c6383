# Remediation script for Intune: puts the agent and a bundle of "bootmend token new" on the machine and provisions it.
# Run it in 64-bit PowerShell as SYSTEM. Deliver bootmend.exe and bundle.json to this folder first, as a Win32 app.
$source = Join-Path $env:ProgramData 'BootmendSetup'
$agent = Join-Path $source 'bootmend.exe'
$bundle = Join-Path $source 'bundle.json'
foreach ($file in $agent, $bundle) {
  if (-not (Test-Path $file)) { Write-Output "$file is missing."; exit 1 }
}
& $agent provision --bundle $bundle --json
$code = $LASTEXITCODE
if ($code -eq 0) { Remove-Item $bundle; exit 0 }
Write-Output "bootmend provision ended with $code."
exit 1
