#include "memory.h"
#include "small-blocks.h"
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

// WinRE runs from a RAM disk, on machines with little memory: the agent must never be what takes the rest of it.
static const size_t limit_bytes = 16 * 1000 * 1000;

// Chunks of small blocks count as a whole and for ever, since Windows never gets them back.
static size_t held;
static size_t peak;

static void take(size_t bytes) {
  held += bytes;
  if (held > peak) peak = held;
}

// The last allocation may have taken more than was asked for.
static size_t room(void) { return held < limit_bytes ? limit_bytes - held : 0; }

void *next_chunk(void) {
  static uint8_t *next;
  if (chunk_bytes > room()) return NULL;
  if (!next) next = VirtualAlloc(NULL, (size_t)most_chunks * chunk_bytes, MEM_RESERVE, PAGE_READWRITE);
  void *chunk = next ? VirtualAlloc(next, chunk_bytes, MEM_COMMIT, PAGE_READWRITE) : NULL;
  if (!chunk) return NULL;
  take(chunk_bytes);
  next += chunk_bytes;
  return chunk;
}

void *counted_alloc(size_t size) {
  if (size <= largest_small_bytes) return small_alloc(size);
  if (size > room()) return NULL;
  void *pointer = malloc(size);
  if (pointer) take(_msize(pointer));
  return pointer;
}

static void *resize_large(void *pointer, size_t size) {
  size_t before = _msize(pointer);
  if (size > before && size - before > room()) return NULL;
  void *moved = realloc(pointer, size);
  if (!moved) return NULL;
  held -= before;
  take(_msize(moved));
  return moved;
}

void *counted_realloc(void *pointer, size_t size) {
  if (!pointer) return counted_alloc(size);
  if (size == 0) {
    counted_free(pointer);
    return NULL;
  }
  size_t small = small_size(pointer);
  if (!small && size > largest_small_bytes) return resize_large(pointer, size);
  // A block may be half empty before it is worth moving what it holds.
  if (size <= small && size > small / 2) return pointer;
  size_t before = small ? small : _msize(pointer);
  void *moved = counted_alloc(size);
  if (!moved) return NULL;
  memcpy(moved, pointer, size < before ? size : before);
  counted_free(pointer);
  return moved;
}

void counted_free(void *pointer) {
  if (!pointer) return;
  if (small_size(pointer)) {
    small_free(pointer);
    return;
  }
  held -= _msize(pointer);
  free(pointer);
}

size_t counted_size(const void *pointer) {
  size_t small = small_size(pointer);
  return small ? small : _msize((void *)pointer);
}

size_t counted_peak(void) { return peak; }

void *zlib_alloc(void *opaque, unsigned count, unsigned size) {
  (void)opaque;
  return counted_alloc((size_t)count * size);
}

void zlib_free(void *opaque, void *pointer) {
  (void)opaque;
  counted_free(pointer);
}
