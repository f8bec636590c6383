#include "memory.h"
#include <malloc.h>
#include <stdlib.h>

// WinRE runs from a RAM disk, on machines with little memory: the agent must never be what takes the rest of it.
static const size_t limit_bytes = 16 * 1000 * 1000;

static size_t held;
static size_t peak;

static void take(size_t bytes) {
  held += bytes;
  if (held > peak) peak = held;
}

void *counted_alloc(size_t size) {
  if (size > limit_bytes - held) return NULL;
  void *pointer = malloc(size ? size : 1);
  if (pointer) take(_msize(pointer));
  return pointer;
}

void *counted_realloc(void *pointer, size_t size) {
  if (!pointer) return counted_alloc(size);
  if (size == 0) {
    counted_free(pointer);
    return NULL;
  }
  size_t before = _msize(pointer);
  if (size > before && size - before > limit_bytes - held) return NULL;
  void *moved = realloc(pointer, size);
  if (!moved) return NULL;
  held -= before;
  take(_msize(moved));
  return moved;
}

void counted_free(void *pointer) {
  if (!pointer) return;
  held -= _msize(pointer);
  free(pointer);
}

size_t counted_size(const void *pointer) { return _msize((void *)pointer); }
size_t counted_peak(void) { return peak; }

void *zlib_alloc(void *opaque, unsigned count, unsigned size) {
  (void)opaque;
  return counted_alloc((size_t)count * size);
}

void zlib_free(void *opaque, void *pointer) {
  (void)opaque;
  counted_free(pointer);
}
