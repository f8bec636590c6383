#include "engine.h"
#include "calls.h"
#include "memory.h"
#include "values.h"
#include <zlib.h>

// The bytecode, deflated, from code.s; its first four bytes are the size it inflates to.
extern const uint8_t agent_code[], agent_code_end[];

// The collector goes through everything that lives, so it comes rarely: what it would find by then is little.
enum { exit_crashed = 1, stack_bytes = 1024 * 1024, first_collection_bytes = 4 * 1024 * 1024 };

// QuickJS collects garbage by what its own count of the heap says.
static void *counted_for(JSMallocState *state, void *pointer, size_t before) {
  if (pointer) state->malloc_size += counted_size(pointer) - before;
  return pointer;
}
static void *script_alloc(JSMallocState *state, size_t size) { return counted_for(state, counted_alloc(size), 0); }
static void script_free(JSMallocState *state, void *pointer) {
  if (pointer) state->malloc_size -= counted_size(pointer);
  counted_free(pointer);
}
static void *script_realloc(JSMallocState *state, void *pointer, size_t size) {
  if (pointer && size == 0) {
    script_free(state, pointer);
    return NULL;
  }
  size_t before = pointer ? counted_size(pointer) : 0;
  return counted_for(state, counted_realloc(pointer, size), before);
}

static uint8_t *inflate_code(size_t *length) {
  *length = agent_code[0] | (size_t)agent_code[1] << 8 | (size_t)agent_code[2] << 16 | (size_t)agent_code[3] << 24;
  uint8_t *code = counted_alloc(*length);
  z_stream stream = {.zalloc = zlib_alloc, .zfree = zlib_free};
  stream.next_in = (Bytef *)agent_code + 4;
  stream.avail_in = (uInt)(agent_code_end - agent_code - 4);
  stream.next_out = code;
  stream.avail_out = (uInt)*length;
  int whole = code && inflateInit2(&stream, -MAX_WBITS) == Z_OK && inflate(&stream, Z_FINISH) == Z_STREAM_END &&
              stream.avail_out == 0;
  inflateEnd(&stream);
  if (whole) return code;
  counted_free(code);
  return NULL;
}

// Everything of the language but eval, so that code from elsewhere cannot run, and String.prototype.normalize, which
// nothing asks for and whose tables are 17 kB.
static void add_language(JSContext *context) {
  JS_AddIntrinsicBaseObjects(context);
  JS_AddIntrinsicDate(context);
  JS_AddIntrinsicRegExp(context);
  JS_AddIntrinsicJSON(context);
  JS_AddIntrinsicMapSet(context);
  JS_AddIntrinsicTypedArrays(context);
  JS_AddIntrinsicPromise(context);
  JS_AddIntrinsicWeakRef(context);
}

static void add_calls(JSContext *context, int count, wchar_t **arguments) {
  static const struct call_group *const groups[] = {
      &file_entry_calls, &file_content_calls, &file_name_calls, &volume_calls, &registry_calls, &process_calls,
      &http_calls,       &network_address_calls, &hash_calls,    &curve_calls,  &deflate_calls,  &console_calls,
      &clock_calls,      &machine_calls,
  };
  JSValue native = JS_NewObject(context);
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    JS_SetPropertyFunctionList(context, native, groups[i]->calls, groups[i]->count);
  JSValue list = JS_NewArray(context);
  for (int i = 0; i < count; i++)
    JS_DefinePropertyValueUint32(context, list, (uint32_t)i, zero_ended_text_value(context, arguments[i]),
                                 JS_PROP_C_W_E);
  set_property(context, native, "arguments", list);
  JSValue global = JS_GetGlobalObject(context);
  set_property(context, global, "native", native);
  JS_FreeValue(context, global);
}

static int report(JSContext *context) {
  JSValue error = JS_GetException(context);
  const char *text = JS_ToCString(context, error);
  static const char nothing[] = "out of memory";
  DWORD written;
  HANDLE output = GetStdHandle(STD_ERROR_HANDLE);
  WriteFile(output, text ? text : nothing, (DWORD)strlen(text ? text : nothing), &written, NULL);
  WriteFile(output, "\r\n", 2, &written, NULL);
  JS_FreeCString(context, text);
  JS_FreeValue(context, error);
  return exit_crashed;
}

// The code ends the process by native.exitProcess; that it runs out of things to do is a fault.
static int run_code(JSContext *context) {
  size_t length;
  uint8_t *code = inflate_code(&length);
  if (!code) return exit_crashed;
  JSValue module = JS_ReadObject(context, code, length, JS_READ_OBJ_BYTECODE);
  counted_free(code);
  if (JS_IsException(module)) return report(context);
  JSValue done = JS_EvalFunction(context, module);
  if (JS_IsException(done)) return report(context);
  JSContext *of_job;
  int state;
  while ((state = JS_ExecutePendingJob(JS_GetRuntime(context), &of_job)) > 0) {
  }
  if (state < 0) return report(of_job);
  if (JS_PromiseState(context, done) == JS_PROMISE_REJECTED) {
    JS_Throw(context, JS_PromiseResult(context, done));
    return report(context);
  }
  return exit_crashed;
}

int run_engine(int count, wchar_t **arguments) {
  static const JSMallocFunctions allocator = {script_alloc, script_free, script_realloc, counted_size};
  JSRuntime *runtime = JS_NewRuntime2(&allocator, NULL);
  JSContext *context = runtime ? JS_NewContextRaw(runtime) : NULL;
  if (!context) return exit_crashed;
  JS_SetMaxStackSize(runtime, stack_bytes);
  JS_SetGCThreshold(runtime, first_collection_bytes);
  add_language(context);
  add_calls(context, count, arguments);
  return run_code(context);
}
