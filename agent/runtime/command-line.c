#include "command-line.h"

struct line {
  wchar_t *units;
  size_t capacity;
  size_t length;
};

static void put(struct line *line, wchar_t unit, size_t times) {
  for (; times > 0; times--, line->length++)
    if (line->length < line->capacity) line->units[line->length] = unit;
}

// The rule of the C runtime: backslashes count double only before a quotation mark, and quotes keep blanks together.
static void put_argument(struct line *line, const wchar_t *argument) {
  int plain = *argument != 0 && wcspbrk(argument, L" \t\n\v\"") == NULL;
  if (!plain) put(line, L'"', 1);
  for (const wchar_t *at = argument; *at; at++) {
    size_t slashes = wcsspn(at, L"\\");
    at += slashes;
    if (*at == 0) {
      put(line, L'\\', plain ? slashes : slashes * 2);
      break;
    }
    put(line, L'\\', *at == L'"' ? slashes * 2 + 1 : slashes);
    put(line, *at, 1);
  }
  if (!plain) put(line, L'"', 1);
}

size_t write_command_line(const wchar_t *const *arguments, size_t count, wchar_t *units, size_t capacity) {
  struct line line = {units, capacity, 0};
  for (size_t i = 0; i < count; i++) {
    if (i > 0) put(&line, L' ', 1);
    put_argument(&line, arguments[i]);
  }
  if (line.length < capacity) units[line.length] = 0;
  return line.length;
}
