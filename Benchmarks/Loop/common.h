// What the load generator and the echo loop share: the clock, real-time service, sockets as odcv has them.
#pragma once
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

/// ns of CLOCK_MONOTONIC
static inline int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void sleep_until(int64_t instant_ns) {
  struct timespec t = {instant_ns / 1000000000, instant_ns % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

/// The benchmark can't be run: says why and ends the process with the status of a rig error.
__attribute__((noreturn, format(printf, 1, 2))) static inline void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  _exit(4);
}

static inline void check(int result, const char *what) {
  if (result < 0) fail("loop: %s: %s", what, zmq_strerror(zmq_errno()));
}

/// Pins the calling thread to a core (-1: leaves it) and gives it SCHED_FIFO (priority 0: leaves it).
///
/// - Returns: false when either was refused.
static inline bool place_thread(int core, int priority) {
  bool granted = true;
  if (core >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    granted = sched_setaffinity(0, sizeof set, &set) == 0;
  }
  if (priority > 0) {
    struct sched_param parameters = {.sched_priority = priority};
    granted = sched_setscheduler(0, SCHED_FIFO, &parameters) == 0 && granted;
  }
  return granted;
}

/// Whether this process may have SCHED_FIFO. Asked first: libzmq aborts where its own option for it is refused.
static inline bool may_have_fifo(int priority) {
  struct sched_param before, wanted = {.sched_priority = priority};
  int policy = sched_getscheduler(0);
  sched_getparam(0, &before);
  if (sched_setscheduler(0, SCHED_FIFO, &wanted) != 0) return false;
  sched_setscheduler(0, policy, &before);
  return true;
}

/// A context whose own threads run on `core` (-1: anywhere) with SCHED_FIFO (priority 0: without).
static inline void *make_context(int core, int priority) {
  void *context = zmq_ctx_new();
  if (context == NULL) fail("loop: no ZeroMQ context");
  if (core >= 0) check(zmq_ctx_set(context, ZMQ_THREAD_AFFINITY_CPU_ADD, core), "core of ZeroMQ's threads");
  if (priority > 0 && may_have_fifo(priority)) {
    check(zmq_ctx_set(context, ZMQ_THREAD_SCHED_POLICY, SCHED_FIFO), "policy of ZeroMQ's threads");
    check(zmq_ctx_set(context, ZMQ_THREAD_PRIORITY, priority), "priority of ZeroMQ's threads");
  }
  return context;
}

/// A socket with the options that odcv sets on its own (Sources/ODCVWire/SocketOptions.swift, LoopSockets.swift).
static inline void *make_socket(void *context, int type, int receive_mark, int send_mark) {
  void *socket = zmq_socket(context, type);
  if (socket == NULL) fail("loop: no socket: %s", zmq_strerror(zmq_errno()));
  const struct { int option, value; } options[] = {
      {ZMQ_RCVHWM, receive_mark}, {ZMQ_SNDHWM, send_mark}, {ZMQ_LINGER, 0},     {ZMQ_SNDTIMEO, 5000},
      {ZMQ_TCP_KEEPALIVE, 1},     {ZMQ_TCP_KEEPALIVE_IDLE, 1}, {ZMQ_TCP_KEEPALIVE_INTVL, 1}, {ZMQ_TCP_KEEPALIVE_CNT, 3},
      {ZMQ_TCP_MAXRT, 3000},      {ZMQ_IMMEDIATE, 1},     {ZMQ_RECONNECT_IVL, 100}};
  for (size_t place = 0; place < sizeof options / sizeof *options; place++)
    check(zmq_setsockopt(socket, options[place].option, &options[place].value, sizeof(int)), "socket option");
  int64_t longest = 1 << 20;
  check(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &longest, sizeof longest), "longest message");
  return socket;
}

/// One message of two frames; the rest of a longer one is dropped. Init and close the frames outside.
///
/// - Returns: how many frames it had; 0 when none came.
static inline int receive_message(void *socket, zmq_msg_t frames[2], int flags) {
  int count = 0;
  for (;;) {
    zmq_msg_t *frame = &frames[count < 2 ? count : 1];
    if (zmq_msg_recv(frame, socket, flags) < 0) {
      if (zmq_errno() == EINTR && count > 0) continue;
      if (zmq_errno() == EAGAIN || zmq_errno() == EINTR || zmq_errno() == ETERM) return 0;
      fail("loop: receiving: %s", zmq_strerror(zmq_errno()));
    }
    count++;
    if (!zmq_msg_more(frame)) return count;
  }
}

static inline void send_message(void *socket, const void *topic, size_t topic_size, const void *body, size_t body_size) {
  while (zmq_send(socket, topic, topic_size, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
    if (zmq_errno() != EINTR) fail("loop: sending: %s", zmq_strerror(zmq_errno()));
  while (zmq_send(socket, body, body_size, ZMQ_DONTWAIT) < 0)
    if (zmq_errno() != EINTR) fail("loop: sending: %s", zmq_strerror(zmq_errno()));
}

/// The value of `name=value` among the arguments, or `otherwise`.
static inline const char *argument(int count, char **arguments, const char *name, const char *otherwise) {
  size_t size = strlen(name);
  for (int place = 0; place < count; place++)
    if (strncmp(arguments[place], name, size) == 0 && arguments[place][size] == '=') return arguments[place] + size + 1;
  if (otherwise == NULL) fail("loop: %s=... is missing", name);
  return otherwise;
}

static inline long number(int count, char **arguments, const char *name, const char *otherwise) {
  return strtol(argument(count, arguments, name, otherwise), NULL, 10);
}
