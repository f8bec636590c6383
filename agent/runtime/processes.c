// One program at a time, by its full path and its arguments, never through a shell. It and all that it started end
// together.
#include "calls.h"
#include "command-line.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"

enum { max_arguments = 64, step_ms = 20, kill_wait_ms = 5000, piece_bytes = 16 * 1024 };

static struct {
  HANDLE process, job, output;
} running;

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

static void close_handle(HANDLE *handle) {
  if (*handle) CloseHandle(*handle);
  *handle = NULL;
}

static void end_program(void) {
  if (running.process && WaitForSingleObject(running.process, 0) != WAIT_OBJECT_0) {
    TerminateJobObject(running.job, 1);
    TerminateProcess(running.process, 1);
    WaitForSingleObject(running.process, kill_wait_ms);
  }
  close_handle(&running.process);
  close_handle(&running.job);
  close_handle(&running.output);
}

// The job ends everything in it when its handle is closed, also when this process dies.
static void open_job(void) {
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
  running.job = CreateJobObjectW(NULL, NULL);
  if (running.job) SetInformationJobObject(running.job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
}

static DWORD start_program(const struct program *program) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  HANDLE write;
  if (!CreatePipe(&running.output, &write, &inherited, 0)) return GetLastError();
  SetHandleInformation(running.output, HANDLE_FLAG_INHERIT, 0);
  open_job();
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  startup.hStdOutput = write;
  startup.hStdError = write;
  PROCESS_INFORMATION process;
  BOOL started = CreateProcessW(program->arguments[0], program->line, NULL, NULL, TRUE,
                                CREATE_SUSPENDED | CREATE_NO_WINDOW, NULL, NULL, &startup, &process);
  DWORD error = GetLastError();
  CloseHandle(write);
  if (!started) return error;
  running.process = process.hProcess;
  if (running.job) AssignProcessToJobObject(running.job, process.hProcess);
  ResumeThread(process.hThread);
  CloseHandle(process.hThread);
  return 0;
}

static JSValue process_start(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  end_program();
  struct program program = {.count = 0};
  int given = read_program(context, arguments[0], &program);
  DWORD error = given ? start_program(&program) : 0;
  free_program(&program);
  if (!given) return JS_EXCEPTION;
  if (!error) return JS_UNDEFINED;
  end_program();
  return fail(context, "processStart", error);
}

// What is there of the output now, at most a piece; waits a moment when there is nothing.
static JSValue process_read(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  beat();
  if (!running.process) return fail(context, "processRead", ERROR_INVALID_HANDLE);
  int ended = WaitForSingleObject(running.process, 0) == WAIT_OBJECT_0;
  DWORD ready = 0, got = 0;
  PeekNamedPipe(running.output, NULL, 0, NULL, &ready, NULL);
  if (ready == 0 && !ended) {
    WaitForSingleObject(running.process, step_ms);
    PeekNamedPipe(running.output, NULL, 0, NULL, &ready, NULL);
  }
  uint8_t *piece = counted_alloc(piece_bytes);
  if (!piece) return JS_ThrowOutOfMemory(context);
  if (ready > 0 && !ReadFile(running.output, piece, ready < piece_bytes ? ready : piece_bytes, &got, NULL)) got = 0;
  DWORD code = 0;
  GetExitCodeProcess(running.process, &code);
  JSValue value = JS_NewObject(context);
  set_property(context, value, "output", copied_bytes_value(context, piece, got));
  // Ended is told only once nothing is left to read.
  set_property(context, value, "ended", JS_NewBool(context, ended && got == 0));
  set_property(context, value, "exitCode", JS_NewUint32(context, code));
  counted_free(piece);
  return value;
}

static JSValue process_end(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)context, (void)self, (void)count, (void)arguments;
  end_program();
  return JS_UNDEFINED;
}

// Programs of Windows write to pipes in the code page of the console.
static JSValue console_text(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  uint8_t *bytes;
  size_t length;
  if (!bytes_argument(context, arguments[0], &bytes, &length)) return JS_EXCEPTION;
  int units = length ? MultiByteToWideChar(CP_OEMCP, 0, (const char *)bytes, (int)length, NULL, 0) : 0;
  wchar_t *text = counted_alloc((size_t)units * sizeof *text);
  if (!text) return JS_ThrowOutOfMemory(context);
  if (units) MultiByteToWideChar(CP_OEMCP, 0, (const char *)bytes, (int)length, text, units);
  JSValue value = text_value(context, text, (size_t)units);
  counted_free(text);
  return value;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("processStart", 1, process_start),
    JS_CFUNC_DEF("processRead", 0, process_read),
    JS_CFUNC_DEF("processEnd", 0, process_end),
    JS_CFUNC_DEF("consoleText", 1, console_text),
};
const struct call_group process_calls = CALL_GROUP(calls);
