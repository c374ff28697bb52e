// What a process of the rig saw and when: a file in memory that others can read while it grows.
#pragma once
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>

#include "common.h"

enum note_kind {
  NOTE_CYCLE = 1,    // driver: one control cycle; value: 1 while it may move
  NOTE_TAKE = 2,     // driver: an action that it may obey; value: its space, a: boot, b: sequence number
  NOTE_SENT = 3,     // controller: an action; a: boot, b: sequence number
  NOTE_STATE = 4,    // arm or camera: a message; a: boot, b: sequence number
  NOTE_VERDICT = 5,  // onlooker; value: judged | outcome << 8 | decision << 16, a: latency in ns, b: the action's sequence number
};

/// Stamped with ns of CLOCK_MONOTONIC.
struct note {
  int64_t at;
  uint32_t kind, value;
  uint64_t a, b;
};

struct journal {
  struct note *notes;
  uint64_t count, capacity;
};

/// The file is made in its full length, so that no page is missing when times are taken; a note whose instant is 0 is none yet.
static inline struct journal open_journal(const char *path, uint64_t capacity) {
  struct journal journal = {.capacity = capacity};
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0 || ftruncate(file, (off_t)(capacity * sizeof(struct note))) != 0) fail("faults: %s: %s", path, strerror(errno));
  journal.notes = mmap(NULL, capacity * sizeof(struct note), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
  if (journal.notes == MAP_FAILED) fail("faults: %s: %s", path, strerror(errno));
  close(file);
  return journal;
}

static inline void note(struct journal *journal, int64_t at, enum note_kind kind, uint32_t value, uint64_t a, uint64_t b) {
  if (journal->count == journal->capacity) fail("faults: a journal of %llu notes is full", (unsigned long long)journal->capacity);
  struct note *place = &journal->notes[journal->count++];
  place->kind = kind;
  place->value = value;
  place->a = a;
  place->b = b;
  // Last: whoever reads an instant finds the rest.
  atomic_signal_fence(memory_order_release);
  *(volatile int64_t *)&place->at = at;
}
