// One source of messages: a controller at 1 kHz, an arm's driver with states at 100 Hz, or a camera with people at 100 Hz.
//
//   source kind=controller|arm|camera to=ENDPOINT table=FILE epoch=NS journal=FILE
//          [boot=7] [stream=1] [first=1] [each=1] [stamps=0] [core=-1] [priority=0]
//
// `epoch` is the instant of CLOCK_MONOTONIC at which the motion began, the same for all, `table` the motion as in
// Benchmarks/Loop/motion.h. A source that was stopped goes on with what is true then; it does not send what it missed. `each` is
// how many actions a controller sends in a millisecond; SIGUSR1 makes it 20, SIGUSR2 what it was. With `stamps` its actions say that
// they are stamped by the monotonic clock; which instant is its zero does not matter.
#include <signal.h>

#include "journal.h"
#include "motion.h"

static volatile sig_atomic_t ending, flooding;

static void signalled(int number) {
  if (number == SIGTERM) ending = 1;
  if (number == SIGUSR1) flooding = 1;
  if (number == SIGUSR2) flooding = 0;
}

enum { FLOOD = 20, HEARTBEAT_PERIOD = 200000000 };

struct source {
  void *socket;
  struct table table;
  struct streams streams;
  struct journal journal;
  int each;
  int64_t next_heartbeat;
};

/// A full queue is the receiver's matter: what does not fit is lost, as with any publisher.
static void send(struct source *source, enum note_kind kind, const char *topic, const uint8_t *body, size_t size, uint64_t sequence) {
  note(&source->journal, now_ns(), kind, 0, source->streams.boot, sequence);
  send_message(source->socket, topic, strlen(topic), body, size);
}

static void send_actions(struct source *source, int64_t time) {
  uint8_t body[LOOP_LONGEST];
  int count = flooding ? FLOOD : source->each;
  for (int place = 0; place < count; place++) {
    size_t size = pack_action(&source->streams, &source->table, time + place * (1000000 / count), body);
    send(source, NOTE_SENT, "odcv/2/action/panda", body, size, source->streams.action);
  }
}

static void send_state(struct source *source, int64_t time) {
  uint8_t body[LOOP_LONGEST];
  size_t size = pack_state(&source->streams, &source->table, time, body);
  send(source, NOTE_STATE, "odcv/2/state/panda", body, size, source->streams.state);
  if (time < source->next_heartbeat) return;
  source->next_heartbeat = time + HEARTBEAT_PERIOD;
  size = pack_heartbeat(&source->streams, time, body);
  send_message(source->socket, "odcv/2/heartbeat/panda", strlen("odcv/2/heartbeat/panda"), body, size);
}

static void send_people(struct source *source, int64_t time) {
  uint8_t body[LOOP_LONGEST];
  size_t size = pack_people(&source->streams, time, body);
  send(source, NOTE_STATE, "odcv/2/people/panda", body, size, source->streams.people);
}

int main(int count, char **arguments) {
  int core = (int)number(count, arguments, "core", "-1"), priority = (int)number(count, arguments, "priority", "0");
  const char *kind = argument(count, arguments, "kind", NULL);
  bool is_controller = strcmp(kind, "controller") == 0, is_arm = strcmp(kind, "arm") == 0;
  struct source source = {.each = (int)number(count, arguments, "each", "1"), .next_heartbeat = INT64_MIN};
  source.table = read_table(argument(count, arguments, "table", NULL));
  source.streams.boot = strtoull(argument(count, arguments, "boot", "7"), NULL, 10);
  source.streams.stream_id = (uint32_t)number(count, arguments, "stream", "1");
  source.streams.action = strtoull(argument(count, arguments, "first", "1"), NULL, 10) - 1;
  source.streams.is_action_monotonic = number(count, arguments, "stamps", "0") != 0;
  source.journal = open_journal(argument(count, arguments, "journal", NULL), 1 << 18);
  struct sigaction action = {.sa_handler = signalled};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
  void *context = make_context(core, priority > 0 ? priority + 1 : 0);
  source.socket = make_socket(context, ZMQ_PUB, 4096, 4096);
  check(zmq_connect(source.socket, argument(count, arguments, "to", NULL)), "connecting");
  if (!place_thread(core, priority)) fprintf(stderr, "faults: %s was not given its core and priority\n", kind);
  int64_t epoch = strtoll(argument(count, arguments, "epoch", NULL), NULL, 10);
  int64_t period = is_controller ? 1000000 : 10000000;
  // States and frames lie between the controller's commands.
  int64_t offset = is_controller ? 0 : is_arm ? 400000 : 600000;
  for (int64_t step = (now_ns() - epoch) / period + 1; !ending; step++) {
    int64_t now = (now_ns() - epoch) / period;
    if (step < now) step = now;
    sleep_until(epoch + step * period + offset);
    if (is_controller) send_actions(&source, step * period);
    else if (is_arm) send_state(&source, step * period);
    else send_people(&source, step * period);
  }
  zmq_close(source.socket);
  zmq_ctx_term(context);
  return 0;
}
