// The load: a controller at 1 kHz or flat out, an arm and a camera at 100 Hz, and the ears of a driver and of an onlooker.
//
// Arguments, `name=value` each:
//   action, state, scene, gated, verdict   endpoints to connect to
//   robot     id of the arm (panda)
//   table     file of `struct row`: the motion, a row a millisecond
//   samples   file to write: a `struct sample` for each action
//   facts     file to write: a JSON object with sizes, refusals, what was lost
//   count     actions
//   window    0: one action every millisecond. Else flat out, with at most so many that are not answered yet
//   answers   1: an action is answered by its gated message. 2: by that and a verdict
//   judged    1: verdicts are the monitor's, and each must be a pass and allowed
//   core      the core of both threads (-1: any)
//   priority  their SCHED_FIFO priority (0: none)
//
// The sender stamps an action before it hands it to ZeroMQ, the receiver stamps each answer when it has both its frames: a time
// is that of a round trip, two hops and what is between them. Both threads are on one core; the loop is to be on another.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Instants of one action, ns of CLOCK_MONOTONIC; 0: never.
struct sample {
  int64_t sent;
  int64_t gated;
  int64_t told;     // its verdict
  int64_t inside;   // ns, as the verdict itself says: from receipt to the gated message's being sent
};

/// Runs to the end on the calling thread and one more. Ends the process with status 4 when it can't be done.
void load_run(void *context, int count, char **arguments);

/// With `stream=FILE`: writes what `count` actions at 1 kHz would send (see OwnTime.swift) instead of sending it.
///
/// - Returns: whether it was asked to.
bool load_write_stream(int count, char **arguments);
