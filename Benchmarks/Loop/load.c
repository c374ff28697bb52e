#include "load.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "common.h"
#include "messages.h"
#include "motion.h"
#include "wire.h"

static const char lease_topic[] = "odcv/2/lease/", verdict_topic[] = "odcv/2/verdict/";
static char action_topic[96], state_topic[96], people_topic[96], heartbeat_topic[96];

enum {
  PERIOD = 1000000,             // ns between two actions
  WORLD_PERIOD = 10000000,      // ns between two states
  HEARTBEAT_PERIOD = 200000000, // ns
  SETTLING = 300000000,         // ns of states before the first action
  LATE = 10000000,              // ns behind its time, then a state is late: the one before it is twice as old as it should be
  LATE_EFFECT = 500000000,      // ns for which commands may be held for it: the arm's efforts tell nothing across the gap
  PATIENCE = 20                 // s until the other side is there
};

/// How often a monitor did what it should not, and how often of that within LATE_EFFECT of a state that the load itself sent late.
struct finding {
  long count, late;
};

struct load {
  void *action, *state, *scene, *gated, *verdict;
  struct table table;
  struct streams streams;
  long count, window;
  int answers, core, priority;
  bool judged;
  struct sample *samples;
  uint16_t *sizes;  // of each action's body
  sem_t room;
  atomic_bool ready, done;
  atomic_long answered;
  bool unplaced;
  // The receiver's
  uint64_t last_verdict;
  struct finding refused, changed, strange;
  atomic_long late_states;
  _Atomic int64_t late_until;
  size_t topic_bytes, body_bytes, verdict_topic_bytes, verdict_bytes;
  uint64_t verdict_count;
  uint8_t first_refused[1 << 16];
  size_t first_refused_bytes;
  int64_t next_world, next_heartbeat;  // the sender's
};

static bool begins(zmq_msg_t *frame, const char *with) {
  size_t size = strlen(with);
  return zmq_msg_size(frame) >= size && memcmp(zmq_msg_data(frame), with, size) == 0;
}

// The receiver

static void find(struct load *load, struct finding *finding, int64_t now) {
  finding->count++;
  if (now < atomic_load(&load->late_until)) finding->late++;
}

static void settle(struct load *load, struct sample *sample) {
  if (sample->gated == 0 || (load->answers == 2 && sample->told == 0)) return;
  atomic_fetch_add(&load->answered, 1);
  if (load->window > 0) sem_post(&load->room);
}

static void take_gated(struct load *load, zmq_msg_t frames[2], int64_t now) {
  if (begins(&frames[0], lease_topic)) {
    atomic_store(&load->ready, true);
    return;
  }
  uint64_t sequence = header_sequence(zmq_msg_data(&frames[1]), zmq_msg_size(&frames[1]));
  struct sample *sample = sequence >= 1 && sequence <= (uint64_t)load->count ? &load->samples[sequence - 1] : NULL;
  if (sample == NULL || sample->gated != 0 || !begins(&frames[0], action_topic)) {
    find(load, &load->strange, now);
    return;
  }
  if (zmq_msg_size(&frames[1]) != load->sizes[sequence - 1]) find(load, &load->changed, now);
  load->topic_bytes = zmq_msg_size(&frames[0]);
  load->body_bytes = zmq_msg_size(&frames[1]);
  sample->gated = now;
  settle(load, sample);
}

static void take_verdict(struct load *load, zmq_msg_t frames[2], int64_t now) {
  if (!begins(&frames[0], verdict_topic)) return;
  const uint8_t *body = zmq_msg_data(&frames[1]);
  struct verdict_facts facts = read_verdict(body, zmq_msg_size(&frames[1]));
  // Verdicts on states and ticks name the last action too: the first that names it is its own.
  if (facts.action_sequence <= load->last_verdict || facts.action_sequence > (uint64_t)load->count) return;
  load->last_verdict = facts.action_sequence;
  struct sample *sample = &load->samples[facts.action_sequence - 1];
  sample->told = now;
  sample->inside = facts.latency_ns;
  load->verdict_topic_bytes = zmq_msg_size(&frames[0]);
  load->verdict_bytes += zmq_msg_size(&frames[1]);
  load->verdict_count++;
  bool passes = facts.judged == ODCV__V1__JUDGED__COMMANDED && facts.outcome == ODCV__V1__OUTCOME__PASS
    && facts.decision == ODCV__V1__DECISION_KIND__ALLOW;
  if (load->judged && !passes) {
    find(load, &load->refused, now);
    if (load->refused.count == 1 && zmq_msg_size(&frames[1]) <= sizeof load->first_refused) {
      load->first_refused_bytes = zmq_msg_size(&frames[1]);
      memcpy(load->first_refused, body, load->first_refused_bytes);
    }
  }
  settle(load, sample);
}

