#include "engine.h"
#include "privileges.h"
#include "watch-worker.h"
#include <windows.h>

int wmain(int count, wchar_t **arguments) {
  // A crash ends the process at once; no window waits for a person who is not there.
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  // Libraries come from System32, never from the current folder or the one this program stands in.
  SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (count < 3 || wcscmp(arguments[1], L"--worker") != 0) return watch_worker(count - 1, arguments + 1);
  if (!join_parent(arguments[2])) return 20;
  use_privileges();
  return run_engine(count - 3, arguments + 3);
}
