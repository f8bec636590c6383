#include "hash.h"
#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "system-library.h"
#include "values.h"
#include <bcrypt.h>

static struct {
  int tried;
  BCRYPT_ALG_HANDLE sha256;
  __typeof__(&BCryptCreateHash) create;
  __typeof__(&BCryptHashData) add;
  __typeof__(&BCryptFinishHash) finish;
  __typeof__(&BCryptDestroyHash) destroy;
  __typeof__(&BCryptGenRandom) random;
} crypt;

static void *find(const char *function) { return (void *)find_system_function(L"bcrypt.dll", function); }

static int load_crypt(void) {
  if (crypt.tried) return crypt.sha256 != NULL;
  crypt.tried = 1;
  crypt.create = find("BCryptCreateHash");
  crypt.add = find("BCryptHashData");
  crypt.finish = find("BCryptFinishHash");
  crypt.destroy = find("BCryptDestroyHash");
  crypt.random = find("BCryptGenRandom");
  __typeof__(&BCryptOpenAlgorithmProvider) open = find("BCryptOpenAlgorithmProvider");
  if (!crypt.create || !crypt.add || !crypt.finish || !crypt.destroy || !crypt.random || !open) return 0;
  return open(&crypt.sha256, BCRYPT_SHA256_ALGORITHM, NULL, 0) >= 0;
}

DWORD begin_hash(struct hash *hash) {
  hash->handle = NULL;
  if (!load_crypt()) return ERROR_MOD_NOT_FOUND;
  return crypt.create(crypt.sha256, &hash->handle, NULL, 0, NULL, 0, 0) >= 0 ? 0 : ERROR_INTERNAL_ERROR;
}

DWORD add_to_hash(struct hash *hash, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    ULONG piece = length > 1 << 20 ? 1 << 20 : (ULONG)length;
    if (crypt.add(hash->handle, (PUCHAR)bytes, piece, 0) < 0) return ERROR_INTERNAL_ERROR;
    beat();
    bytes += piece;
    length -= piece;
  }
  return 0;
}

DWORD end_hash(struct hash *hash, uint8_t digest[sha256_bytes]) {
  DWORD error = crypt.finish(hash->handle, digest, sha256_bytes, 0) >= 0 ? 0 : ERROR_INTERNAL_ERROR;
  crypt.destroy(hash->handle);
  return error;
}

static JSValue sha256(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  uint8_t *bytes, digest[sha256_bytes];
  size_t length;
  if (!bytes_argument(context, arguments[0], &bytes, &length)) return JS_EXCEPTION;
  struct hash hash;
  DWORD error = begin_hash(&hash);
  if (error) return fail(context, "sha256", error);
  error = add_to_hash(&hash, bytes, length);
  DWORD end = end_hash(&hash, digest);
  if (!error) error = end;
  return error ? fail(context, "sha256", error) : copied_bytes_value(context, digest, sizeof digest);
}

static JSValue random_bytes(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  size_t length = (size_t)number_argument(context, arguments[0]);
  if (!load_crypt()) return fail(context, "randomBytes", ERROR_MOD_NOT_FOUND);
  uint8_t *bytes = counted_alloc(length);
  if (!bytes) return JS_ThrowOutOfMemory(context);
  if (crypt.random(NULL, bytes, (ULONG)length, BCRYPT_USE_SYSTEM_PREFERRED_RNG) >= 0)
    return owned_bytes_value(context, bytes, length);
  counted_free(bytes);
  return fail(context, "randomBytes", ERROR_INTERNAL_ERROR);
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("sha256", 1, sha256),
    JS_CFUNC_DEF("randomBytes", 1, random_bytes),
};
const struct call_group hash_calls = CALL_GROUP(calls);
