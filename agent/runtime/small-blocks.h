// Memory in small blocks. The script takes and drops hundreds of thousands of them in one run, and the heap of Windows
// needs longer to find a block than the script to use it.
#pragma once
#include <stddef.h>

enum { chunk_bytes = 32 * 1024, most_chunks = 512, largest_small_bytes = 512 };

// A block of at most largest_small_bytes, at an address that 16 divides; NULL when there is no chunk left to cut it from.
void *small_alloc(size_t size);
void small_free(void *block);
// What a block holds; 0 for an address that is none of these blocks.
size_t small_size(const void *pointer);

// The next chunk, each right behind the one before it; NULL when there is none. Whoever uses the blocks gives it.
void *next_chunk(void);
