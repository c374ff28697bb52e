/* odcv_lease.h: the arm driver's side of odcv's `gated` endpoint, over libzmq. One header, C11 or C++; link with -lzmq.
 *
 *   odcv_lease lease;
 *   if (odcv_lease_open(&lease, context, "tcp://127.0.0.1:7413", "panda") != 0) fail(zmq_strerror(zmq_errno()));
 *   each control cycle:
 *     if (odcv_lease_poll(&lease, take, &driver)) follow_what_was_taken(&driver);
 *     else brake_and_forget_it(&driver);
 *
 * `take` gets the body of each Action that the arm may obey, in the order in which they were sent. The arm may move while
 * leases come in time; it then needs an action, since what it did before a hold is over. It never moves by
 *   - an action that was sent more than one lease before it is taken, wherever it waited: here, in a buffer, on the way;
 *   - anything that comes with, or in the same poll after, the end of a lease;
 *   - anything of another robot, or that can't be read.
 * Call it from one thread, at least every 20 ms. It never blocks, and it allocates nothing of its own. */
#ifndef ODCV_LEASE_H
#define ODCV_LEASE_H

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#ifndef CLOCK_MONOTONIC
#error "odcv_lease.h needs clock_gettime: compile with -D_POSIX_C_SOURCE=200809L or -std=gnu11"
#endif

/* A lease that claims to be longer is refused. */
#define ODCV_LEASE_LONGEST_NS INT64_C(1000000000)
/* For this long after a start, a new boot of the monitor or a silence, leases only teach how fast they come. */
#define ODCV_LEASE_SETTLING_NS INT64_C(200000000)
/* No lease for this long is a silence. */
#define ODCV_LEASE_SILENCE_NS INT64_C(1000000000)
/* The driver's and the monitor's clock drift apart by less than one part in this. */
#define ODCV_LEASE_DRIFT 1000
/* Messages taken in one poll; when more are waiting, the arm holds. */
#define ODCV_LEASE_MESSAGES 256
/* Longest robot id. */
#define ODCV_LEASE_ROBOT_BYTES 64

/* Takes an Action's body. It ends with the call. */
typedef void odcv_lease_take(void *driver, const void *action, size_t size);

typedef struct {
  void *socket;
  char action_topic[16 + ODCV_LEASE_ROBOT_BYTES], lease_topic[16 + ODCV_LEASE_ROBOT_BYTES];
  const char *robot;                   /* end of lease_topic */
  uint64_t boot, sequence;             /* of the last lease */
  int64_t heard, settled, deadline;    /* when it came, from when on it counts, until when it lasts; ns, this host's clock */
  int64_t fastest;                     /* shortest way of a lease plus the clocks' offset, ns */
  int64_t late;                        /* how much longer the last one took, ns: for the driver's log */
  uint64_t refused;                    /* messages that were of no use: for the driver's log */
  int lapsed, moving;
} odcv_lease;

typedef struct {
  const uint8_t *at, *end;
  uint64_t tag, number;                /* field number << 3 | type; its number, or its length */
  const uint8_t *bytes;
} odcv_lease_field;

static inline int odcv_lease_varint(odcv_lease_field *f, uint64_t *value) {
  *value = 0;
  for (int shift = 0; shift < 64 && f->at < f->end; shift += 7) {
    uint8_t byte = *f->at++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return 1;
  }
  return 0;
}

/* The next field of a protobuf body: 1; 0 at its end; -1 when it is none. */
static inline int odcv_lease_next(odcv_lease_field *f) {
  if (f->at == f->end) return 0;
  if (!odcv_lease_varint(f, &f->tag) || f->tag < 8) return -1;
  unsigned type = f->tag & 7;
  if (type == 0) return odcv_lease_varint(f, &f->number) ? 1 : -1;
  if (type == 2 && !odcv_lease_varint(f, &f->number)) return -1;
  uint64_t size = type == 2 ? f->number : type == 1 ? 8 : type == 5 ? 4 : UINT64_MAX;
  if (size > (uint64_t)(f->end - f->at)) return -1;
  f->bytes = f->at;
  f->at += size;
  for (int i = 8; type == 1 && i-- > 0;) f->number = f->number << 8 | f->bytes[i];
  return 1;
}

static inline int odcv_lease_is(const char *text, const void *bytes, size_t size) {
  return size == strlen(text) && memcmp(bytes, text, size) == 0;
}

/* An Action's space, 1 to 10; 0 when none can be read. */
static inline unsigned odcv_lease_space(const void *body, size_t size) {
  odcv_lease_field f = {(const uint8_t *)body, (const uint8_t *)body + size, 0, 0, NULL};
  uint64_t space = 0;
  int more;
  while ((more = odcv_lease_next(&f)) > 0)
    if (f.tag == (2 << 3 | 0)) space = f.number;
  return more < 0 || space > 10 ? 0 : (unsigned)space;
}

