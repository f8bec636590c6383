#include "calls.h"
#include "heartbeat.h"
#include "values.h"
#include <crypto_scalarmult/curve25519/ref10/x25519_ref10.h>
#include <crypto_sign_ed25519.h>

enum { key_bytes = 32, secret_bytes = 64, signature_bytes = 64 };

static JSValue verify_ed25519(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  uint8_t *key, *message, *signature;
  size_t key_length, message_length, signature_length;
  if (!bytes_argument(context, arguments[0], &key, &key_length)) return JS_EXCEPTION;
  if (!bytes_argument(context, arguments[1], &message, &message_length)) return JS_EXCEPTION;
  if (!bytes_argument(context, arguments[2], &signature, &signature_length)) return JS_EXCEPTION;
  if (key_length != key_bytes || signature_length != signature_bytes) return JS_FALSE;
  return JS_NewBool(context, crypto_sign_ed25519_verify_detached(signature, message, message_length, key) == 0);
}

// The secret key with its public one behind, as libsodium keeps it; false after an exception.
static int pair_argument(JSContext *context, JSValueConst value, uint8_t public[key_bytes],
                         uint8_t pair[secret_bytes]) {
  uint8_t *secret;
  size_t length;
  if (!bytes_argument(context, value, &secret, &length)) return 0;
  if (length != key_bytes) {
    fail(context, "ed25519", ERROR_INVALID_PARAMETER);
    return 0;
  }
  return crypto_sign_ed25519_seed_keypair(public, pair, secret) == 0;
}

static JSValue sign_ed25519(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  uint8_t public[key_bytes], pair[secret_bytes], signature[signature_bytes], *message;
  size_t length;
  if (!bytes_argument(context, arguments[1], &message, &length)) return JS_EXCEPTION;
  if (!pair_argument(context, arguments[0], public, pair)) return JS_EXCEPTION;
  crypto_sign_ed25519_detached(signature, NULL, message, length, pair);
  SecureZeroMemory(pair, sizeof pair);
  return copied_bytes_value(context, signature, sizeof signature);
}

static JSValue public_key_ed25519(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  uint8_t public[key_bytes], pair[secret_bytes];
  if (!pair_argument(context, arguments[0], public, pair)) return JS_EXCEPTION;
  SecureZeroMemory(pair, sizeof pair);
  return copied_bytes_value(context, public, sizeof public);
}

// Two keys of 32 bytes give a third; undefined for a public key that makes any secret the same.
static JSValue x25519(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  beat();
  uint8_t *secret, *public, shared[key_bytes], any = 0;
  size_t secret_length, public_length;
  if (!bytes_argument(context, arguments[0], &secret, &secret_length)) return JS_EXCEPTION;
  if (!bytes_argument(context, arguments[1], &public, &public_length)) return JS_EXCEPTION;
  if (secret_length != key_bytes || public_length != key_bytes) return fail(context, "x25519", ERROR_INVALID_PARAMETER);
  if (crypto_scalarmult_curve25519_ref10_implementation.mult(shared, secret, public) != 0) return JS_UNDEFINED;
  for (size_t i = 0; i < sizeof shared; i++) any |= shared[i];
  JSValue value = any ? copied_bytes_value(context, shared, sizeof shared) : JS_UNDEFINED;
  SecureZeroMemory(shared, sizeof shared);
  return value;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("verifyEd25519", 3, verify_ed25519),
    JS_CFUNC_DEF("signEd25519", 2, sign_ed25519),
    JS_CFUNC_DEF("publicKeyEd25519", 1, public_key_ed25519),
    JS_CFUNC_DEF("x25519", 2, x25519),
};
const struct call_group curve_calls = CALL_GROUP(calls);
