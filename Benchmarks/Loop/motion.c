#include "motion.h"

#include "common.h"
#include "messages.h"

struct table read_table(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail("loop: %s: %s", path, strerror(errno));
  fseek(file, 0, SEEK_END);
  struct table table = {.count = (size_t)ftell(file) / sizeof(struct row)};
  rewind(file);
  table.rows = malloc(table.count * sizeof(struct row) + 1);
  if (table.count == 0 || fread(table.rows, sizeof(struct row), table.count, file) != table.count)
    fail("loop: %s holds no motion", path);
  fclose(file);
  return table;
}

/// The first before the motion begins.
static const struct row *row_at(const struct table *table, int64_t time_ns) {
  return &table->rows[time_ns < 0 ? 0 : (size_t)(time_ns / 1000000) % table->count];
}

const char *robot_id = "panda";

static const int64_t epoch = 1000000000;  // ns, of the arm's own time when the motion begins

static Odcv__V1__Header header(const struct streams *streams, uint64_t sequence, int64_t time_ns) {
  Odcv__V1__Header header = ODCV__V1__HEADER__INIT;
  header.robot_id = (char *)robot_id;
  header.has_stream_id = 1;
  header.stream_id = streams->stream_id ? streams->stream_id : 1;
  header.has_seq = 1;
  header.seq = sequence;
  header.has_t_source_ns = 1;
  header.t_source_ns = epoch + time_ns;
  header.has_clock = 1;
  header.clock = ODCV__V1__CLOCK__CLOCK_SIM;
  header.has_boot_id = 1;
  header.boot_id = streams->boot ? streams->boot : 7;
  return header;
}

size_t pack_action(struct streams *streams, const struct table *table, int64_t time_ns, uint8_t *out) {
  const struct row *target = row_at(table, time_ns + 1000000);
  Odcv__V1__Header first = header(streams, ++streams->action, time_ns);
  if (streams->is_action_monotonic) first.clock = ODCV__V1__CLOCK__CLOCK_MONOTONIC;
  Odcv__V1__Action action = ODCV__V1__ACTION__INIT;
  action.header = &first;
  action.has_space = 1;
  action.space = ODCV__V1__ACTION_SPACE__JOINT_POSITION;
  action.n_position = LOOP_JOINTS;
  action.position = (double *)target->position;
  return odcv__v1__action__pack(&action, out);
}

size_t pack_state(struct streams *streams, const struct table *table, int64_t time_ns, uint8_t *out) {
  static double zeros[LOOP_JOINTS];
  const struct row *now = row_at(table, time_ns);
  Odcv__V1__Header first = header(streams, ++streams->state, time_ns);
  Odcv__V1__State state = ODCV__V1__STATE__INIT;
  state.header = &first;
  state.n_position = state.n_velocity = state.n_effort = state.n_external_effort = LOOP_JOINTS;
  state.position = (double *)now->position;
  state.velocity = (double *)now->velocity;
  state.effort = (double *)now->effort;
  state.external_effort = zeros;
  state.n_ee_position = 3;
  state.ee_position = (double *)now->tool;
  state.n_wrench = 6;
  state.wrench = zeros;
  state.wrench_frame = "base";
  state.has_wrench_sign = 1;
  state.wrench_sign = ODCV__V1__WRENCH_SIGN__ON_ROBOT;
  state.has_contact_complete = 1;
  state.contact_complete = 1;
  state.has_mode = 1;
  state.mode = 1;
  return odcv__v1__state__pack(&state, out);
}

static Odcv__V1__Vector3 vector(double x, double y, double z) {
  Odcv__V1__Vector3 vector = ODCV__V1__VECTOR3__INIT;
  vector.has_x = vector.has_y = vector.has_z = 1;
  vector.x = x;
  vector.y = y;
  vector.z = z;
  return vector;
}

