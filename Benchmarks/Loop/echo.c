// The plain loop that odcv's is measured against: the same six sockets, bound with the same options; one thread that waits on
// the same five of them, and sends back what comes.
//
// Arguments, `name=value` each: action, state, scene, gated, verdict, control: endpoints to bind.
//   verdict-bytes  0: an action is answered by its own two frames on `gated`. Else each message and each tick is also answered
//                  by a body of this size on `verdict`, as the monitor tells what it judged
//   gated-mark     messages that may wait on `gated`; the monitor's are 64
//   single         1: waits on the action socket alone, in the receive call: the least that a loop can do
//   core, transport-core, priority   of the loop; of ZeroMQ's threads; SCHED_FIFO of the loop, ZeroMQ's threads one above (0: none)
#include <signal.h>

#include "common.h"
#include "wire.h"

static const char verdict_topic[] = "odcv/2/verdict/panda", lease_topic[] = "odcv/2/lease/panda";
enum { LEASE_BYTES = 40, KEPT = 1 << 20, BURST = 64 };
static const int64_t beat = 20000000;  // ns: leases and ticks

static volatile sig_atomic_t stopping;
static void stop(int signal) { (void)signal; stopping = 1; }

struct echo {
  void *action, *state, *scene, *gated, *verdict, *control;
  zmq_msg_t frames[2];
  uint8_t *body;
  size_t body_bytes;
  int64_t *inside;  // ns from receipt to the gated message's being sent
  long count;
};

static void *bound(void *context, int type, int receive_mark, int send_mark, int count, char **arguments, const char *name) {
  void *socket = make_socket(context, type, receive_mark, send_mark);
  if (type == ZMQ_SUB) check(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0), "subscribing");
  int mandatory = 1;
  if (type == ZMQ_ROUTER) check(zmq_setsockopt(socket, ZMQ_ROUTER_MANDATORY, &mandatory, sizeof mandatory), "mandatory");
  check(zmq_bind(socket, argument(count, arguments, name, NULL)), name);
  return socket;
}

/// A varint of ten bytes, whatever its value.
static void put_sequence(uint8_t *at, uint64_t value) {
  for (int place = 0; place < 9; place++, value >>= 7) at[place] = (uint8_t)(value & 0x7f) | 0x80;
  at[9] = (uint8_t)value;
}

/// A body that reads as a Verdict: the action's sequence number, and bytes.
static void make_body(struct echo *echo, size_t size) {
  enum { HEAD = 17 };
  echo->body_bytes = size == 0 ? 0 : size < HEAD ? HEAD : size;
  if (size == 0) return;
  echo->body = calloc(1, echo->body_bytes);
  echo->body[0] = 3 << 3;
  echo->body[11] = 9 << 3 | 2;
  uint32_t rest = (uint32_t)(echo->body_bytes - HEAD);
  for (int place = 0; place < 4; place++, rest >>= 7) echo->body[12 + place] = (uint8_t)(rest & 0x7f) | 0x80;
  echo->body[16] = (uint8_t)rest;
}

static void tell(struct echo *echo, uint64_t sequence) {
  if (echo->body_bytes == 0) return;
  put_sequence(echo->body + 1, sequence);
  send_message(echo->verdict, verdict_topic, sizeof verdict_topic - 1, echo->body, echo->body_bytes);
}

static void answer(struct echo *echo) {
  int64_t received = now_ns();
  size_t size = zmq_msg_size(&echo->frames[1]);
  const uint8_t *body = zmq_msg_data(&echo->frames[1]);
  send_message(echo->gated, zmq_msg_data(&echo->frames[0]), zmq_msg_size(&echo->frames[0]), body, size);
  echo->inside[echo->count++ % KEPT] = now_ns() - received;
  tell(echo, header_sequence(body, size));
}

static void drain(struct echo *echo, void *socket) {
  for (int place = 0; place < BURST && receive_message(socket, echo->frames, ZMQ_DONTWAIT) == 2; place++) tell(echo, 0);
}

