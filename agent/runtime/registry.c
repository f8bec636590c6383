// Reads keys and values of HKEY_LOCAL_MACHINE of the running system; nothing here writes.
#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "system-library.h"
#include "values.h"

static struct {
  int tried;
  __typeof__(&RegOpenKeyExW) open;
  __typeof__(&RegQueryValueExW) query;
  __typeof__(&RegEnumKeyExW) enumerate;
  __typeof__(&RegCloseKey) close;
} api;

static void *find(const char *function) { return (void *)find_system_function(L"advapi32.dll", function); }

static int load_api(void) {
  if (!api.tried) {
    api.tried = 1;
    api.open = find("RegOpenKeyExW");
    api.query = find("RegQueryValueExW");
    api.enumerate = find("RegEnumKeyExW");
    api.close = find("RegCloseKey");
  }
  return api.open && api.query && api.enumerate && api.close;
}

static DWORD open_key(JSContext *context, JSValueConst value, HKEY *key) {
  wchar_t *path = text_argument(context, value);
  if (!path) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = load_api() ? (DWORD)api.open(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | KEY_WOW64_64KEY, key)
                           : ERROR_MOD_NOT_FOUND;
  counted_free(path);
  return error;
}

static int is_absent(DWORD error) { return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND; }

static JSValue registry_keys(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  HKEY key;
  DWORD error = open_key(context, arguments[0], &key);
  if (error) return is_absent(error) ? JS_UNDEFINED : fail(context, "registryKeys", error);
  JSValue names = JS_NewArray(context);
  for (DWORD i = 0;; i++) {
    wchar_t name[256];
    DWORD length = sizeof name / sizeof *name;
    error = (DWORD)api.enumerate(key, i, name, &length, NULL, NULL, NULL, NULL);
    if (error) break;
    JS_DefinePropertyValueUint32(context, names, i, text_value(context, name, length), JS_PROP_C_W_E);
  }
  api.close(key);
  if (error == ERROR_NO_MORE_ITEMS) return names;
  JS_FreeValue(context, names);
  return fail(context, "registryKeys", error);
}

static JSValue registry_value(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  HKEY key;
  DWORD error = open_key(context, arguments[0], &key);
  if (error) return is_absent(error) ? JS_UNDEFINED : fail(context, "registryValue", error);
  wchar_t *name = text_argument(context, arguments[1]);
  DWORD type = 0, length = 0;
  error = name ? (DWORD)api.query(key, name, NULL, &type, NULL, &length) : ERROR_NOT_ENOUGH_MEMORY;
  uint8_t *bytes = error ? NULL : counted_alloc(length);
  if (bytes) error = (DWORD)api.query(key, name, NULL, &type, bytes, &length);
  else if (!error) error = ERROR_NOT_ENOUGH_MEMORY;
  counted_free(name);
  api.close(key);
  if (error) {
    counted_free(bytes);
    return is_absent(error) ? JS_UNDEFINED : fail(context, "registryValue", error);
  }
  JSValue value = JS_NewObject(context);
  set_property(context, value, "type", JS_NewUint32(context, type));
  set_property(context, value, "bytes", owned_bytes_value(context, bytes, length));
  return value;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("registryKeys", 1, registry_keys),
    JS_CFUNC_DEF("registryValue", 2, registry_value),
};
const struct call_group registry_calls = CALL_GROUP(calls);
