// Contents of files. Every handle is opened with backup semantics, so that the privileges of SYSTEM count.
#include "calls.h"
#include "hash.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"

static const DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
enum { piece_bytes = 64 * 1024 };

static HANDLE open_path(JSContext *context, JSValueConst value, DWORD access, DWORD disposition) {
  wchar_t *path = text_argument(context, value);
  if (!path) return NULL;
  HANDLE file = CreateFileW(path, access, share_all, NULL, disposition, FILE_FLAG_BACKUP_SEMANTICS, NULL);
  DWORD error = GetLastError();
  counted_free(path);
  SetLastError(error);
  return file;
}

// What stands behind a failed open: an exception of ours, or an error of Windows.
static JSValue not_opened(JSContext *context, HANDLE file, const char *call) {
  return file ? fail_last(context, call) : JS_EXCEPTION;
}

static int is_open(HANDLE file) { return file != NULL && file != INVALID_HANDLE_VALUE; }

static JSValue file_read(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  double offset = number_argument(context, arguments[1]);
  size_t wanted = (size_t)number_argument(context, arguments[2]);
  HANDLE file = open_path(context, arguments[0], GENERIC_READ, OPEN_EXISTING);
  if (!is_open(file)) return not_opened(context, file, "fileRead");
  LARGE_INTEGER size, start = {.QuadPart = (LONGLONG)offset};
  DWORD error = 0;
  if (!GetFileSizeEx(file, &size) || !SetFilePointerEx(file, start, NULL, FILE_BEGIN)) error = GetLastError();
  uint64_t left = !error && size.QuadPart > start.QuadPart ? (uint64_t)(size.QuadPart - start.QuadPart) : 0;
  if (left < wanted) wanted = (size_t)left;
  uint8_t *bytes = error ? NULL : counted_alloc(wanted);
  size_t length = 0;
  while (bytes && length < wanted && !error) {
    beat();
    size_t rest = wanted - length;
    DWORD got = 0;
    if (!ReadFile(file, bytes + length, (DWORD)(rest < piece_bytes ? rest : piece_bytes), &got, NULL))
      error = GetLastError();
    if (got == 0) break;
    length += got;
  }
  CloseHandle(file);
  if (!error && bytes) return owned_bytes_value(context, bytes, length);
  counted_free(bytes);
  return error ? fail(context, "fileRead", error) : JS_ThrowOutOfMemory(context);
}

static JSValue file_hash(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  HANDLE file = open_path(context, arguments[0], GENERIC_READ, OPEN_EXISTING);
  if (!is_open(file)) return not_opened(context, file, "fileHash");
  uint8_t *piece = counted_alloc(piece_bytes);
  struct hash hash;
  DWORD error = piece ? begin_hash(&hash) : ERROR_NOT_ENOUGH_MEMORY;
  uint8_t digest[sha256_bytes];
  if (!error) {
    DWORD got = 1;
    while (!error && got > 0) {
      beat();
      error = ReadFile(file, piece, piece_bytes, &got, NULL) ? add_to_hash(&hash, piece, got) : GetLastError();
    }
    DWORD end = end_hash(&hash, digest);
    if (!error) error = end;
  }
  counted_free(piece);
  CloseHandle(file);
  return error ? fail(context, "fileHash", error) : copied_bytes_value(context, digest, sizeof digest);
}

static DWORD write_all(HANDLE file, const uint8_t *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    beat();
    size_t rest = length - at;
    DWORD written = 0;
    if (!WriteFile(file, bytes + at, (DWORD)(rest < piece_bytes ? rest : piece_bytes), &written, NULL))
      return GetLastError();
    if (written == 0) return ERROR_DISK_FULL;
    at += written;
  }
  return 0;
}

// A file that could not be written whole is not left behind.
static JSValue file_create(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  uint8_t *bytes;
  size_t length;
  if (!bytes_argument(context, arguments[1], &bytes, &length)) return JS_EXCEPTION;
  HANDLE file = open_path(context, arguments[0], GENERIC_WRITE | DELETE, CREATE_NEW);
  if (!is_open(file)) return not_opened(context, file, "fileCreate");
  DWORD error = write_all(file, bytes, length);
  FILE_DISPOSITION_INFO remove = {TRUE};
  if (error) SetFileInformationByHandle(file, FileDispositionInfo, &remove, sizeof remove);
  CloseHandle(file);
  return error ? fail(context, "fileCreate", error) : JS_UNDEFINED;
}

// What could not be appended whole is cut off again.
static JSValue file_append(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  uint8_t *bytes;
  size_t length;
  if (!bytes_argument(context, arguments[1], &bytes, &length)) return JS_EXCEPTION;
  HANDLE file = open_path(context, arguments[0], GENERIC_WRITE, OPEN_ALWAYS);
  if (!is_open(file)) return not_opened(context, file, "fileAppend");
  LARGE_INTEGER none = {.QuadPart = 0}, end;
  DWORD error = SetFilePointerEx(file, none, &end, FILE_END) ? write_all(file, bytes, length) : GetLastError();
  if (error && SetFilePointerEx(file, end, NULL, FILE_BEGIN)) SetEndOfFile(file);
  CloseHandle(file);
  return error ? fail(context, "fileAppend", error) : JS_UNDEFINED;
}

// Works for a file, and for a volume by its device name.
static JSValue file_flush(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  HANDLE file = open_path(context, arguments[0], GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING);
  if (!is_open(file)) return not_opened(context, file, "fileFlush");
  DWORD error = FlushFileBuffers(file) ? 0 : GetLastError();
  CloseHandle(file);
  beat();
  return error ? fail(context, "fileFlush", error) : JS_UNDEFINED;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("fileRead", 3, file_read),     JS_CFUNC_DEF("fileHash", 1, file_hash),
    JS_CFUNC_DEF("fileCreate", 2, file_create), JS_CFUNC_DEF("fileAppend", 2, file_append),
    JS_CFUNC_DEF("fileFlush", 1, file_flush),
};
const struct call_group file_content_calls = CALL_GROUP(calls);
