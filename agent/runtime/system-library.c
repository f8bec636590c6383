#include "system-library.h"
#include <wchar.h>

HMODULE load_system_library(const wchar_t *file) {
  wchar_t path[MAX_PATH];
  UINT length = GetSystemDirectoryW(path, MAX_PATH);
  if (length == 0 || length + 1 + wcslen(file) >= MAX_PATH) {
    SetLastError(ERROR_MOD_NOT_FOUND);
    return NULL;
  }
  path[length] = L'\\';
  wcscpy(path + length + 1, file);
  // What the library itself needs comes from System32 alone, too.
  return LoadLibraryExW(path, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
}

FARPROC find_system_function(const wchar_t *file, const char *function) {
  HMODULE library = load_system_library(file);
  return library ? GetProcAddress(library, function) : NULL;
}