static void *receive(void *argument) {
  struct load *load = argument;
  load->unplaced = !place_thread(load->core, load->priority);
  zmq_msg_t frames[2];
  zmq_msg_init(&frames[0]);
  zmq_msg_init(&frames[1]);
  zmq_pollitem_t items[2] = {{load->gated, 0, ZMQ_POLLIN, 0}, {load->verdict, 0, ZMQ_POLLIN, 0}};
  while (!atomic_load(&load->done)) {
    if (zmq_poll(items, 2, 50) <= 0) continue;
    while (items[0].revents && receive_message(load->gated, frames, ZMQ_DONTWAIT) == 2) take_gated(load, frames, now_ns());
    while (items[1].revents && receive_message(load->verdict, frames, ZMQ_DONTWAIT) == 2) take_verdict(load, frames, now_ns());
  }
  zmq_msg_close(&frames[0]);
  zmq_msg_close(&frames[1]);
  return NULL;
}

/// The topics of one arm; its id is in the headers too.
static void name_robot(const char *robot) {
  if (strlen(robot) > 64) fail("loop-load: `%s` is no robot id", robot);
  snprintf(action_topic, sizeof action_topic, "odcv/2/action/%s", robot);
  snprintf(state_topic, sizeof state_topic, "odcv/2/state/%s", robot);
  snprintf(people_topic, sizeof people_topic, "odcv/2/people/%s", robot);
  snprintf(heartbeat_topic, sizeof heartbeat_topic, "odcv/2/heartbeat/%s", robot);
  robot_id = robot;
}

// The sender

/// The arm's state, the camera's frame and now and then the driver's sign of life. `time`: since the motion began at `start`, ns.
static void send_world(struct load *load, int64_t start, int64_t time) {
  uint8_t body[LOOP_LONGEST];
  int64_t now = now_ns();
  if (now - (start + time) > LATE) {
    atomic_fetch_add(&load->late_states, 1);
    atomic_store(&load->late_until, now + LATE_EFFECT);
  }
  send_message(load->state, state_topic, strlen(state_topic), body, pack_state(&load->streams, &load->table, time, body));
  send_message(load->scene, people_topic, strlen(people_topic), body, pack_people(&load->streams, time, body));
  if (time < load->next_heartbeat) return;
  load->next_heartbeat = time + HEARTBEAT_PERIOD;
  send_message(load->state, heartbeat_topic, strlen(heartbeat_topic), body, pack_heartbeat(&load->streams, time, body));
}

static void send_action(struct load *load, long place, const uint8_t *body, size_t size) {
  load->sizes[place] = (uint16_t)size;
  load->samples[place].sent = now_ns();
  send_message(load->action, action_topic, strlen(action_topic), body, size);
}

/// States and frames come half a period after an action, so that no command waits for their verdicts.
static void send_paced(struct load *load, int64_t start) {
  uint8_t body[LOOP_LONGEST];
  for (long place = 0; place < load->count; place++) {
    int64_t time = place * (int64_t)PERIOD;
    size_t size = pack_action(&load->streams, &load->table, time, body);
    sleep_until(start + time);
    send_action(load, place, body, size);
    if (place % (WORLD_PERIOD / PERIOD) != 0) continue;
    sleep_until(start + time + PERIOD / 2);
    send_world(load, start, time + PERIOD / 2);
  }
}

static void send_flat_out(struct load *load, int64_t start) {
  uint8_t body[LOOP_LONGEST];
  int64_t next_world = 0;
  struct timespec limit;
  for (long place = 0; place < load->count; place++) {
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 1;
    while (sem_timedwait(&load->room, &limit) != 0)
      if (errno == ETIMEDOUT) return;  // an answer is lost: what is missing is counted
    int64_t time = now_ns() - start;
    if (time >= next_world) {
      send_world(load, start, time);
      next_world = time + WORLD_PERIOD;
    }
    send_action(load, place, body, pack_action(&load->streams, &load->table, time, body));
  }
}

