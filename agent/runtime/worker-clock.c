#include "worker-clock.h"

static const uint64_t stall_ms = 2 * 60 * 1000;
static const uint64_t longest_total_ms = 73ull * 3600 * 1000; // WinPE itself ends after 72 hours

void start_worker_clock(struct worker_clock *clock, uint64_t now_ms, int64_t beats) {
  *clock = (struct worker_clock){.started_ms = now_ms, .moved_ms = now_ms, .seen_beats = beats};
}

int is_worker_given_up(struct worker_clock *clock, uint64_t now_ms, int64_t beats, int64_t total_ms) {
  if (beats != clock->seen_beats) {
    clock->seen_beats = beats;
    clock->moved_ms = now_ms;
  }
  uint64_t total = total_ms > 0 && (uint64_t)total_ms < longest_total_ms ? (uint64_t)total_ms : longest_total_ms;
  return now_ms - clock->moved_ms >= stall_ms || now_ms - clock->started_ms >= total;
}
