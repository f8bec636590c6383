// The addresses that this machine has now.
#include <winsock2.h>
#include <ws2ipdef.h>

#include "calls.h"
#include "heartbeat.h"
#include "memory.h"
#include "system-library.h"
#include "values.h"
#include <iphlpapi.h>

enum { first_bytes = 16 * 1024, last_bytes = 256 * 1024 };

// IPv4 and IPv6 addresses of interfaces that are up, as they lie on the wire; loopback is left out.
static JSValue network_addresses(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  beat();
  __typeof__(&GetAdaptersAddresses) get = (void *)find_system_function(L"iphlpapi.dll", "GetAdaptersAddresses");
  if (!get) return fail(context, "networkAddresses", ERROR_MOD_NOT_FOUND);
  ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER, size = first_bytes;
  IP_ADAPTER_ADDRESSES *adapters = NULL;
  ULONG error = ERROR_BUFFER_OVERFLOW;
  while (error == ERROR_BUFFER_OVERFLOW && size <= last_bytes) {
    counted_free(adapters);
    adapters = counted_alloc(size);
    if (!adapters) return JS_ThrowOutOfMemory(context);
    error = get(AF_UNSPEC, flags, NULL, adapters, &size);
  }
  JSValue list = JS_NewArray(context);
  uint32_t length = 0;
  for (IP_ADAPTER_ADDRESSES *one = error ? NULL : adapters; one; one = one->Next) {
    if (one->OperStatus != IfOperStatusUp || one->IfType == IF_TYPE_SOFTWARE_LOOPBACK) continue;
    for (IP_ADAPTER_UNICAST_ADDRESS *address = one->FirstUnicastAddress; address; address = address->Next) {
      const SOCKADDR *socket = address->Address.lpSockaddr;
      const void *bytes = socket->sa_family == AF_INET ? (const void *)&((const SOCKADDR_IN *)socket)->sin_addr
                                                       : (const void *)&((const SOCKADDR_IN6 *)socket)->sin6_addr;
      JSValue value = copied_bytes_value(context, bytes, socket->sa_family == AF_INET ? 4 : 16);
      JS_DefinePropertyValueUint32(context, list, length++, value, JS_PROP_C_W_E);
    }
  }
  counted_free(adapters);
  return list;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("networkAddresses", 0, network_addresses),
};
const struct call_group network_address_calls = CALL_GROUP(calls);
