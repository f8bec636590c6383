// The groups of calls that the engine offers to JavaScript as `native`; README.md lists every call.
#pragma once
#include "quickjs.h"

struct call_group {
  const JSCFunctionListEntry *calls;
  int count;
};

extern const struct call_group file_entry_calls, file_content_calls, file_name_calls, volume_calls, registry_calls,
    process_calls, http_calls, network_address_calls, hash_calls, curve_calls, deflate_calls, console_calls, clock_calls,
    machine_calls;

#define CALL_GROUP(list) {list, (int)(sizeof list / sizeof *list)}
