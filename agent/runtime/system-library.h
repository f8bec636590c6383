// Libraries that a trimmed WinRE may lack: taken from System32 by full path when first needed, never at the start.
#pragma once
#include <windows.h>

// NULL when Windows does not have it; GetLastError says why.
HMODULE load_system_library(const wchar_t *file);
// NULL when the library or the function is missing.
FARPROC find_system_function(const wchar_t *file, const char *function);
