// One HTTPS exchange at a time, in steps, so that its caller can look at the server's certificate after the headers
// have left and before the body does. WinHTTP works asynchronously, since only that makes a deadline hold.
#include "calls.h"
#include "heartbeat.h"
#include "keys.h"
#include "memory.h"
#include "system-library.h"
#include "values.h"
#include <winhttp.h>

enum { piece_bytes = 16 * 1024, step_ms = 200, close_wait_ms = 2000, most_proxy_letters = 320 };

// WinHTTP knows the proxy by the session: one for the direct way, one for the proxy that was named last.
static struct session {
  HINTERNET handle;
  wchar_t proxy[most_proxy_letters];
} direct, proxied;

static struct {
  int tried, loaded;
  __typeof__(&WinHttpOpen) open;
  __typeof__(&WinHttpSetStatusCallback) set_callback;
  __typeof__(&WinHttpConnect) connect;
  __typeof__(&WinHttpOpenRequest) open_request;
  __typeof__(&WinHttpSetOption) set_option;
  __typeof__(&WinHttpQueryOption) query_option;
  __typeof__(&WinHttpSendRequest) send_request;
  __typeof__(&WinHttpWriteData) write_data;
  __typeof__(&WinHttpReceiveResponse) receive_response;
  __typeof__(&WinHttpQueryHeaders) query_headers;
  __typeof__(&WinHttpReadData) read_data;
  __typeof__(&WinHttpCloseHandle) close;
} http;

// Lives until both sides are done with it: a late answer of WinHTTP must find the piece it writes into.
struct exchange {
  HINTERNET connection, request;
  HANDLE done, closed;
  ULONGLONG deadline;
  int ends_at_key;
  volatile LONG users;
  volatile DWORD error, length;
  uint8_t piece[piece_bytes];
};

static struct exchange *current;

static void leave(struct exchange *exchange) {
  if (InterlockedDecrement(&exchange->users) > 0) return;
  CloseHandle(exchange->done);
  CloseHandle(exchange->closed);
  HeapFree(GetProcessHeap(), 0, exchange);
}

static void CALLBACK on_status(HINTERNET handle, DWORD_PTR context, DWORD status, void *information, DWORD length) {
  (void)handle;
  struct exchange *exchange = (struct exchange *)context;
  if (!exchange) return;
  switch (status) {
  case WINHTTP_CALLBACK_STATUS_REQUEST_ERROR:
    exchange->error = ((WINHTTP_ASYNC_RESULT *)information)->dwError;
    SetEvent(exchange->done);
    break;
  case WINHTTP_CALLBACK_STATUS_READ_COMPLETE:
    exchange->length = length;
    SetEvent(exchange->done);
    break;
  case WINHTTP_CALLBACK_STATUS_SENDREQUEST_COMPLETE:
  case WINHTTP_CALLBACK_STATUS_WRITE_COMPLETE:
  case WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE:
    SetEvent(exchange->done);
    break;
  case WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING:
    SetEvent(exchange->closed);
    leave(exchange);
    break;
  }
}

static void *find(const char *function) { return (void *)find_system_function(L"winhttp.dll", function); }

static int load_http(void) {
  if (http.tried) return http.loaded;
  http.tried = 1;
  http.open = find("WinHttpOpen");
  http.set_callback = find("WinHttpSetStatusCallback");
  http.connect = find("WinHttpConnect");
  http.open_request = find("WinHttpOpenRequest");
  http.set_option = find("WinHttpSetOption");
  http.query_option = find("WinHttpQueryOption");
  http.send_request = find("WinHttpSendRequest");
  http.write_data = find("WinHttpWriteData");
  http.receive_response = find("WinHttpReceiveResponse");
  http.query_headers = find("WinHttpQueryHeaders");
  http.read_data = find("WinHttpReadData");
  http.close = find("WinHttpCloseHandle");
  http.loaded = http.open && http.set_callback && http.connect && http.open_request && http.set_option &&
                http.query_option && http.send_request && http.write_data && http.receive_response &&
                http.query_headers && http.read_data && http.close;
  return http.loaded;
}

