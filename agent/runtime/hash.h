// SHA-256 by BCrypt, which hashes a hundred times faster than script does.
#pragma once
#include <stdint.h>
#include <windows.h>

enum { sha256_bytes = 32 };

struct hash {
  void *handle;
};

// Each gives 0 or a Windows error; end_hash releases what begin_hash took.
DWORD begin_hash(struct hash *hash);
DWORD add_to_hash(struct hash *hash, const uint8_t *bytes, size_t length);
DWORD end_hash(struct hash *hash, uint8_t digest[sha256_bytes]);
