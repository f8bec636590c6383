#include "watch-worker.h"
#include "command-line.h"
#include "heartbeat.h"
#include "memory.h"
#include "worker-clock.h"
#include <wchar.h>

enum { exit_handed_over = 20, step_ms = 250, max_arguments = 64 };

static wchar_t *worker_line(HANDLE section, int count, wchar_t **arguments) {
  const wchar_t *words[max_arguments + 3];
  static wchar_t program[1024], handle[20];
  DWORD length = GetModuleFileNameW(NULL, program, 1024);
  if (length == 0 || length >= 1024 || count > max_arguments) return NULL;
  _ui64tow((ULONG_PTR)section, handle, 16);
  words[0] = program;
  words[1] = L"--worker";
  words[2] = handle;
  for (int i = 0; i < count; i++) words[3 + i] = arguments[i];
  size_t size = write_command_line(words, (size_t)count + 3, NULL, 0) + 1;
  wchar_t *line = counted_alloc(size * sizeof *line);
  if (line) write_command_line(words, (size_t)count + 3, line, size);
  return line;
}

// The worker and what it started must not outlive the parent.
static HANDLE open_job(void) {
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
  if (job) SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  return job;
}

// True when the worker ended by itself.
static int wait_for_worker(HANDLE worker, struct heartbeat *heart) {
  struct worker_clock clock;
  start_worker_clock(&clock, GetTickCount64(), heart->beats);
  for (;;) {
    if (WaitForSingleObject(worker, step_ms) == WAIT_OBJECT_0) return 1;
    if (is_worker_given_up(&clock, GetTickCount64(), heart->beats, heart->total_ms)) return 0;
  }
}

int watch_worker(int count, wchar_t **arguments) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, &inherited, PAGE_READWRITE, 0, sizeof(struct heartbeat), NULL);
  struct heartbeat *heart = section ? MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof *heart) : NULL;
  wchar_t *line = heart ? worker_line(section, count, arguments) : NULL;
  if (!line) return exit_handed_over;
  HANDLE job = open_job();
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process;
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &startup, &process))
    return exit_handed_over;
  if (job) AssignProcessToJobObject(job, process.hProcess);
  ResumeThread(process.hThread);
  DWORD code = exit_handed_over;
  if (wait_for_worker(process.hProcess, heart)) {
    GetExitCodeProcess(process.hProcess, &code);
  } else {
    if (job) TerminateJobObject(job, exit_handed_over);
    TerminateProcess(process.hProcess, exit_handed_over);
  }
  return (int)code;
}

int join_parent(const wchar_t *text) {
  HANDLE section = (HANDLE)(ULONG_PTR)wcstoull(text, NULL, 16);
  struct heartbeat *heart = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof *heart);
  if (!heart) return 0;
  use_heartbeat(heart);
  return 1;
}