// The session for a proxy, or for the direct way where that is empty.
static DWORD open_session(const wchar_t *proxy, HINTERNET *found) {
  if (!load_http()) return ERROR_MOD_NOT_FOUND;
  if (wcslen(proxy) >= most_proxy_letters) return ERROR_INVALID_PARAMETER;
  struct session *session = *proxy ? &proxied : &direct;
  if (session->handle && wcscmp(session->proxy, proxy) != 0) {
    http.close(session->handle);
    session->handle = NULL;
  }
  if (!session->handle) {
    DWORD access = *proxy ? WINHTTP_ACCESS_TYPE_NAMED_PROXY : WINHTTP_ACCESS_TYPE_NO_PROXY;
    HINTERNET handle = http.open(L"Bootmend", access, *proxy ? proxy : NULL, NULL, WINHTTP_FLAG_ASYNC);
    if (!handle) return GetLastError();
    DWORD protocols = WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2 | 0x2000; // TLS 1.3, which older headers and systems lack
    if (!http.set_option(handle, WINHTTP_OPTION_SECURE_PROTOCOLS, &protocols, sizeof protocols)) {
      protocols = WINHTTP_FLAG_SECURE_PROTOCOL_TLS1_2;
      http.set_option(handle, WINHTTP_OPTION_SECURE_PROTOCOLS, &protocols, sizeof protocols);
    }
    http.set_callback(handle, on_status, WINHTTP_CALLBACK_FLAG_ALL_COMPLETIONS | WINHTTP_CALLBACK_FLAG_HANDLES, 0);
    wcscpy(session->proxy, proxy);
    session->handle = handle;
  }
  *found = session->handle;
  return 0;
}

// Waits for what was just asked of WinHTTP. 0, or why it failed.
static DWORD finish(struct exchange *exchange, BOOL asked) {
  if (!asked && GetLastError() != ERROR_IO_PENDING) return GetLastError();
  for (;;) {
    beat();
    if (WaitForSingleObject(exchange->done, step_ms) == WAIT_OBJECT_0) return exchange->error;
    // The key stays for the next wait.
    if (exchange->ends_at_key && is_key_pressed()) return ERROR_CANCELLED;
    if (GetTickCount64() >= exchange->deadline) return ERROR_WINHTTP_TIMEOUT;
  }
}

static void end_exchange(void) {
  struct exchange *exchange = current;
  if (!exchange) return;
  current = NULL;
  if (exchange->request) {
    http.close(exchange->request);
    WaitForSingleObject(exchange->closed, close_wait_ms);
  }
  if (exchange->connection) http.close(exchange->connection);
  leave(exchange);
}

static JSValue fail_exchange(JSContext *context, const char *call, DWORD error) {
  end_exchange();
  return fail(context, call, error);
}

static DWORD begin(HINTERNET session, const wchar_t *host, INTERNET_PORT port, const wchar_t *method,
                   const wchar_t *path, const wchar_t *headers, DWORD body_bytes, ULONGLONG timeout,
                   int ends_at_key) {
  struct exchange *exchange = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *exchange);
  if (!exchange) return ERROR_NOT_ENOUGH_MEMORY;
  exchange->users = 1;
  exchange->done = CreateEventW(NULL, FALSE, FALSE, NULL);
  exchange->closed = CreateEventW(NULL, TRUE, FALSE, NULL);
  exchange->deadline = GetTickCount64() + timeout;
  exchange->ends_at_key = ends_at_key;
  current = exchange;
  exchange->connection = http.connect(session, host, port, 0);
  if (!exchange->connection) return GetLastError();
  exchange->request = http.open_request(exchange->connection, method, path, NULL, WINHTTP_NO_REFERER,
                                        WINHTTP_DEFAULT_ACCEPT_TYPES, WINHTTP_FLAG_SECURE);
  if (!exchange->request) return GetLastError();
  DWORD_PTR context = (DWORD_PTR)exchange;
  exchange->users = 2;
  if (!http.set_option(exchange->request, WINHTTP_OPTION_CONTEXT_VALUE, &context, sizeof context)) return GetLastError();
  // Neither authority, date nor name is asked: the caller compares the key itself.
  DWORD ignored = SECURITY_FLAG_IGNORE_UNKNOWN_CA | SECURITY_FLAG_IGNORE_CERT_DATE_INVALID |
                  SECURITY_FLAG_IGNORE_CERT_CN_INVALID | SECURITY_FLAG_IGNORE_CERT_WRONG_USAGE;
  DWORD off = WINHTTP_DISABLE_COOKIES | WINHTTP_DISABLE_REDIRECTS | WINHTTP_DISABLE_AUTHENTICATION;
  if (!http.set_option(exchange->request, WINHTTP_OPTION_SECURITY_FLAGS, &ignored, sizeof ignored) ||
      !http.set_option(exchange->request, WINHTTP_OPTION_DISABLE_FEATURE, &off, sizeof off))
    return GetLastError();
  return finish(exchange, http.send_request(exchange->request, headers, (DWORD)-1, WINHTTP_NO_REQUEST_DATA, 0,
                                            body_bytes, context));
}

