#include "small-blocks.h"
#include <stdint.h>

enum { step_bytes = 16, size_count = largest_small_bytes / step_bytes };

struct block {
  struct block *next;
};

// All blocks of a chunk have one size; of each size there are those given back, and what is not cut yet of a chunk.
static struct {
  struct block *unused;
  uint8_t *uncut, *end;
} of_size[size_count];

static uint8_t *region;
static size_t chunk_count;
static uint8_t size_of_chunk[most_chunks];

static int cut_chunk(size_t index) {
  uint8_t *chunk = chunk_count < most_chunks ? next_chunk() : NULL;
  if (!chunk) return 0;
  if (!region) region = chunk;
  size_of_chunk[chunk_count++] = (uint8_t)index;
  of_size[index].uncut = chunk;
  of_size[index].end = chunk + chunk_bytes;
  return 1;
}

void *small_alloc(size_t size) {
  size_t index = size ? (size - 1) / step_bytes : 0;
  struct block *block = of_size[index].unused;
  if (block) {
    of_size[index].unused = block->next;
    return block;
  }
  size_t length = (index + 1) * step_bytes;
  if ((size_t)(of_size[index].end - of_size[index].uncut) < length && !cut_chunk(index)) return NULL;
  uint8_t *cut = of_size[index].uncut;
  of_size[index].uncut = cut + length;
  return cut;
}

// Beyond all chunks for an address below them, too.
static size_t chunk_of(const void *pointer) { return ((uintptr_t)pointer - (uintptr_t)region) / chunk_bytes; }

void small_free(void *pointer) {
  struct block *block = pointer;
  size_t index = size_of_chunk[chunk_of(block)];
  block->next = of_size[index].unused;
  of_size[index].unused = block;
}

size_t small_size(const void *pointer) {
  size_t chunk = chunk_of(pointer);
  return chunk < chunk_count ? (size_of_chunk[chunk] + 1u) * step_bytes : 0;
}
