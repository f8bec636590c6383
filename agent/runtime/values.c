#include "values.h"
#include "memory.h"
#include "text.h"
#include <stdio.h>

wchar_t *text_argument(JSContext *context, JSValueConst value) {
  size_t length;
  const char *text = JS_ToCStringLen(context, &length, value);
  if (!text) return NULL;
  size_t count = utf16_of_wtf8(text, length, NULL, 0);
  wchar_t *units = counted_alloc((count + 1) * sizeof *units);
  if (units) {
    utf16_of_wtf8(text, length, (uint16_t *)units, count);
    units[count] = 0;
  } else {
    JS_ThrowOutOfMemory(context);
  }
  JS_FreeCString(context, text);
  return units;
}

int bytes_argument(JSContext *context, JSValueConst value, uint8_t **bytes, size_t *length) {
  size_t offset, size;
  JSValue buffer = JS_GetTypedArrayBuffer(context, value, &offset, length, &size);
  if (JS_IsException(buffer)) return 0;
  uint8_t *start = JS_GetArrayBuffer(context, &size, buffer);
  JS_FreeValue(context, buffer);
  if (!start && *length > 0) return 0;
  *bytes = start + offset;
  return 1;
}

double number_argument(JSContext *context, JSValueConst value) {
  double number = 0;
  JS_ToFloat64(context, &number, value);
  return number;
}

int flag_argument(JSContext *context, JSValueConst value) { return JS_ToBool(context, value) > 0; }

JSValue text_value(JSContext *context, const wchar_t *text, size_t length) {
  size_t size = wtf8_of_utf16((const uint16_t *)text, length, NULL, 0);
  char *bytes = counted_alloc(size);
  if (!bytes) return JS_ThrowOutOfMemory(context);
  wtf8_of_utf16((const uint16_t *)text, length, bytes, size);
  JSValue value = JS_NewStringLen(context, bytes, size);
  counted_free(bytes);
  return value;
}

JSValue zero_ended_text_value(JSContext *context, const wchar_t *text) {
  return text_value(context, text, wcslen(text));
}

static void free_bytes(JSRuntime *runtime, void *opaque, void *bytes) {
  (void)runtime, (void)opaque;
  counted_free(bytes);
}

static JSValue byte_view(JSContext *context, JSValue buffer) {
  if (JS_IsException(buffer)) return buffer;
  JSValueConst arguments[3] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue view = JS_NewTypedArray(context, 3, arguments, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(context, buffer);
  return view;
}

JSValue owned_bytes_value(JSContext *context, uint8_t *bytes, size_t length) {
  return byte_view(context, JS_NewArrayBuffer(context, bytes, length, free_bytes, NULL, 0));
}

JSValue copied_bytes_value(JSContext *context, const void *bytes, size_t length) {
  return byte_view(context, JS_NewArrayBufferCopy(context, bytes, length));
}

double milliseconds_of(FILETIME time) {
  const int64_t ticks_until_1970 = 116444736000000000;
  int64_t ticks = (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) - ticks_until_1970;
  return (double)(ticks >= 0 ? ticks / 10000 : -((-ticks + 9999) / 10000));
}

void set_property(JSContext *context, JSValue object, const char *name, JSValue value) {
  JS_DefinePropertyValueStr(context, object, name, value, JS_PROP_C_W_E);
}

JSValue fail(JSContext *context, const char *call, DWORD error) {
  char message[120];
  snprintf(message, sizeof message, "%s failed with Windows error %lu", call, error);
  JSValue object = JS_NewError(context);
  JS_DefinePropertyValueStr(context, object, "message", JS_NewString(context, message),
                            JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  set_property(context, object, "windowsError", JS_NewUint32(context, error));
  return JS_Throw(context, object);
}

JSValue fail_last(JSContext *context, const char *call) { return fail(context, call, GetLastError()); }
