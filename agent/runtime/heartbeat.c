#include "heartbeat.h"

static struct heartbeat own;
static struct heartbeat *current = &own;

void use_heartbeat(struct heartbeat *shared) { current = shared; }

void beat(void) { InterlockedIncrement64(&current->beats); }

void set_total_time(LONG64 milliseconds) { InterlockedExchange64(&current->total_ms, milliseconds); }
