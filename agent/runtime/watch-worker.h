// The parent process. It starts the worker, which does everything, and ends it when it makes no progress or its time
// is over. Then, and whatever else happens, the parent exits and the recovery menu comes.
#pragma once
#include <wchar.h>

// Gives the worker's exit code, or that of a hand-over when the worker had to be ended or could not be started.
int watch_worker(int count, wchar_t **arguments);

// In the worker: takes the shared heartbeat whose handle the parent named. False when it cannot be had.
int join_parent(const wchar_t *handle);
