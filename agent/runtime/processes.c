// Runs a program by its full path and its arguments, never through a shell, and ends it with all it started when its
// time is up.
#include "calls.h"
#include "command-line.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"

enum { max_arguments = 64, step_ms = 20 };

struct output {
  HANDLE read, write;
  uint8_t *bytes;
  size_t length, limit;
};

struct program {
  wchar_t *arguments[max_arguments];
  size_t count;
  wchar_t *line;
};

static void free_program(struct program *program) {
  for (size_t i = 0; i < program->count; i++) counted_free(program->arguments[i]);
  counted_free(program->line);
}

static int read_program(JSContext *context, JSValueConst list, struct program *program) {
  JSValue length = JS_GetPropertyStr(context, list, "length");
  double count = number_argument(context, length);
  JS_FreeValue(context, length);
  if (!(count >= 1 && count <= max_arguments)) {
    JS_ThrowRangeError(context, "a program takes 1 to %d arguments", max_arguments);
    return 0;
  }
  while (program->count < (size_t)count) {
    JSValue one = JS_GetPropertyUint32(context, list, (uint32_t)program->count);
    wchar_t *text = text_argument(context, one);
    JS_FreeValue(context, one);
    if (!text) return 0;
    program->arguments[program->count++] = text;
  }
  const wchar_t *const *arguments = (const wchar_t *const *)program->arguments;
  size_t size = write_command_line(arguments, program->count, NULL, 0) + 1;
  program->line = counted_alloc(size * sizeof *program->line);
  if (!program->line) {
    JS_ThrowOutOfMemory(context);
    return 0;
  }
  write_command_line(arguments, program->count, program->line, size);
  return 1;
}

static DWORD open_output(struct output *output) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  if (!CreatePipe(&output->read, &output->write, &inherited, 0)) return GetLastError();
  SetHandleInformation(output->read, HANDLE_FLAG_INHERIT, 0);
  return 0;
}

// Takes what is there now; what passes the limit is read and dropped, so that the program never waits for us.
static int drain(struct output *output) {
  int any = 0;
  for (DWORD ready = 0; PeekNamedPipe(output->read, NULL, 0, NULL, &ready, NULL) && ready > 0;) {
    uint8_t piece[4096];
    DWORD got = 0;
    if (!ReadFile(output->read, piece, ready < sizeof piece ? ready : sizeof piece, &got, NULL) || got == 0) break;
    any = 1;
    size_t room = output->limit - output->length, kept = got < room ? got : room;
    if (kept > 0) {
      uint8_t *grown = counted_realloc(output->bytes, output->length + kept);
      if (!grown) continue;
      output->bytes = grown;
      memcpy(output->bytes + output->length, piece, kept);
      output->length += kept;
    }
  }
  return any;
}

static void close_handle(HANDLE *handle) {
  if (*handle) CloseHandle(*handle);
  *handle = NULL;
}

static DWORD start(struct program *program, struct output *out, struct output *err, HANDLE job,
                   PROCESS_INFORMATION *process) {
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  startup.hStdOutput = out->write;
  startup.hStdError = err->write;
  if (!CreateProcessW(program->arguments[0], program->line, NULL, NULL, TRUE, CREATE_SUSPENDED | CREATE_NO_WINDOW, NULL,
                      NULL, &startup, process))
    return GetLastError();
  // Where a job cannot hold it, its own handle still ends it.
  AssignProcessToJobObject(job, process->hProcess);
  ResumeThread(process->hThread);
  return 0;
}

// True when the program ended by itself in time.
static int wait_for_end(HANDLE process, struct output *out, struct output *err, ULONGLONG deadline) {
  for (;;) {
    beat();
    int any = drain(out) + drain(err);
    DWORD state = WaitForSingleObject(process, any ? 0 : step_ms);
    if (state == WAIT_OBJECT_0) return 1;
    if (GetTickCount64() >= deadline) return 0;
  }
}

static JSValue process_run(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  struct program program = {.count = 0};
  struct output out = {.limit = (size_t)number_argument(context, arguments[2])}, err = {.limit = out.limit};
  ULONGLONG deadline = GetTickCount64() + (ULONGLONG)number_argument(context, arguments[1]);
  if (!read_program(context, arguments[0], &program)) {
    free_program(&program);
    return JS_EXCEPTION;
  }
  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
  SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
  PROCESS_INFORMATION process = {0};
  DWORD error = open_output(&out);
  if (!error) error = open_output(&err);
  if (!error) error = start(&program, &out, &err, job, &process);
  close_handle(&out.write);
  close_handle(&err.write);
  int ended = 0;
  DWORD code = 0;
  if (!error) {
    ended = wait_for_end(process.hProcess, &out, &err, deadline);
    if (!ended) {
      TerminateJobObject(job, 1);
      TerminateProcess(process.hProcess, 1);
      WaitForSingleObject(process.hProcess, 5000);
    }
    GetExitCodeProcess(process.hProcess, &code);
    drain(&out);
    drain(&err);
  }
  close_handle(&process.hThread);
  close_handle(&process.hProcess);
  close_handle(&job);
  close_handle(&out.read);
  close_handle(&err.read);
  free_program(&program);
  if (error) {
    counted_free(out.bytes);
    counted_free(err.bytes);
    return fail(context, "processRun", error);
  }
  JSValue result = JS_NewObject(context);
  set_property(context, result, "ended", JS_NewBool(context, ended));
  set_property(context, result, "exitCode", JS_NewUint32(context, code));
  set_property(context, result, "output", copied_bytes_value(context, out.bytes, out.length));
  set_property(context, result, "errors", copied_bytes_value(context, err.bytes, err.length));
  counted_free(out.bytes);
  counted_free(err.bytes);
  return result;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("processRun", 3, process_run),
};
const struct call_group process_calls = CALL_GROUP(calls);