/// Waits until the other side has subscribed to what this one publishes.
static void await_subscription(void *socket, const char *what) {
  int timeout = PATIENCE * 1000;
  char frame[64];
  zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
  if (zmq_recv(socket, frame, sizeof frame, 0) < 1 || frame[0] != 1) fail("loop-load: nobody listens to %s", what);
}

static void write_facts(struct load *load, FILE *file, int64_t took) {
  long lost = load->count - atomic_load(&load->answered);
  fprintf(file, "{\"lost\": %ld, \"late_states\": %ld, \"seconds\": %.9f, \"placed\": %s", lost,
    atomic_load(&load->late_states), took * 1e-9, load->unplaced ? "false" : "true");
  const struct { const char *name; struct finding is; } findings[] = {
      {"refused", load->refused}, {"changed", load->changed}, {"strange", load->strange}};
  for (int place = 0; place < 3; place++)
    fprintf(file, ", \"%s\": %ld, \"%s_late\": %ld", findings[place].name, findings[place].is.count, findings[place].name,
      findings[place].is.late);
  fprintf(file, ", \"topic_bytes\": %zu, \"body_bytes\": %zu, \"verdict_topic_bytes\": %zu, \"verdict_bytes\": %zu",
    load->topic_bytes, load->body_bytes, load->verdict_topic_bytes,
    load->verdict_count ? load->verdict_bytes / load->verdict_count : 0);
  fprintf(file, ", \"findings\": \"");
  Odcv__V1__Verdict *verdict = odcv__v1__verdict__unpack(NULL, load->first_refused_bytes, load->first_refused);
  if (verdict != NULL && load->refused.count > 0) {
    fprintf(file, "action %llu: outcome %d, decision %d:", (unsigned long long)verdict->action_seq, verdict->outcome, verdict->decision);
    for (size_t place = 0; place < verdict->n_finding; place++) {
      const Odcv__V1__Finding *finding = verdict->finding[place];
      if (finding->outcome == ODCV__V1__OUTCOME__PASS || finding->outcome == ODCV__V1__OUTCOME__NOT_APPLICABLE) continue;
      fprintf(file, " %s %d (%s) [%g, %g], limit %g;", finding->rule, finding->outcome, finding->reason ? finding->reason : "",
        finding->value_lower, finding->value_upper, finding->limit);
    }
  }
  if (verdict != NULL) odcv__v1__verdict__free_unpacked(verdict, NULL);
  fprintf(file, "\"}\n");
}

static void write_results(struct load *load, int count, char **arguments, int64_t took) {
  const char *path = argument(count, arguments, "samples", NULL);
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(load->samples, sizeof(struct sample), (size_t)load->count, file) != (size_t)load->count
      || fclose(file) != 0)
    fail("loop-load: %s: %s", path, strerror(errno));
  // Last: whoever waits for this file finds the samples complete.
  path = argument(count, arguments, "facts", NULL);
  file = fopen(path, "w");
  if (file == NULL) fail("loop-load: %s: %s", path, strerror(errno));
  write_facts(load, file, took);
  fclose(file);
}

static void *connected(void *context, int type, int count, char **arguments, const char *name) {
  void *socket = make_socket(context, type, 4096, 4096);
  if (type == ZMQ_SUB) check(zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0), "subscribing");
  check(zmq_connect(socket, argument(count, arguments, name, NULL)), name);
  return socket;
}

