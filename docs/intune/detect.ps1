# Detection script for Intune remediations: 0 when this machine could be healed, 1 when remediate.ps1 shall run.
# Run it in 64-bit PowerShell as SYSTEM.
$agent = Join-Path $env:ProgramW6432 'Bootmend\bootmend.exe'
if (-not (Test-Path $agent)) { Write-Output 'Bootmend is not installed.'; exit 1 }
$text = & $agent status --json
if ($LASTEXITCODE -eq 0) { Write-Output 'Ready.'; exit 0 }
Write-Output ($text -join ' ')
exit 1
