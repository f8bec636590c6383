// What the carried parts of libsodium need of its rest.
#include <stdint.h>
#include <stdlib.h>
#include <windows.h>
// As its units are compiled: the form of a number depends on it.
#define CONFIGURED 1
#define HAVE_TI_MODE 1
#define NATIVE_LITTLE_ENDIAN 1
#include <crypto_core_ed25519.h>
#include <private/ed25519_ref10.h>

void sodium_memzero(void *const place, const size_t length);
int sodium_memcmp(const void *const one, const void *const other, size_t length);
int sodium_is_zero(const unsigned char *bytes, const size_t length);
void randombytes_buf(void *const place, const size_t length);

void sodium_memzero(void *const place, const size_t length) { SecureZeroMemory(place, length); }

// In equal time whatever the bytes are.
int sodium_memcmp(const void *const one, const void *const other, size_t length) {
  const volatile uint8_t *a = one, *b = other;
  uint8_t difference = 0;
  for (size_t i = 0; i < length; i++) difference |= a[i] ^ b[i];
  return difference ? -1 : 0;
}

int sodium_is_zero(const unsigned char *bytes, const size_t length) {
  const volatile uint8_t *all = bytes;
  uint8_t any = 0;
  for (size_t i = 0; i < length; i++) any |= all[i];
  return any == 0;
}

// The base point of RFC 8032 as it is written.
static const unsigned char base_point[32] = {
    0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
};

// As any other point is multiplied: the table that makes this one quicker is 31 kB, for a tenth of a millisecond.
void ge25519_scalarmult_base(ge25519_p3 *result, const unsigned char *scalar) {
  ge25519_p3 base;
  ge25519_frombytes(&base, base_point);
  ge25519_scalarmult(result, scalar, &base);
}

// Keys are made of random bytes that the script asks for, so nothing that is called asks here.
void randombytes_buf(void *const place, const size_t length) {
  (void)place, (void)length;
  abort();
}
