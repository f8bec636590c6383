// The stack protector's own parts: those of the compiler's library would bind the start to ADVAPI32.
#include <stdint.h>
#include <windows.h>

uintptr_t __stack_chk_guard;
void __stack_chk_fail(void);

// Before anything else runs: where Windows put us and what time it is, which nobody outside knows both of exactly.
__attribute__((constructor, no_stack_protector)) static void set_guard(void) {
  LARGE_INTEGER ticks;
  FILETIME time;
  QueryPerformanceCounter(&ticks);
  GetSystemTimePreciseAsFileTime(&time);
  uint64_t mix = (uint64_t)(uintptr_t)&ticks ^ (uint64_t)(uintptr_t)set_guard << 16;
  mix ^= (uint64_t)ticks.QuadPart * 0x9e3779b97f4a7c15u;
  mix ^= ((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) * 0xbf58476d1ce4e5b9u;
  mix ^= (uint64_t)GetCurrentProcessId() << 32 | GetCurrentThreadId();
  mix = (mix ^ mix >> 31) * 0x94d049bb133111ebu;
  __stack_chk_guard = (uintptr_t)((mix ^ mix >> 29) & ~(uint64_t)0xff); // a zero byte stops copies of text
}

__attribute__((noreturn)) void __stack_chk_fail(void) {
  TerminateProcess(GetCurrentProcess(), STATUS_STACK_BUFFER_OVERRUN);
  __builtin_unreachable();
}
