/** The resource script of the executable: what Windows shows in its properties, and the manifest. */
export function versionResource(version: string): string {
  const numbers = [...version.split('.').map(part => Number.parseInt(part, 10)), 0, 0, 0, 0]
    .slice(0, 4)
    .join(',');
  return `1 24 "bootmend.manifest"
1 VERSIONINFO
FILEVERSION ${numbers}
PRODUCTVERSION ${numbers}
FILEOS 0x40004
FILETYPE 1
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904B0"
    BEGIN
      VALUE "CompanyName", "Bootmend"
      VALUE "FileDescription", "Bootmend agent"
      VALUE "FileVersion", "${version}"
      VALUE "InternalName", "bootmend"
      VALUE "LegalCopyright", "Apache-2.0"
      VALUE "OriginalFilename", "bootmend.exe"
      VALUE "ProductName", "Bootmend"
      VALUE "ProductVersion", "${version}"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
`;
}
