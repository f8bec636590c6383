#include "privileges.h"
#include "system-library.h"

void use_privileges(void) {
  __typeof__(&OpenProcessToken) open = (void *)find_system_function(L"advapi32.dll", "OpenProcessToken");
  __typeof__(&LookupPrivilegeValueW) look_up = (void *)find_system_function(L"advapi32.dll", "LookupPrivilegeValueW");
  __typeof__(&AdjustTokenPrivileges) adjust = (void *)find_system_function(L"advapi32.dll", "AdjustTokenPrivileges");
  HANDLE token;
  if (!open || !look_up || !adjust || !open(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token)) return;
  static const wchar_t *const names[] = {L"SeBackupPrivilege", L"SeRestorePrivilege", L"SeTakeOwnershipPrivilege",
                                         L"SeSecurityPrivilege", L"SeShutdownPrivilege", L"SeManageVolumePrivilege"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    TOKEN_PRIVILEGES one = {.PrivilegeCount = 1};
    one.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    if (look_up(NULL, names[i], &one.Privileges[0].Luid)) adjust(token, FALSE, &one, 0, NULL, NULL);
  }
  CloseHandle(token);
}