void load_run(void *context, int count, char **arguments) {
  struct load *load = calloc(1, sizeof *load);
  name_robot(argument(count, arguments, "robot", "panda"));
  load->count = number(count, arguments, "count", NULL);
  load->window = number(count, arguments, "window", "0");
  load->answers = (int)number(count, arguments, "answers", "2");
  load->judged = number(count, arguments, "judged", "0") != 0;
  load->core = (int)number(count, arguments, "core", "-1");
  load->priority = (int)number(count, arguments, "priority", "0");
  load->table = read_table(argument(count, arguments, "table", NULL));
  load->samples = calloc((size_t)load->count, sizeof *load->samples);
  load->sizes = calloc((size_t)load->count, sizeof *load->sizes);
  // Touched now, so that no page is missing when times are taken.
  memset(load->samples, 0, (size_t)load->count * sizeof *load->samples);
  memset(load->sizes, 0, (size_t)load->count * sizeof *load->sizes);
  sem_init(&load->room, 0, (unsigned)load->window);
  // Loads that start together: the first one's commands must not meet the others' touching of their memory.
  sleep_until(number(count, arguments, "begin", "0"));
  // XPUB sends as PUB does, and hears when it has a listener.
  load->gated = connected(context, ZMQ_SUB, count, arguments, "gated");
  load->verdict = connected(context, ZMQ_SUB, count, arguments, "verdict");
  load->state = connected(context, ZMQ_XPUB, count, arguments, "state");
  load->scene = connected(context, ZMQ_XPUB, count, arguments, "scene");
  load->action = connected(context, ZMQ_XPUB, count, arguments, "action");
  pthread_t receiver;
  if (pthread_create(&receiver, NULL, receive, load) != 0) fail("loop-load: no thread");
  if (!place_thread(load->core, load->priority)) load->unplaced = true;
  await_subscription(load->state, "states");
  await_subscription(load->scene, "people");
  await_subscription(load->action, "actions");
  int64_t start = now_ns();
  while (!atomic_load(&load->ready)) {
    if (now_ns() - start > PATIENCE * 1000000000LL) fail("loop-load: no lease came");
    sleep_until(now_ns() + 1000000);
  }
  load->next_heartbeat = INT64_MIN;
  start = now_ns() + SETTLING;
  for (int64_t time = -SETTLING; time < 0; time += WORLD_PERIOD) {
    sleep_until(start + time);
    send_world(load, start, time);
  }
  sleep_until(start);
  if (load->window > 0) send_flat_out(load, start); else send_paced(load, start);
  for (int wait = 0; wait < 2000 && atomic_load(&load->answered) < load->count; wait++) sleep_until(now_ns() + 1000000);
  atomic_store(&load->done, true);
  pthread_join(receiver, NULL);
  int64_t last = start;
  for (long place = 0; place < load->count; place++) {
    if (load->samples[place].gated > last) last = load->samples[place].gated;
    if (load->samples[place].told > last) last = load->samples[place].told;
  }
  void *sockets[] = {load->action, load->state, load->scene, load->gated, load->verdict};
  for (int place = 0; place < 5; place++) zmq_close(sockets[place]);
  write_results(load, count, arguments, last - start);
}

// A stream in a file

static void write_record(FILE *file, int64_t due, uint8_t endpoint, const char *topic, const uint8_t *body, size_t body_size) {
  uint16_t topic_bytes = (uint16_t)strlen(topic);
  uint32_t body_bytes = (uint32_t)body_size;
  fwrite(&due, sizeof due, 1, file);
  fwrite(&endpoint, 1, 1, file);
  fwrite(&topic_bytes, sizeof topic_bytes, 1, file);
  fwrite(&body_bytes, sizeof body_bytes, 1, file);
  fwrite(topic, 1, topic_bytes, file);
  fwrite(body, 1, body_bytes, file);
}

bool load_write_stream(int count, char **arguments) {
  const char *path = argument(count, arguments, "stream", "");
  if (*path == 0) return false;
  name_robot(argument(count, arguments, "robot", "panda"));
  struct table table = read_table(argument(count, arguments, "table", NULL));
  long actions = number(count, arguments, "count", NULL);
  struct streams streams = {0};
  uint8_t body[LOOP_LONGEST];
  FILE *file = fopen(path, "wb");
  if (file == NULL) fail("loop-load: %s: %s", path, strerror(errno));
  for (int64_t time = -SETTLING; time < actions * (int64_t)PERIOD; time += PERIOD) {
    int64_t due = time + SETTLING;
    if (time >= 0)
      write_record(file, due, 0, action_topic, body, pack_action(&streams, &table, time, body));
    if (due % WORLD_PERIOD != 0) continue;
    int64_t later = time + PERIOD / 2;
    write_record(file, due + PERIOD / 2, 1, state_topic, body, pack_state(&streams, &table, later, body));
    write_record(file, due + PERIOD / 2, 2, people_topic, body, pack_people(&streams, later, body));
    if (due % HEARTBEAT_PERIOD == 0)
      write_record(file, due + PERIOD / 2, 1, heartbeat_topic, body, pack_heartbeat(&streams, later, body));
  }
  if (fclose(file) != 0) fail("loop-load: %s: %s", path, strerror(errno));
  return true;
}
