// Names come and go by handle: what was looked at is what is renamed, linked or removed, whatever its access list.
#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "system-library.h"
#include "values.h"
#include <stddef.h>
#include <winternl.h>

static const DWORD share_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
// Values that the headers lack; [MS-FSCC] 2.4.
static const FILE_INFO_BY_HANDLE_CLASS rename_class_ex = (FILE_INFO_BY_HANDLE_CLASS)22;
static const FILE_INFO_BY_HANDLE_CLASS disposition_class_ex = (FILE_INFO_BY_HANDLE_CLASS)21;
enum { link_class = 11 };
enum { replace_if_exists = 0x1, ignore_read_only_on_rename = 0x40 };
enum { delete_file = 0x1, posix_delete = 0x2, ignore_read_only_on_delete = 0x10 };

// The layout that FILE_RENAME_INFO, FILE_RENAME_INFORMATION and FILE_LINK_INFORMATION share.
struct new_name {
  DWORD flags;
  HANDLE root;
  DWORD name_bytes;
  wchar_t name[];
};

static struct new_name *new_name_of(const wchar_t *path, DWORD flags, DWORD *size) {
  size_t bytes = wcslen(path) * sizeof *path;
  *size = (DWORD)(sizeof(struct new_name) + bytes + sizeof *path);
  struct new_name *name = counted_alloc(*size);
  if (!name) return NULL;
  name->flags = flags;
  name->root = NULL;
  name->name_bytes = (DWORD)bytes;
  memcpy(name->name, path, bytes + sizeof *path);
  return name;
}

// The entry itself, also when it is a link.
static HANDLE open_entry(const wchar_t *path, DWORD access) {
  return CreateFileW(path, access | SYNCHRONIZE, share_all, NULL, OPEN_EXISTING,
                     FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
}

static int is_unknown_class(DWORD error) {
  return error == ERROR_INVALID_PARAMETER || error == ERROR_NOT_SUPPORTED || error == ERROR_CALL_NOT_IMPLEMENTED ||
         error == ERROR_INVALID_FUNCTION;
}

static DWORD rename_entry(const wchar_t *from, const wchar_t *to, int replace) {
  HANDLE file = open_entry(from, DELETE);
  if (file == INVALID_HANDLE_VALUE) return GetLastError();
  DWORD size, flags = replace ? replace_if_exists | ignore_read_only_on_rename : 0, error = 0;
  struct new_name *name = new_name_of(to, flags, &size);
  if (!name) error = ERROR_NOT_ENOUGH_MEMORY;
  else if (!SetFileInformationByHandle(file, rename_class_ex, name, size)) {
    error = GetLastError();
    if (is_unknown_class(error)) {
      name->flags = replace != 0;
      error = SetFileInformationByHandle(file, FileRenameInfo, name, size) ? 0 : GetLastError();
    }
  }
  counted_free(name);
  CloseHandle(file);
  return error;
}

static DWORD remove_entry(const wchar_t *path) {
  HANDLE file = open_entry(path, DELETE);
  if (file == INVALID_HANDLE_VALUE) return GetLastError();
  DWORD flags = delete_file | posix_delete | ignore_read_only_on_delete, error = 0;
  if (!SetFileInformationByHandle(file, disposition_class_ex, &flags, sizeof flags)) {
    error = GetLastError();
    FILE_DISPOSITION_INFO remove = {TRUE};
    if (is_unknown_class(error))
      error = SetFileInformationByHandle(file, FileDispositionInfo, &remove, sizeof remove) ? 0 : GetLastError();
  }
  CloseHandle(file);
  return error;
}

typedef NTSTATUS(NTAPI *set_information)(HANDLE, IO_STATUS_BLOCK *, void *, ULONG, ULONG);
typedef ULONG(NTAPI *error_of_status)(NTSTATUS);

// Windows links by handle through its native interface alone; `to` is a native path, \??\C:\…
static DWORD link_entry(const wchar_t *from, const wchar_t *to, int flag) {
  (void)flag;
  set_information set = (set_information)(void *)find_system_function(L"ntdll.dll", "NtSetInformationFile");
  error_of_status error_of = (error_of_status)(void *)find_system_function(L"ntdll.dll", "RtlNtStatusToDosError");
  if (!set || !error_of) return ERROR_PROC_NOT_FOUND;
  HANDLE file = open_entry(from, FILE_WRITE_ATTRIBUTES);
  if (file == INVALID_HANDLE_VALUE) return GetLastError();
  DWORD size, error = ERROR_NOT_ENOUGH_MEMORY;
  struct new_name *name = new_name_of(to, 0, &size);
  if (name) {
    IO_STATUS_BLOCK block;
    NTSTATUS status = set(file, &block, name, size, link_class);
    error = status < 0 ? error_of(status) : 0;
  }
  counted_free(name);
  CloseHandle(file);
  return error;
}

// Runs a call that takes two paths and perhaps a flag.
static JSValue with_two_paths(JSContext *context, JSValueConst *arguments, const char *call, int flag,
                              DWORD (*change)(const wchar_t *, const wchar_t *, int)) {
  beat();
  wchar_t *from = text_argument(context, arguments[0]);
  wchar_t *to = from ? text_argument(context, arguments[1]) : NULL;
  DWORD error = to ? change(from, to, flag) : 0;
  int given = to != NULL;
  counted_free(from);
  counted_free(to);
  if (!given) return JS_EXCEPTION;
  return error ? fail(context, call, error) : JS_UNDEFINED;
}

static JSValue file_rename(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  return with_two_paths(context, arguments, "fileRename", flag_argument(context, arguments[2]), rename_entry);
}

static JSValue file_link(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  return with_two_paths(context, arguments, "fileLink", 0, link_entry);
}

static JSValue file_remove(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  wchar_t *path = text_argument(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  DWORD error = remove_entry(path);
  counted_free(path);
  return error ? fail(context, "fileRemove", error) : JS_UNDEFINED;
}

// A security descriptor as it lies on disk: full control for S-1-5-18 (SYSTEM), inherited by everything below, and
// nobody else; [MS-DTYP] 2.4.6.
static const BYTE system_only[] = {
    1, 0, 0x04, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, // protected list, self-relative, list at 20
    2, 0, 28, 0, 1, 0, 0, 0,                                           // one entry
    0, 3, 20, 0, 0xff, 0x01, 0x1f, 0x00, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0,
};

static JSValue directory_create(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  wchar_t *path = text_argument(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  SECURITY_ATTRIBUTES security = {sizeof security, (void *)system_only, FALSE};
  DWORD error = CreateDirectoryW(path, &security) ? 0 : GetLastError();
  counted_free(path);
  return error ? fail(context, "directoryCreate", error) : JS_UNDEFINED;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("fileRename", 3, file_rename),
    JS_CFUNC_DEF("fileLink", 2, file_link),
    JS_CFUNC_DEF("fileRemove", 1, file_remove),
    JS_CFUNC_DEF("directoryCreate", 1, directory_create),
};
const struct call_group file_name_calls = CALL_GROUP(calls);