static inline int odcv_lease_renew(odcv_lease *l, const void *body, size_t size, int64_t now) {
  odcv_lease_field f = {(const uint8_t *)body, (const uint8_t *)body + size, 0, 0, NULL}, h = f;
  uint64_t duration = 0, sequence = 0, sent = UINT64_MAX, kind = 0, boot = 0;
  int more, ours = 0;
  h.at = h.end;
  while ((more = odcv_lease_next(&f)) > 0) {
    if (f.tag == (1 << 3 | 2)) h.at = f.bytes, h.end = f.bytes + f.number;
    if (f.tag == (2 << 3 | 0)) duration = f.number;
  }
  if (more < 0) return 0;
  while ((more = odcv_lease_next(&h)) > 0) {
    if (h.tag == (1 << 3 | 2)) ours = odcv_lease_is(l->robot, h.bytes, (size_t)h.number);
    if (h.tag == (3 << 3 | 0)) sequence = h.number;
    if (h.tag == (4 << 3 | 0)) sent = h.number;
    if (h.tag == (5 << 3 | 0)) kind = h.number;
    if (h.tag == (6 << 3 | 1)) boot = h.number;
  }
  if (more < 0 || !ours || sequence == 0 || boot == 0 || sent >> 62 || kind != 1) return 0;
  if (duration == 0 || duration > (uint64_t)ODCV_LEASE_LONGEST_NS) return 0;
  int restarted = boot != l->boot;
  if (!restarted && sequence <= l->sequence) return 0;
  int64_t silence = now - l->heard, took = now - (int64_t)sent;
  if (restarted || silence > ODCV_LEASE_SILENCE_NS) l->settled = now + ODCV_LEASE_SETTLING_NS, l->deadline = 0;
  l->fastest += silence / ODCV_LEASE_DRIFT;
  if (restarted || took < l->fastest) l->fastest = took;
  l->boot = boot, l->sequence = sequence, l->heard = now, l->late = took - l->fastest;
  if (now >= l->settled) l->deadline = now + (int64_t)duration - l->late;
  return 1;
}

/* Hears one message of `gated`, taken from its socket at `now`. Returns whether its body is an Action for `take`. */
static inline int odcv_lease_hear(
    odcv_lease *l, const void *topic, size_t topic_size, const void *body, size_t size, int64_t now) {
  if (now >= l->deadline) l->lapsed = 1;
  int is_action = odcv_lease_is(l->action_topic, topic, topic_size);
  int is_lease = odcv_lease_is(l->lease_topic, topic, topic_size);
  unsigned space = is_action ? odcv_lease_space(body, size) : 0;
  int is_used = is_action ? space != 0 && !l->lapsed : is_lease && odcv_lease_renew(l, body, size, now);
  if (!is_used) l->refused++;
  if (is_action && space == 0) l->lapsed = 1;                              /* what can't be read holds */
  if (space >= 1 && space <= 7) l->moving = 1;                             /* 8 and 9 leave the arm as it is */
  if (space == 10) l->moving = 0;                                          /* STOP */
  return is_action && is_used;
}

/* Ends a poll, in which all that waited was taken or not. Returns whether the arm may move. */
static inline int odcv_lease_settle(odcv_lease *l, int is_drained, int64_t now) {
  l->moving = l->moving && !l->lapsed && is_drained && now < l->deadline;
  l->lapsed = 0;
  return l->moving;
}

/* ns of this host's monotonic clock. */
static inline int64_t odcv_lease_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Takes one whole message. Returns its parts, of which two are kept; 0 when none waits. */
static inline int odcv_lease_receive(void *socket, zmq_msg_t part[2]) {
  int count = 0, more = 1;
  while (more) {
    zmq_msg_t *to = &part[count != 0];
    if (zmq_msg_recv(to, socket, ZMQ_DONTWAIT) >= 0) count++, more = zmq_msg_more(to);
    else if (zmq_errno() != EINTR) return 0;
  }
  return count;
}

/* Takes what has come. Returns 1 while the arm may move as `take` was told, 0 when it must brake and forget it. */
static inline int odcv_lease_poll(odcv_lease *l, odcv_lease_take *take, void *driver) {
  zmq_msg_t part[2];
  zmq_msg_init(&part[0]), zmq_msg_init(&part[1]);
  int taken = 0, count = 0;
  while (taken < ODCV_LEASE_MESSAGES && (count = odcv_lease_receive(l->socket, part)) > 0) {
    void *body = zmq_msg_data(&part[1]);
    size_t size = zmq_msg_size(&part[1]);
    int64_t now = odcv_lease_now();    /* read for each message: this thread may have stood still since the last */
    taken++;
    if (count != 2) l->refused++;
    else if (odcv_lease_hear(l, zmq_msg_data(&part[0]), zmq_msg_size(&part[0]), body, size, now)) take(driver, body, size);
  }
  zmq_msg_close(&part[0]), zmq_msg_close(&part[1]);
  return odcv_lease_settle(l, count == 0, odcv_lease_now());
}

/* Connects to `endpoint` for `robot`. Returns 0, or -1 with ZeroMQ's errno. Close `socket` with zmq_close; don't move
 * `*l`. */
static inline int odcv_lease_open(odcv_lease *l, void *context, const char *endpoint, const char *robot) {
  memset(l, 0, sizeof *l);
  if (strlen(robot) == 0 || strlen(robot) > ODCV_LEASE_ROBOT_BYTES) {
    errno = EINVAL;
    return -1;
  }
  strcat(strcpy(l->action_topic, "odcv/2/action/"), robot);
  l->robot = strcat(strcpy(l->lease_topic, "odcv/2/lease/"), robot) + strlen("odcv/2/lease/");
  l->socket = zmq_socket(context, ZMQ_SUB);
  if (l->socket && zmq_setsockopt(l->socket, ZMQ_SUBSCRIBE, l->action_topic, strlen(l->action_topic)) == 0 &&
      zmq_setsockopt(l->socket, ZMQ_SUBSCRIBE, l->lease_topic, strlen(l->lease_topic)) == 0 &&
      zmq_connect(l->socket, endpoint) == 0)
    return 0;
  int reason = zmq_errno();
  if (l->socket) zmq_close(l->socket);
  errno = reason;
  return -1;
}

#endif
