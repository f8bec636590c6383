#include "text.h"

// One code point from `at`, which moves on; a byte that begins nothing is U+FFFD.
static uint32_t next_point(const uint8_t *text, size_t length, size_t *at) {
  uint8_t first = text[(*at)++];
  if (first < 0x80) return first;
  unsigned more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xc2 && first < 0xe0 ? 1 : 0;
  if (more == 0 || length - *at < more) return 0xfffd;
  uint32_t point = first & (0x3fu >> more);
  for (unsigned i = 0; i < more; i++) {
    uint8_t next = text[*at + i];
    if ((next & 0xc0) != 0x80) return 0xfffd;
    point = point << 6 | (next & 0x3f);
  }
  if (point > 0x10ffff || (more == 3 && point < 0x10000) || (more == 2 && point < 0x800)) return 0xfffd;
  *at += more;
  return point;
}

size_t utf16_of_wtf8(const char *text, size_t length, uint16_t *units, size_t capacity) {
  size_t count = 0;
  for (size_t at = 0; at < length;) {
    uint32_t point = next_point((const uint8_t *)text, length, &at);
    uint16_t pair[2] = {(uint16_t)point, 0};
    size_t size = 1;
    if (point > 0xffff) {
      pair[0] = (uint16_t)(0xd800 + ((point - 0x10000) >> 10));
      pair[1] = (uint16_t)(0xdc00 + ((point - 0x10000) & 0x3ff));
      size = 2;
    }
    for (size_t i = 0; i < size; i++, count++)
      if (count < capacity) units[count] = pair[i];
  }
  return count;
}

static size_t encode(uint32_t point, uint8_t bytes[4]) {
  if (point < 0x80) {
    bytes[0] = (uint8_t)point;
    return 1;
  }
  if (point < 0x800) {
    bytes[0] = (uint8_t)(0xc0 | point >> 6);
    bytes[1] = (uint8_t)(0x80 | (point & 0x3f));
    return 2;
  }
  if (point < 0x10000) {
    bytes[0] = (uint8_t)(0xe0 | point >> 12);
    bytes[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    bytes[2] = (uint8_t)(0x80 | (point & 0x3f));
    return 3;
  }
  bytes[0] = (uint8_t)(0xf0 | point >> 18);
  bytes[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
  bytes[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
  bytes[3] = (uint8_t)(0x80 | (point & 0x3f));
  return 4;
}

size_t wtf8_of_utf16(const uint16_t *units, size_t length, char *text, size_t capacity) {
  size_t count = 0;
  for (size_t at = 0; at < length;) {
    uint32_t point = units[at++];
    if (point >= 0xd800 && point < 0xdc00 && at < length && units[at] >= 0xdc00 && units[at] < 0xe000)
      point = 0x10000 + ((point - 0xd800) << 10) + (units[at++] - 0xdc00u);
    uint8_t bytes[4];
    size_t size = encode(point, bytes);
    for (size_t i = 0; i < size; i++, count++)
      if (count < capacity) text[count] = (char)bytes[i];
  }
  return count;
}
