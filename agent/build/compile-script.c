// A tool of the build that runs on the building machine: compiles one JavaScript module to QuickJS bytecode.
// compile-script IN OUT
#include "quickjs.h"
#include <stdio.h>
#include <stdlib.h>

static char *read_file(const char *name, size_t *length) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) return NULL;
  long size = ftell(file);
  rewind(file);
  char *text = size < 0 ? NULL : malloc((size_t)size + 1);
  if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) return NULL;
  fclose(file);
  text[size] = 0;
  *length = (size_t)size;
  return text;
}

static int write_file(const char *name, const void *bytes, size_t length) {
  FILE *file = fopen(name, "wb");
  return file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0;
}

int main(int count, char **arguments) {
  size_t length, size;
  char *text = count == 3 ? read_file(arguments[1], &length) : NULL;
  if (!text) return 2;
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *context = JS_NewContext(runtime);
  JS_SetStripInfo(runtime, JS_STRIP_DEBUG);
  JSValue module = JS_Eval(context, text, length, "agent.js", JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(module)) {
    fprintf(stderr, "%s\n", JS_ToCString(context, JS_GetException(context)));
    return 1;
  }
  uint8_t *bytes = JS_WriteObject(context, &size, module, JS_WRITE_OBJ_BYTECODE);
  return bytes && write_file(arguments[2], bytes, size) ? 0 : 1;
}
