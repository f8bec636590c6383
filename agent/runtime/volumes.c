// Volumes with letters: kind, label, file system, and the partition that carries them.
#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"
#include <winioctl.h>

static JSValue volume_value(JSContext *context, const wchar_t *root) {
  JSValue volume = JS_NewObject(context);
  set_property(context, volume, "root", zero_ended_text_value(context, root));
  set_property(context, volume, "driveType", JS_NewUint32(context, GetDriveTypeW(root)));
  wchar_t label[MAX_PATH + 1] = L"", system[MAX_PATH + 1] = L"";
  DWORD serial = 0, flags = 0, error = 0;
  if (!GetVolumeInformationW(root, label, MAX_PATH, &serial, NULL, &flags, system, MAX_PATH)) error = GetLastError();
  set_property(context, volume, "windowsError", JS_NewUint32(context, error));
  set_property(context, volume, "label", zero_ended_text_value(context, label));
  set_property(context, volume, "fileSystem", zero_ended_text_value(context, system));
  set_property(context, volume, "serial", JS_NewUint32(context, serial));
  set_property(context, volume, "flags", JS_NewUint32(context, flags));
  ULARGE_INTEGER free_bytes = {.QuadPart = 0}, total_bytes = {.QuadPart = 0};
  if (!error) GetDiskFreeSpaceExW(root, &free_bytes, &total_bytes, NULL);
  set_property(context, volume, "freeBytes", JS_NewFloat64(context, (double)free_bytes.QuadPart));
  set_property(context, volume, "sizeBytes", JS_NewFloat64(context, (double)total_bytes.QuadPart));
  return volume;
}

static JSValue volumes(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  JSValue list = JS_NewArray(context);
  DWORD letters = GetLogicalDrives();
  uint32_t length = 0;
  // A drive without a medium answers with an error, not with a window.
  UINT mode = SetErrorMode(SEM_FAILCRITICALERRORS);
  for (int i = 0; i < 26; i++) {
    if (!(letters & 1u << i)) continue;
    beat();
    wchar_t root[] = {(wchar_t)(L'A' + i), L':', L'\\', 0};
    JS_DefinePropertyValueUint32(context, list, length++, volume_value(context, root), JS_PROP_C_W_E);
  }
  SetErrorMode(mode);
  return list;
}

// The root ends in a backslash; it needs no letter.
static JSValue volume(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  wchar_t *root = text_argument(context, arguments[0]);
  if (!root) return JS_EXCEPTION;
  JSValue value = volume_value(context, root);
  counted_free(root);
  return value;
}

// The device is named \\.\C:
static JSValue volume_partition(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  wchar_t *device = text_argument(context, arguments[0]);
  if (!device) return JS_EXCEPTION;
  HANDLE volume = CreateFileW(device, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  DWORD error = GetLastError();
  counted_free(device);
  if (volume == INVALID_HANDLE_VALUE) return fail(context, "volumePartition", error);
  PARTITION_INFORMATION_EX partition;
  DWORD size = 0;
  BOOL known = DeviceIoControl(volume, IOCTL_DISK_GET_PARTITION_INFO_EX, NULL, 0, &partition, sizeof partition, &size,
                               NULL);
  error = GetLastError();
  CloseHandle(volume);
  if (!known) return fail(context, "volumePartition", error);
  JSValue value = JS_NewObject(context);
  set_property(context, value, "style", JS_NewUint32(context, partition.PartitionStyle));
  set_property(context, value, "startBytes", JS_NewFloat64(context, (double)partition.StartingOffset.QuadPart));
  if (partition.PartitionStyle == PARTITION_STYLE_GPT)
    set_property(context, value, "partitionId",
                 copied_bytes_value(context, &partition.Gpt.PartitionId, sizeof partition.Gpt.PartitionId));
  return value;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("volumes", 0, volumes),
    JS_CFUNC_DEF("volume", 1, volume),
    JS_CFUNC_DEF("volumePartition", 1, volume_partition),
};
const struct call_group volume_calls = CALL_GROUP(calls);
