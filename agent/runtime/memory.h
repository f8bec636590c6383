// The process's own heap, JavaScript and C together, counted and limited.
#pragma once
#include <stddef.h>

// Every allocation of the host and of QuickJS goes through these; NULL when the limit would be passed.
void *counted_alloc(size_t size);
void *counted_realloc(void *pointer, size_t size);
void counted_free(void *pointer);

// What an allocation really takes.
size_t counted_size(const void *pointer);
size_t counted_peak(void);

// The same for zlib.
void *zlib_alloc(void *opaque, unsigned count, unsigned size);
void zlib_free(void *opaque, void *pointer);
