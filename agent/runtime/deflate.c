#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "values.h"
#include <zlib.h>

// deflate(bytes): RFC 1951 without a frame. What does not fit into memory throws.
static JSValue deflate_bytes(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  uint8_t *bytes;
  size_t length;
  if (!bytes_argument(context, arguments[0], &bytes, &length)) return JS_EXCEPTION;
  beat();
  z_stream stream = {.zalloc = zlib_alloc, .zfree = zlib_free, .next_in = bytes, .avail_in = (uInt)length};
  if (stream.avail_in != length ||
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) != Z_OK)
    return JS_ThrowOutOfMemory(context);
  size_t room = deflateBound(&stream, stream.avail_in);
  uint8_t *deflated = counted_alloc(room);
  stream.next_out = deflated;
  stream.avail_out = (uInt)room;
  int whole = deflated && deflate(&stream, Z_FINISH) == Z_STREAM_END;
  size_t size = stream.total_out;
  deflateEnd(&stream);
  JSValue value = whole ? copied_bytes_value(context, deflated, size) : JS_ThrowOutOfMemory(context);
  counted_free(deflated);
  return value;
}

static const JSCFunctionListEntry calls[] = {JS_CFUNC_DEF("deflate", 1, deflate_bytes)};
const struct call_group deflate_calls = CALL_GROUP(calls);
