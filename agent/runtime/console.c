// The whole screen as cells of text and colour, and plain output for those who read it by program.
#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"

static BOOL WINAPI ignore_break(DWORD event) {
  (void)event;
  return TRUE;
}

// Undefined where the output is no console. Selecting text must not stop the program, and Ctrl+C must not end it.
static JSValue console_open(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  CONSOLE_SCREEN_BUFFER_INFO info;
  if (!GetConsoleScreenBufferInfo(output, &info)) return JS_UNDEFINED;
  SetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), ENABLE_EXTENDED_FLAGS);
  SetConsoleCtrlHandler(ignore_break, TRUE);
  CONSOLE_CURSOR_INFO hidden = {.dwSize = 1, .bVisible = FALSE};
  SetConsoleCursorInfo(output, &hidden);
  JSValue size = JS_NewObject(context);
  set_property(context, size, "columns", JS_NewInt32(context, info.srWindow.Right - info.srWindow.Left + 1));
  set_property(context, size, "rows", JS_NewInt32(context, info.srWindow.Bottom - info.srWindow.Top + 1));
  return size;
}

// consoleDraw(columns, rows, text, attributes): one UTF-16 unit and one attribute per cell, row by row.
static JSValue console_draw(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  int columns = (int)number_argument(context, arguments[0]), rows = (int)number_argument(context, arguments[1]);
  uint8_t *attributes;
  size_t length;
  if (!bytes_argument(context, arguments[3], &attributes, &length)) return JS_EXCEPTION;
  wchar_t *text = text_argument(context, arguments[2]);
  if (!text) return JS_EXCEPTION;
  size_t cells = (size_t)columns * (size_t)rows;
  CHAR_INFO *picture = columns > 0 && rows > 0 && cells <= length ? counted_alloc(cells * sizeof *picture) : NULL;
  if (!picture || wcslen(text) < cells) {
    counted_free(text);
    counted_free(picture);
    return JS_ThrowRangeError(context, "a screen needs text and attributes for each cell");
  }
  for (size_t i = 0; i < cells; i++) {
    picture[i].Char.UnicodeChar = text[i];
    picture[i].Attributes = attributes[i];
  }
  CONSOLE_SCREEN_BUFFER_INFO info;
  HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  COORD size = {(SHORT)columns, (SHORT)rows}, origin = {0, 0};
  SMALL_RECT area = {0, 0, (SHORT)(columns - 1), (SHORT)(rows - 1)};
  if (GetConsoleScreenBufferInfo(output, &info)) {
    area.Left = info.srWindow.Left;
    area.Top = info.srWindow.Top;
    area.Right = (SHORT)(area.Left + columns - 1);
    area.Bottom = (SHORT)(area.Top + rows - 1);
  }
  BOOL drawn = WriteConsoleOutputW(output, picture, size, origin, &area);
  counted_free(text);
  counted_free(picture);
  return drawn ? JS_UNDEFINED : fail_last(context, "consoleDraw");
}

static JSValue write_to(JSContext *context, DWORD stream, JSValueConst value) {
  beat();
  size_t length;
  const char *text = JS_ToCStringLen(context, &length, value);
  if (!text) return JS_EXCEPTION;
  HANDLE output = GetStdHandle(stream);
  for (size_t at = 0; at < length;) {
    DWORD written = 0;
    if (!WriteFile(output, text + at, (DWORD)(length - at), &written, NULL) || written == 0) break;
    at += written;
  }
  JS_FreeCString(context, text);
  return JS_UNDEFINED;
}

static JSValue write_output(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  return write_to(context, STD_OUTPUT_HANDLE, arguments[0]);
}

static JSValue write_error(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  return write_to(context, STD_ERROR_HANDLE, arguments[0]);
}

// Empty at the end of the input.
static JSValue read_input(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  size_t limit = (size_t)number_argument(context, arguments[0]);
  uint8_t *bytes = counted_alloc(limit);
  if (!bytes) return JS_ThrowOutOfMemory(context);
  DWORD got = 0;
  if (!ReadFile(GetStdHandle(STD_INPUT_HANDLE), bytes, (DWORD)limit, &got, NULL)) got = 0;
  beat();
  return owned_bytes_value(context, bytes, got);
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("consoleOpen", 0, console_open), JS_CFUNC_DEF("consoleDraw", 4, console_draw),
    JS_CFUNC_DEF("writeOutput", 1, write_output), JS_CFUNC_DEF("writeError", 1, write_error),
    JS_CFUNC_DEF("readInput", 1, read_input),
};
const struct call_group console_calls = CALL_GROUP(calls);
