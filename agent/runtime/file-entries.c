// What stands in a directory: names, attributes, times, reparse tags and streams. Nothing is followed or decided.
#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"

static JSValue entry_value(JSContext *context, const WIN32_FIND_DATAW *data) {
  JSValue entry = JS_NewObject(context);
  set_property(context, entry, "name", zero_ended_text_value(context, data->cFileName));
  set_property(context, entry, "attributes", JS_NewUint32(context, data->dwFileAttributes));
  DWORD tag = data->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT ? data->dwReserved0 : 0;
  set_property(context, entry, "reparseTag", JS_NewUint32(context, tag));
  double size = (double)((uint64_t)data->nFileSizeHigh << 32 | data->nFileSizeLow);
  set_property(context, entry, "sizeBytes", JS_NewFloat64(context, size));
  set_property(context, entry, "writtenAtMs", JS_NewFloat64(context, milliseconds_of(data->ftLastWriteTime)));
  return entry;
}

static int is_absent(DWORD error) {
  return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND || error == ERROR_NO_MORE_FILES;
}

static JSValue file_attributes(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  wchar_t *path = text_argument(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  DWORD attributes = GetFileAttributesW(path);
  DWORD error = GetLastError();
  counted_free(path);
  if (attributes != INVALID_FILE_ATTRIBUTES) return JS_NewUint32(context, attributes);
  return is_absent(error) ? JS_UNDEFINED : fail(context, "fileAttributes", error);
}

static JSValue file_entry(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  wchar_t *path = text_argument(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  WIN32_FIND_DATAW data;
  HANDLE search = FindFirstFileExW(path, FindExInfoBasic, &data, FindExSearchNameMatch, NULL, 0);
  DWORD error = GetLastError();
  counted_free(path);
  if (search == INVALID_HANDLE_VALUE) return is_absent(error) ? JS_UNDEFINED : fail(context, "fileEntry", error);
  FindClose(search);
  return entry_value(context, &data);
}

static int is_dots(const wchar_t *name) { return wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0; }

static JSValue directory_entries(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  wchar_t *pattern = text_argument(context, arguments[0]);
  if (!pattern) return JS_EXCEPTION;
  WIN32_FIND_DATAW data;
  HANDLE search = FindFirstFileExW(pattern, FindExInfoBasic, &data, FindExSearchNameMatch, NULL, 0);
  DWORD error = GetLastError();
  counted_free(pattern);
  if (search == INVALID_HANDLE_VALUE && !is_absent(error)) return fail(context, "directoryEntries", error);
  JSValue entries = JS_NewArray(context);
  if (search == INVALID_HANDLE_VALUE) return entries;
  uint32_t length = 0;
  do {
    beat();
    if (!is_dots(data.cFileName))
      JS_DefinePropertyValueUint32(context, entries, length++, entry_value(context, &data), JS_PROP_C_W_E);
  } while (FindNextFileW(search, &data));
  error = GetLastError();
  FindClose(search);
  if (error == ERROR_NO_MORE_FILES) return entries;
  JS_FreeValue(context, entries);
  return fail(context, "directoryEntries", error);
}

static JSValue file_streams(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  wchar_t *path = text_argument(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  WIN32_FIND_STREAM_DATA data;
  HANDLE search = FindFirstStreamW(path, FindStreamInfoStandard, &data, 0);
  DWORD error = GetLastError();
  counted_free(path);
  if (search == INVALID_HANDLE_VALUE && error != ERROR_HANDLE_EOF) return fail(context, "fileStreams", error);
  JSValue names = JS_NewArray(context);
  if (search == INVALID_HANDLE_VALUE) return names;
  uint32_t length = 0;
  do
    JS_DefinePropertyValueUint32(context, names, length++, zero_ended_text_value(context, data.cStreamName),
                                 JS_PROP_C_W_E);
  while (FindNextStreamW(search, &data));
  FindClose(search);
  return names;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("fileAttributes", 1, file_attributes),
    JS_CFUNC_DEF("fileEntry", 1, file_entry),
    JS_CFUNC_DEF("directoryEntries", 1, directory_entries),
    JS_CFUNC_DEF("fileStreams", 1, file_streams),
};
const struct call_group file_entry_calls = CALL_GROUP(calls);