static void send_lease(struct echo *echo) {
  static const uint8_t body[LEASE_BYTES];
  send_message(echo->gated, lease_topic, sizeof lease_topic - 1, body, sizeof body);
}

static void run(struct echo *echo) {
  zmq_pollitem_t items[5] = {{echo->state, 0, ZMQ_POLLIN, 0}, {echo->scene, 0, ZMQ_POLLIN, 0}, {echo->control, 0, ZMQ_POLLIN, 0},
    {echo->action, 0, ZMQ_POLLIN, 0}, {echo->verdict, 0, ZMQ_POLLIN, 0}};
  int64_t next = now_ns();
  while (!stopping) {
    int64_t left = next - now_ns();
    zmq_poll(items, 5, left > 0 ? (left + 999999) / 1000000 : 0);
    drain(echo, echo->state);
    drain(echo, echo->scene);
    for (int place = 0; place < BURST && receive_message(echo->action, echo->frames, ZMQ_DONTWAIT) == 2; place++) answer(echo);
    while (receive_message(echo->control, echo->frames, ZMQ_DONTWAIT) > 0) {}
    while (receive_message(echo->verdict, echo->frames, ZMQ_DONTWAIT) > 0) {}
    int64_t now = now_ns();
    if (now < next) continue;
    tell(echo, 0);
    send_lease(echo);
    next = next + beat > now ? next + beat : now;
  }
}

/// Looks at the others only while no action comes: then the load still waits to hear that it is listened to.
static void run_single(struct echo *echo) {
  int timeout = 20;
  check(zmq_setsockopt(echo->action, ZMQ_RCVTIMEO, &timeout, sizeof timeout), "receive timeout");
  while (!stopping) {
    if (receive_message(echo->action, echo->frames, 0) == 2) {
      answer(echo);
      continue;
    }
    drain(echo, echo->state);
    drain(echo, echo->scene);
    send_lease(echo);
  }
}

static int by_size(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? -1 : x > y;
}

int main(int count, char **arguments) {
  int core = (int)number(count, arguments, "core", "-1"), priority = (int)number(count, arguments, "priority", "0");
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  struct echo echo = {.inside = calloc(KEPT, sizeof(int64_t))};
  make_body(&echo, (size_t)number(count, arguments, "verdict-bytes", "0"));
  zmq_msg_init(&echo.frames[0]);
  zmq_msg_init(&echo.frames[1]);
  // Its threads before this one is pinned: they must not inherit the loop's core.
  void *context = make_context((int)number(count, arguments, "transport-core", "-1"), priority > 0 ? priority + 1 : 0);
  // The order in which the monitor binds.
  echo.verdict = bound(context, ZMQ_XPUB, 1000, 4096, count, arguments, "verdict");
  echo.gated = bound(context, ZMQ_PUB, 1000, (int)number(count, arguments, "gated-mark", "64"), count, arguments, "gated");
  echo.control = bound(context, ZMQ_ROUTER, 4096, 1000, count, arguments, "control");
  echo.state = bound(context, ZMQ_SUB, 4096, 1000, count, arguments, "state");
  echo.scene = bound(context, ZMQ_SUB, 4096, 1000, count, arguments, "scene");
  echo.action = bound(context, ZMQ_SUB, 4096, 1000, count, arguments, "action");
  bool locked = mlockall(MCL_CURRENT | MCL_FUTURE) == 0, placed = place_thread(core, priority);
  printf("{\"ready\": true, \"placed\": %s, \"locked\": %s}\n", placed ? "true" : "false", locked ? "true" : "false");
  fflush(stdout);
  if (number(count, arguments, "single", "0")) run_single(&echo); else run(&echo);
  long kept = echo.count < KEPT ? echo.count : KEPT;
  qsort(echo.inside, (size_t)kept, sizeof(int64_t), by_size);
  printf("{\"count\": %ld, \"inside_p50_ns\": %lld}\n", echo.count, kept ? (long long)echo.inside[kept / 2] : 0LL);
  return 0;
}
