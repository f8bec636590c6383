// The parts of the C host that know nothing of Windows, on the building machine under its sanitizers.
// native-parts fuzz SEED COUNT: argument lines, texts and memory at random; says what broke and ends with 1.
// native-parts watch: lines "NOW_MS BEATS TOTAL_MS" on the standard input, the first one at the start; a verdict each.
#include "command-line.h"
#include "small-blocks.h"
#include "text.h"
#include "worker-clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_arguments = 6, most_units = 12, most_bytes = 24, most_blocks = 4000, few_chunks = 24 };

static uint64_t state;

static uint64_t draw(uint64_t limit) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (state * 0x2545f4914f6cdd1du >> 32) % limit;
}

// Exactly as large as what goes in, so that one unit too many is seen.
static void *take(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) abort();
  return memory;
}

static int broken(const char *what, uint64_t round) {
  printf("%s, round %llu\n", what, (unsigned long long)round);
  return 1;
}

static wchar_t *draw_argument(int is_program) {
  static const wchar_t hard[] = L"\\\\\\\"\" \t\nax\v\u00fc\u6aa2'^%&|<>";
  size_t length = draw(most_units + 1);
  wchar_t *text = take((length + 1) * sizeof *text);
  for (size_t i = 0; i < length; i++) {
    do text[i] = draw(4) ? hard[draw(sizeof hard / sizeof *hard - 1)] : (wchar_t)(1 + draw(0xffff));
    while (is_program && (text[i] == L'"' || text[i] == L'\\'));
  }
  text[length] = 0;
  return text;
}

// Takes one argument off a line by Microsoft's published rule for C programs; false at the end of the line.
static int take_argument(const wchar_t **line, wchar_t *text) {
  const wchar_t *at = *line;
  while (*at == L' ' || *at == L'\t') at++;
  if (*at == 0) return 0;
  for (int quoted = 0; *at && (quoted || (*at != L' ' && *at != L'\t'));) {
    size_t slashes = 0;
    while (*at == L'\\') at++, slashes++;
    if (*at == L'"') {
      for (size_t i = 0; i < slashes / 2; i++) *text++ = L'\\';
      if (slashes % 2) *text++ = L'"';
      else if (quoted && at[1] == L'"') *text++ = *++at;
      else quoted = !quoted;
      at++;
    } else {
      for (size_t i = 0; i < slashes; i++) *text++ = L'\\';
      if (*at && (slashes == 0 || quoted || (*at != L' ' && *at != L'\t'))) *text++ = *at++;
    }
  }
  *text = 0;
  *line = at;
  return 1;
}

static int try_line(uint64_t round) {
  wchar_t *words[most_arguments];
  size_t count = 1 + draw(most_arguments);
  for (size_t i = 0; i < count; i++) words[i] = draw_argument(i == 0);
  const wchar_t *const *arguments = (const wchar_t *const *)words;
  size_t length = write_command_line(arguments, count, NULL, 0);
  size_t capacity = draw(4) ? length + 1 : draw(length + 1);
  wchar_t *line = take(capacity * sizeof *line);
  int failed = write_command_line(arguments, count, line, capacity) != length;
  if (capacity > length) {
    failed |= line[length] != 0 || wcslen(line) != length;
    const wchar_t *rest = line;
    wchar_t *text = take((length + 1) * sizeof *text);
    for (size_t i = 0; i < count; i++) failed |= !take_argument(&rest, text) || wcscmp(text, words[i]) != 0;
    failed |= take_argument(&rest, text);
    free(text);
  }
  free(line);
  for (size_t i = 0; i < count; i++) free(words[i]);
  return failed ? broken("a program would see other arguments", round) : 0;
}

static uint16_t draw_unit(void) {
  static const uint16_t hard[] = {0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff};
  return draw(2) ? hard[draw(sizeof hard / sizeof *hard)] : (uint16_t)draw(0x10000);
}