static JSValue certificate_value(JSContext *context) {
  CERT_CONTEXT *certificate = NULL;
  DWORD size = sizeof certificate;
  if (!http.query_option(current->request, WINHTTP_OPTION_SERVER_CERT_CONTEXT, &certificate, &size))
    return fail_exchange(context, "httpBegin", GetLastError());
  JSValue bytes = copied_bytes_value(context, certificate->pbCertEncoded, certificate->cbCertEncoded);
  __typeof__(&CertFreeCertificateContext) release =
      (void *)find_system_function(L"crypt32.dll", "CertFreeCertificateContext");
  if (release) release(certificate);
  return bytes;
}

// httpBegin(host, port, method, path, headers, bodyBytes, timeoutMs, proxy, endsAtKey): gives the server's certificate.
static JSValue http_begin(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  end_exchange();
  wchar_t *host = text_argument(context, arguments[0]), *method = text_argument(context, arguments[2]);
  wchar_t *path = text_argument(context, arguments[3]), *headers = text_argument(context, arguments[4]);
  wchar_t *proxy = text_argument(context, arguments[7]);
  INTERNET_PORT port = (INTERNET_PORT)number_argument(context, arguments[1]);
  DWORD body_bytes = (DWORD)number_argument(context, arguments[5]);
  ULONGLONG timeout = (ULONGLONG)number_argument(context, arguments[6]);
  DWORD error = ERROR_NOT_ENOUGH_MEMORY;
  if (host && method && path && headers && proxy) {
    HINTERNET session;
    error = open_session(proxy, &session);
    int ends_at_key = flag_argument(context, arguments[8]);
    if (!error) error = begin(session, host, port, method, path, headers, body_bytes, timeout, ends_at_key);
  }
  counted_free(host);
  counted_free(method);
  counted_free(path);
  counted_free(headers);
  counted_free(proxy);
  return error ? fail_exchange(context, "httpBegin", error) : certificate_value(context);
}

static JSValue http_send(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count;
  uint8_t *bytes;
  size_t length;
  if (!bytes_argument(context, arguments[0], &bytes, &length)) return JS_EXCEPTION;
  if (!current) return fail(context, "httpSend", ERROR_INVALID_HANDLE);
  for (size_t at = 0; at < length;) {
    size_t size = length - at < piece_bytes ? length - at : piece_bytes;
    memcpy(current->piece, bytes + at, size);
    DWORD error = finish(current, http.write_data(current->request, current->piece, (DWORD)size, NULL));
    if (error) return fail_exchange(context, "httpSend", error);
    at += size;
  }
  return JS_UNDEFINED;
}

// Gives the status line and the headers as they came.
static JSValue http_answer(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  if (!current) return fail(context, "httpAnswer", ERROR_INVALID_HANDLE);
  DWORD error = finish(current, http.receive_response(current->request, NULL));
  if (error) return fail_exchange(context, "httpAnswer", error);
  DWORD size = 0;
  http.query_headers(current->request, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, NULL, &size, NULL);
  wchar_t *headers = counted_alloc(size + sizeof *headers);
  if (!headers) return fail_exchange(context, "httpAnswer", ERROR_NOT_ENOUGH_MEMORY);
  BOOL known = http.query_headers(current->request, WINHTTP_QUERY_RAW_HEADERS_CRLF, NULL, headers, &size, NULL);
  error = GetLastError();
  JSValue text = known ? text_value(context, headers, size / sizeof *headers) : JS_UNDEFINED;
  counted_free(headers);
  return known ? text : fail_exchange(context, "httpAnswer", error);
}

// The next piece of the answer's body; empty at its end.
static JSValue http_read(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)self, (void)count, (void)arguments;
  if (!current) return fail(context, "httpRead", ERROR_INVALID_HANDLE);
  DWORD error = finish(current, http.read_data(current->request, current->piece, piece_bytes, NULL));
  if (error) return fail_exchange(context, "httpRead", error);
  return copied_bytes_value(context, current->piece, current->length);
}

static JSValue http_end(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
  (void)context, (void)self, (void)count, (void)arguments;
  end_exchange();
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("httpBegin", 9, http_begin), JS_CFUNC_DEF("httpSend", 1, http_send),
    JS_CFUNC_DEF("httpAnswer", 0, http_answer), JS_CFUNC_DEF("httpRead", 0, http_read),
    JS_CFUNC_DEF("httpEnd", 0, http_end),
};
const struct call_group http_calls = CALL_GROUP(calls);
