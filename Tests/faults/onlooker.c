// Somebody who has subscribed to all that the monitor says: notes each verdict, and prints a JSON line for each alarm.
//
//   onlooker verdict=ENDPOINT journal=FILE
#include <signal.h>

#include "journal.h"
#include "messages.h"
#include "wire.h"

static volatile sig_atomic_t ending;

static void end(int number) { ending = number; }

static bool begins(zmq_msg_t *frame, const char *with) {
  size_t size = strlen(with);
  return zmq_msg_size(frame) >= size && memcmp(zmq_msg_data(frame), with, size) == 0;
}

/// Without what JSON would need to escape.
static void print_text(const char *name, const char *text) {
  printf(", \"%s\": \"", name);
  for (; text != NULL && *text; text++) putchar(*text < ' ' || *text == '"' || *text == '\\' ? ' ' : *text);
  putchar('"');
}

static void print_alarm(int64_t at, const uint8_t *body, size_t size) {
  Odcv__V1__Alarm *alarm = odcv__v1__alarm__unpack(NULL, size, body);
  if (alarm == NULL) return;
  const char *states[] = {"", "raised", "confirmed", "cleared"};
  printf("{\"at\": %lld", (long long)at);
  print_text("state", alarm->state <= 3 ? states[alarm->state] : "");
  print_text("id", alarm->id);
  print_text("text", alarm->text);
  printf("}\n");
  fflush(stdout);
  odcv__v1__alarm__free_unpacked(alarm, NULL);
}

int main(int count, char **arguments) {
  void *context = make_context(-1, 0);
  struct journal journal = open_journal(argument(count, arguments, "journal", NULL), 1 << 18);
  void *socket = make_socket(context, ZMQ_SUB, 100000, 1000);
  check(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0), "subscribing");
  int timeout = 50;
  check(zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout), "patience");
  check(zmq_connect(socket, argument(count, arguments, "verdict", NULL)), "connecting");
  struct sigaction action = {.sa_handler = end};
  sigaction(SIGTERM, &action, NULL);
  zmq_msg_t frames[2];
  zmq_msg_init(&frames[0]);
  zmq_msg_init(&frames[1]);
  while (!ending) {
    if (receive_message(socket, frames, 0) != 2) continue;
    int64_t now = now_ns();
    const uint8_t *body = zmq_msg_data(&frames[1]);
    size_t size = zmq_msg_size(&frames[1]);
    if (begins(&frames[0], "odcv/2/alarm/")) print_alarm(now, body, size);
    if (!begins(&frames[0], "odcv/2/verdict/")) continue;
    struct verdict_facts facts = read_verdict(body, size);
    uint32_t value = (uint32_t)(facts.judged | facts.outcome << 8 | facts.decision << 16);
    note(&journal, now, NOTE_VERDICT, value, (uint64_t)facts.latency_ns, facts.action_sequence);
  }
  zmq_msg_close(&frames[0]);
  zmq_msg_close(&frames[1]);
  zmq_close(socket);
  zmq_ctx_term(context);
  return 0;
}
