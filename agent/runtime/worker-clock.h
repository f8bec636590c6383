// When the parent gives its worker up: two minutes without a sign of life, or its time is over. Plain C, so that the
// rule is tried on the building machine in no time.
#pragma once
#include <stdint.h>

struct worker_clock {
  uint64_t started_ms, moved_ms;
  int64_t seen_beats;
};

void start_worker_clock(struct worker_clock *clock, uint64_t now_ms, int64_t beats);

// `total_ms` is what the worker itself asked for, 0 while it said nothing.
int is_worker_given_up(struct worker_clock *clock, uint64_t now_ms, int64_t beats, int64_t total_ms);
