// The messages that a controller, an arm and a camera send, for an arm that moves a little about its home pose.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOOP_JOINTS = 7, LOOP_LONGEST = 4096 };

/// A millisecond of the motion: joints (rad), their velocities (rad/s), the drives' mean torques over a state's period (Nm), where
/// the tool then is (m). As the table's file has it.
struct row {
  double position[LOOP_JOINTS];
  double velocity[LOOP_JOINTS];
  double effort[LOOP_JOINTS];
  double tool[3];
};

/// The motion, a row a millisecond; it begins again after the last.
struct table {
  struct row *rows;
  size_t count;
};

/// One stream of messages each: sequence numbers begin with 1. What is 0 of `boot` and `stream_id` is 7 and 1.
struct streams {
  uint64_t action, state, people, heartbeat;
  uint64_t boot;
  uint32_t stream_id;
  /// An action's stamp is said to be of the monotonic clock, not simulated time as all else is.
  bool is_action_monotonic;
};

/// Of the arm, in every header; "panda" at first.
extern const char *robot_id;

struct table read_table(const char *path);

/// Each packs the next message of its stream into `out` (LOOP_LONGEST bytes), as of `time_ns` since the motion began, and returns
/// its size. An action's target is where the arm is to be a millisecond later.
size_t pack_action(struct streams *streams, const struct table *table, int64_t time_ns, uint8_t *out);
size_t pack_state(struct streams *streams, const struct table *table, int64_t time_ns, uint8_t *out);
size_t pack_people(struct streams *streams, int64_t time_ns, uint8_t *out);
size_t pack_heartbeat(struct streams *streams, int64_t time_ns, uint8_t *out);
