// How the worker shows its parent that it gets on, and how long it may take.
#pragma once
#include <windows.h>

struct heartbeat {
  volatile LONG64 beats;
  // Milliseconds from the start after which the parent ends the worker; 0 while nobody said.
  volatile LONG64 total_ms;
};

// From now on beats go there; before, nowhere.
void use_heartbeat(struct heartbeat *shared);
void beat(void);
void set_total_time(LONG64 milliseconds);
