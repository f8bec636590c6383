// Time that only rises, the wall clock, and waits that a key ends.
#include "calls.h"
#include "heartbeat.h"
#include "keys.h"
#include "values.h"

enum { step_ms = 200 };

static JSValue monotonic_ms(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  LARGE_INTEGER ticks, per_second;
  QueryPerformanceFrequency(&per_second);
  QueryPerformanceCounter(&ticks);
  return JS_NewFloat64(context, (double)ticks.QuadPart * 1000 / (double)per_second.QuadPart);
}

static JSValue wall_ms(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  FILETIME time;
  GetSystemTimeAsFileTime(&time);
  return JS_NewFloat64(context, milliseconds_of(time));
}

static JSValue cpu_ms(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  FILETIME created, ended, kernel, user;
  if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user)) return fail_last(context, "cpuMs");
  ULONGLONG ticks = ((ULONGLONG)kernel.dwHighDateTime << 32 | kernel.dwLowDateTime) +
                    ((ULONGLONG)user.dwHighDateTime << 32 | user.dwLowDateTime);
  return JS_NewFloat64(context, (double)ticks / 10000);
}

static JSValue wait_for_key(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  double wanted = number_argument(context, arguments[0]);
  ULONGLONG deadline = GetTickCount64() + (wanted > 0 ? (ULONGLONG)wanted : 0);
  HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
  DWORD mode;
  int keyboard = GetConsoleMode(input, &mode);
  for (;;) {
    beat();
    if (take_key()) return JS_TRUE;
    ULONGLONG now = GetTickCount64();
    if (now >= deadline) return JS_FALSE;
    DWORD step = deadline - now < step_ms ? (DWORD)(deadline - now) : step_ms;
    if (keyboard) WaitForSingleObject(input, step);
    else Sleep(step);
  }
}

static JSValue limit_total_time(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  set_total_time((LONG64)number_argument(context, arguments[0]));
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("monotonicMs", 0, monotonic_ms), JS_CFUNC_DEF("wallMs", 0, wall_ms),
    JS_CFUNC_DEF("cpuMs", 0, cpu_ms),             JS_CFUNC_DEF("waitForKey", 1, wait_for_key),
    JS_CFUNC_DEF("limitTotalTime", 1, limit_total_time),
};
const struct call_group clock_calls = CALL_GROUP(calls);