// A person of twelve capsules who stands 3 m from the arm's foot: ends about the point between the feet, radius; m.
static const struct {
  Odcv__V1__BodyRegion region;
  double a[3], b[3], radius;
} parts[] = {
    {ODCV__V1__BODY_REGION__CHEST, {0, 0, 1.10}, {0, 0, 1.40}, 0.16},
    {ODCV__V1__BODY_REGION__PELVIS, {0, 0, 0.95}, {0, 0, 1.05}, 0.17},
    {ODCV__V1__BODY_REGION__SKULL, {0, 0, 1.58}, {0, 0, 1.66}, 0.11},
    {ODCV__V1__BODY_REGION__NECK, {0, 0, 1.45}, {0, 0, 1.50}, 0.07},
    {ODCV__V1__BODY_REGION__UPPER_ARM, {0, 0.20, 1.40}, {0, 0.25, 1.12}, 0.055},
    {ODCV__V1__BODY_REGION__UPPER_ARM, {0, -0.20, 1.40}, {0, -0.25, 1.12}, 0.055},
    {ODCV__V1__BODY_REGION__FOREARM, {0, 0.25, 1.12}, {0.1, 0.25, 0.88}, 0.05},
    {ODCV__V1__BODY_REGION__FOREARM, {0, -0.25, 1.12}, {0.1, -0.25, 0.88}, 0.05},
    {ODCV__V1__BODY_REGION__THIGH, {0, 0.10, 0.90}, {0, 0.10, 0.50}, 0.08},
    {ODCV__V1__BODY_REGION__THIGH, {0, -0.10, 0.90}, {0, -0.10, 0.50}, 0.08},
    {ODCV__V1__BODY_REGION__LOWER_LEG, {0, 0.10, 0.50}, {0, 0.10, 0.08}, 0.06},
    {ODCV__V1__BODY_REGION__LOWER_LEG, {0, -0.10, 0.50}, {0, -0.10, 0.08}, 0.06}};
enum { PARTS = sizeof parts / sizeof *parts };
static const double stand[3] = {2.2, 2.2, -0.8};  // the arm stands on a table

size_t pack_people(struct streams *streams, int64_t time_ns, uint8_t *out) {
  Odcv__V1__Header first = header(streams, ++streams->people, time_ns);
  Odcv__V1__Vector3 a[PARTS], b[PARTS];
  Odcv__V1__BodyPart part[PARTS], *places[PARTS];
  for (int place = 0; place < PARTS; place++) {
    a[place] = vector(stand[0] + parts[place].a[0], stand[1] + parts[place].a[1], stand[2] + parts[place].a[2]);
    b[place] = vector(stand[0] + parts[place].b[0], stand[1] + parts[place].b[1], stand[2] + parts[place].b[2]);
    part[place] = (Odcv__V1__BodyPart)ODCV__V1__BODY_PART__INIT;
    part[place].has_region = 1;
    part[place].region = parts[place].region;
    part[place].a_m = &a[place];
    part[place].b_m = &b[place];
    part[place].has_radius_m = 1;
    part[place].radius_m = parts[place].radius;
    places[place] = &part[place];
  }
  Odcv__V1__Track track = ODCV__V1__TRACK__INIT, *tracks[1] = {&track};
  track.has_track_id = 1;
  track.n_part = PARTS;
  track.part = places;
  track.has_confidence = 1;
  track.confidence = 1;
  Odcv__V1__People people = ODCV__V1__PEOPLE__INIT;
  people.header = &first;
  people.sensor_id = "cell-camera";
  people.has_coverage_ok = 1;
  people.coverage_ok = 1;
  people.n_track = 1;
  people.track = tracks;
  return odcv__v1__people__pack(&people, out);
}

size_t pack_heartbeat(struct streams *streams, int64_t time_ns, uint8_t *out) {
  Odcv__V1__Header first = header(streams, ++streams->heartbeat, time_ns);
  Odcv__V1__Heartbeat heartbeat = ODCV__V1__HEARTBEAT__INIT;
  heartbeat.header = &first;
  return odcv__v1__heartbeat__pack(&heartbeat, out);
}
