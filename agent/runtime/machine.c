// What the firmware and the running system say about this machine and this process.
#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"

static JSValue firmware_table(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  const DWORD raw_smbios = 0x52534d42; // 'RSMB'
  UINT size = GetSystemFirmwareTable(raw_smbios, 0, NULL, 0);
  uint8_t *bytes = size ? counted_alloc(size) : NULL;
  if (!bytes) return JS_UNDEFINED;
  UINT got = GetSystemFirmwareTable(raw_smbios, 0, bytes, size);
  return owned_bytes_value(context, bytes, got <= size ? got : 0);
}

static JSValue power_status(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  SYSTEM_POWER_STATUS status;
  if (!GetSystemPowerStatus(&status)) return fail_last(context, "powerStatus");
  JSValue value = JS_NewObject(context);
  set_property(context, value, "line", JS_NewUint32(context, status.ACLineStatus));
  set_property(context, value, "batteryFlag", JS_NewUint32(context, status.BatteryFlag));
  set_property(context, value, "batteryPercent", JS_NewUint32(context, status.BatteryLifePercent));
  return value;
}

static JSValue system_directory(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  wchar_t path[MAX_PATH];
  UINT length = GetSystemDirectoryW(path, MAX_PATH);
  return length && length < MAX_PATH ? text_value(context, path, length) : fail_last(context, "systemDirectory");
}

static JSValue computer_name(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  wchar_t name[256];
  DWORD length = 256;
  if (!GetComputerNameExW(ComputerNamePhysicalDnsHostname, name, &length)) return fail_last(context, "computerName");
  return text_value(context, name, length);
}

static JSValue program_path(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  wchar_t path[1024];
  DWORD length = GetModuleFileNameW(NULL, path, 1024);
  return length && length < 1024 ? text_value(context, path, length) : fail_last(context, "programPath");
}

static JSValue memory_peak(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  return JS_NewFloat64(context, (double)counted_peak());
}

// Ends the process at once; nothing that was written waits in a buffer of ours.
static JSValue exit_process(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  ExitProcess((UINT)number_argument(context, arguments[0]));
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("firmwareTable", 0, firmware_table),
    JS_CFUNC_DEF("powerStatus", 0, power_status),
    JS_CFUNC_DEF("systemDirectory", 0, system_directory),
    JS_CFUNC_DEF("computerName", 0, computer_name),
    JS_CFUNC_DEF("programPath", 0, program_path),
    JS_CFUNC_DEF("memoryPeak", 0, memory_peak),
    JS_CFUNC_DEF("exitProcess", 1, exit_process),
};
const struct call_group machine_calls = CALL_GROUP(calls);
