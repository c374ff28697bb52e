// The arm's driver without an arm: a control cycle each millisecond on clients/c/odcv_lease.h, as docs/driver.md asks for.
//
//   driver gated=ENDPOINT journal=FILE [core=-1] [priority=0] [obeys=lease]
//
// With obeys=everything it is what it must not be: it moves whenever it has ever been told to. The table has to find that out.
#include "odcv_lease.h"

#include <signal.h>

#include "journal.h"
#include "wire.h"

static volatile sig_atomic_t ending;

static void end(int number) { ending = number; }

/// Who sent an action, and its number; 0 where it does not say.
static void read_header(const uint8_t *at, size_t size, uint64_t *boot, uint64_t *sequence) {
  const uint8_t *stop = at + size;
  struct field outer, inner;
  *boot = *sequence = 0;
  while (next_field(&at, stop, &outer)) {
    if (outer.number != 1 || outer.bytes == NULL) continue;
    const uint8_t *part = outer.bytes, *last = outer.bytes + outer.size;
    while (next_field(&part, last, &inner)) {
      if (inner.number == 3) *sequence = inner.value;
      if (inner.number == 6) *boot = inner.value;
    }
  }
}

static void take(void *driver, const void *action, size_t size) {
  uint64_t boot, sequence;
  read_header(action, size, &boot, &sequence);
  note(driver, now_ns(), NOTE_TAKE, odcv_lease_space(action, size), boot, sequence);
}

static int poll_everything(odcv_lease *lease, struct journal *journal) {
  zmq_msg_t frames[2];
  zmq_msg_init(&frames[0]);
  zmq_msg_init(&frames[1]);
  while (receive_message(lease->socket, frames, ZMQ_DONTWAIT) == 2) {
    if (zmq_msg_size(&frames[0]) != strlen(lease->action_topic)) continue;
    take(journal, zmq_msg_data(&frames[1]), zmq_msg_size(&frames[1]));
    lease->moving = 1;
  }
  zmq_msg_close(&frames[0]);
  zmq_msg_close(&frames[1]);
  return lease->moving;
}

int main(int count, char **arguments) {
  int core = (int)number(count, arguments, "core", "-1"), priority = (int)number(count, arguments, "priority", "0");
  int obeys_all = strcmp(argument(count, arguments, "obeys", "lease"), "everything") == 0;
  void *context = make_context(core, priority > 0 ? priority + 1 : 0);
  struct journal journal = open_journal(argument(count, arguments, "journal", NULL), 1 << 18);
  odcv_lease lease;
  if (odcv_lease_open(&lease, context, argument(count, arguments, "gated", NULL), "panda") != 0)
    fail("faults: driver: %s", zmq_strerror(zmq_errno()));
  struct sigaction action = {.sa_handler = end};
  sigaction(SIGTERM, &action, NULL);
  if (!place_thread(core, priority)) fprintf(stderr, "faults: the driver was not given its core and priority\n");
  for (int64_t next = now_ns(); !ending; next = next + 1000000 > now_ns() ? next + 1000000 : now_ns()) {
    sleep_until(next);
    int may_move = obeys_all ? poll_everything(&lease, &journal) : odcv_lease_poll(&lease, take, &journal);
    note(&journal, now_ns(), NOTE_CYCLE, (uint32_t)may_move, lease.refused, (uint64_t)lease.late);
  }
  zmq_close(lease.socket);
  zmq_ctx_term(context);
  return 0;
}
