// What the calls have in common: arguments in, values out, and the one way to fail.
#pragma once
#include "quickjs.h"
#include <stdint.h>
#include <windows.h>

// UTF-16 text of a JavaScript string, ended by zero and owned by the caller (counted_free); NULL after an exception.
wchar_t *text_argument(JSContext *context, JSValueConst value);
// Bytes of a Uint8Array, borrowed; false after an exception.
int bytes_argument(JSContext *context, JSValueConst value, uint8_t **bytes, size_t *length);
double number_argument(JSContext *context, JSValueConst value);
int flag_argument(JSContext *context, JSValueConst value);

JSValue text_value(JSContext *context, const wchar_t *text, size_t length);
JSValue zero_ended_text_value(JSContext *context, const wchar_t *text);
// Hands counted memory over to a JavaScript Uint8Array.
JSValue owned_bytes_value(JSContext *context, uint8_t *bytes, size_t length);
JSValue copied_bytes_value(JSContext *context, const void *bytes, size_t length);
// Milliseconds since 1970.
double milliseconds_of(FILETIME time);

void set_property(JSContext *context, JSValue object, const char *name, JSValue value);

// Throws an Error with the Windows error code as `windowsError`.
JSValue fail(JSContext *context, const char *call, DWORD error);
JSValue fail_last(JSContext *context, const char *call);