static int try_text(uint64_t round) {
  size_t length = draw(most_units + 1);
  uint16_t *units = take(length * sizeof *units), *back = take(length * sizeof *back);
  for (size_t i = 0; i < length; i++) units[i] = draw_unit();
  size_t size = wtf8_of_utf16(units, length, NULL, 0);
  char *text = take(size);
  int failed = wtf8_of_utf16(units, length, text, size) != size;
  failed |= utf16_of_wtf8(text, size, back, length) != length || memcmp(units, back, length * sizeof *units) != 0;
  free(text);
  free(units);
  free(back);
  return failed ? broken("a name comes back as another", round) : 0;
}

// Whatever bytes come: no more units than bytes, no unit behind the end, and the same units again from what they make.
static int try_bytes(uint64_t round) {
  static const uint8_t hard[] = {0, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0x9f, 0x90};
  size_t length = draw(most_bytes + 1);
  uint8_t *bytes = take(length);
  for (size_t i = 0; i < length; i++) bytes[i] = draw(3) ? hard[draw(sizeof hard)] : (uint8_t)draw(256);
  size_t count = utf16_of_wtf8((const char *)bytes, length, NULL, 0), capacity = draw(count + 1);
  uint16_t *units = take(count * sizeof *units), *some = take(capacity * sizeof *some);
  int failed = count > length || utf16_of_wtf8((const char *)bytes, length, units, count) != count;
  failed |= utf16_of_wtf8((const char *)bytes, length, some, capacity) != count;
  failed |= memcmp(units, some, capacity * sizeof *some) != 0;
  free(units);
  free(some);
  free(bytes);
  return failed ? broken("bytes make other units the second time", round) : 0;
}

static _Alignas(16) uint8_t chunks[few_chunks][chunk_bytes];
static size_t chunks_taken;

void *next_chunk(void) { return chunks_taken < few_chunks ? chunks[chunks_taken++] : NULL; }

// One block more, or one less: each is inside a chunk, holds what was asked for, and nobody else writes into it.
static int try_blocks(uint64_t round) {
  static struct {
    uint8_t *start, mark;
    size_t size;
  } blocks[most_blocks];
  size_t index = draw(most_blocks), size = draw(largest_small_bytes + 1);
  int failed = small_size(chunks) > largest_small_bytes || small_size(blocks) != 0 || small_size(&chunks[few_chunks]) != 0;
  if (blocks[index].start) {
    for (size_t i = 0; i < blocks[index].size; i++) failed |= blocks[index].start[i] != blocks[index].mark;
    small_free(blocks[index].start);
    blocks[index].start = NULL;
  } else {
    uint8_t *start = small_alloc(size);
    // It may only run out once every chunk is given.
    if (!start) return chunks_taken < few_chunks ? broken("there is memory, and no block of it", round) : 0;
    uintptr_t place = (uintptr_t)start - (uintptr_t)chunks;
    failed |= small_size(start) < size || place % 16 != 0 || place + small_size(start) > sizeof chunks;
    blocks[index].start = start;
    blocks[index].size = small_size(start);
    blocks[index].mark = (uint8_t)round;
    memset(start, blocks[index].mark, blocks[index].size);
  }
  return failed ? broken("a block of memory is not its owner's alone", round) : 0;
}

static int fuzz(uint64_t seed, uint64_t count) {
  state = seed | 1;
  for (uint64_t round = 0; round < count; round++)
    if (try_line(round) || try_text(round) || try_bytes(round) || try_blocks(round)) return 1;
  printf("%llu rounds\n", (unsigned long long)count);
  return 0;
}

static int watch(void) {
  struct worker_clock clock;
  unsigned long long now_ms;
  long long beats, total_ms;
  for (int is_first = 1; scanf("%llu %lld %lld", &now_ms, &beats, &total_ms) == 3; is_first = 0) {
    if (is_first) start_worker_clock(&clock, now_ms, beats);
    puts(is_worker_given_up(&clock, now_ms, beats, total_ms) ? "given-up" : "works");
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count == 4 && strcmp(arguments[1], "fuzz") == 0)
    return fuzz(strtoull(arguments[2], NULL, 10), strtoull(arguments[3], NULL, 10));
  if (count == 2 && strcmp(arguments[1], "watch") == 0) return watch();
  return 2;
}
