// The least of many pairs, with most of them left out. Included by kernel_body.h.

/// Signed distances of a point to sixteen boxes: inside, to the nearest face.
INLINE vf from_boxes(v3 point, const odcv_boxes *boxes) {
  v3 r = into_box(point, lanes3(boxes->center), lanes3(boxes->columns), lanes3(boxes->columns + 3),
                  lanes3(boxes->columns + 6));
  vf x = abs_(r.x) - boxes->half[0], y = abs_(r.y) - boxes->half[1], z = abs_(r.z) - boxes->half[2];
  vf inside = min_(max_(x, max_(y, z)), all(0.0f));
  x = max_(x, all(0.0f)), y = max_(y, all(0.0f)), z = max_(z, all(0.0f));
  return sqrt_(fma_(x, x, fma_(y, y, z * z))) + inside;
}

/// The same to sixteen rods.
INLINE vf from_rods(v3 point, const odcv_rods *rods) {
  v3 v = lanes3(rods->d), r = sub3(point, lanes3(rods->a));
  vf t = clamp_(dot3(r, v) / max_(dot3(v, v), all(TINY)), all(0.0f), all(1.0f));
  v3 g = along(r, -t, v);
  return sqrt_(dot3(g, g)) - rods->radius;
}

INLINE int32_t lowest_bit(uint32_t mask) { return __builtin_ctz(mask); }

INLINE int moves(const odcv_arm *arm, int32_t capsule) { return arm->mover_counts[capsule] > 0; }

// --- Along a path --------------------------------------------------------------------------------------------------
//
// Pairs are swept in batches, and what they give is looked at when the whole batch is done: a sweep is a chain of divisions
// and roots, and several of them go through the processor side by side.

enum { BATCH = 16 };

/// Pairs to sweep: of a capsule and a box (`kind` 0), a rod (1) or a plane (2), or of two links.
typedef struct {
  int32_t count;
  int32_t capsule[BATCH];
  int32_t kind[BATCH];
  int32_t index[BATCH];
  double open[BATCH]; // what is between the axis and the true shape at most beside its radius, m
  float near[BATCH];
  float reached[BATCH];
  odcv_sweep sweep[BATCH];
} batch;

/// The least that holds of a sweep, and the nearest two points at a sample that is passed for certain.
INLINE void sum_up(const odcv_path *path, batch *all, int32_t place) {
  all->near[place] = least(all->sweep[place].between);
  all->reached[place] = least(all->sweep[place].primal + path->beside);
}

/// At that end of its interval at which the planes are nearer.
INLINE int32_t sample_of(const odcv_sweep *sweep, float low) {
  int32_t interval = lowest_bit(at_most(sweep->between, all(low)) | 0x8000u);
  if (interval > 14) interval = 14;
  return sweep->dual[interval] <= sweep->dual[interval + 1] ? interval : interval + 1;
}

/// Takes a pair that was swept in. Returns whether the caller has to look at it: it may fail, or may be the least and is
/// known roughly only.
INLINE int take(const batch *all, int32_t place, double radius, double gap, double requirement, int is_rough,
                int32_t other, odcv_least *out) {
  double open = all->open[place];
  double low = all->near[place] - (radius + open) - requirement;
  // Written so that one that is no number is looked at.
  if (!(low >= 0) && !out->nearest_only) return 1;
  if (is_rough) return low < out->lower;
  double high = all->reached[place] - radius;
  high = (high > 0 ? high : 0) + open + gap - requirement;
  out->upper = high < out->upper ? high : out->upper;
  if (low < out->lower) {
    out->lower = low;
    out->capsule = all->capsule[place];
    out->other = other;
    out->sample = sample_of(all->sweep + place, all->near[place]);
  }
  return 0;
}

INLINE int32_t solid_of(const odcv_solids *solids, int32_t kind, int32_t index) {
  return kind == 0 ? solids->box_solids[index] : kind == 1 ? solids->rod_solids[index] : solids->plane_solids[index];
}

static void sweep_solids(const odcv_arm *arm, const odcv_path *path, const odcv_solids *solids, double requirement,
                         batch *all, odcv_least *out) {
  for (int32_t place = 0; place < all->count; place++) {
    int32_t capsule = all->capsule[place], index = all->index[place], kind = all->kind[place];
    v3 p = first_end(path, capsule), q = second_end(path, capsule);
    float bow = raised(bow_of(path, capsule));
    if (kind == 0) along_box(path, p, q, solids->boxes + index, bow, all->sweep + place);
    if (kind == 1) along_rod(path, p, q, solids->rods + index, bow, all->sweep + place);
    if (kind == 2) along_plane(path, p, q, solids->planes + index, bow, all->sweep + place);
    sum_up(path, all, place);
    all->open[place] =
        travel_of(path, capsule) + odcv_rounding * (path->size + solids->sizes[solid_of(solids, kind, index)]);
  }
  for (int32_t place = 0; place < all->count; place++) {
    int32_t capsule = all->capsule[place], solid = solid_of(solids, all->kind[place], all->index[place]);
    if (take(all, place, arm->capsules[capsule].radius, arm->capsules[capsule].gap, requirement, solids->is_rough[solid],
             solid, out))
      solids->close[out->close++] = capsule * solids->count + solid;
  }
  all->count = 0;
}

/// Sweeps all whose slack by the balls is above `done` (with `has_done`) and not above `wanted`, m; one that is no number
/// is swept.
INLINE void sweep_within(const odcv_arm *arm, const odcv_path *path, const odcv_solids *solids, double requirement,
                         int has_done, float done, float wanted, batch *all, odcv_least *out) {
  int32_t boxes = groups_of(solids->box_count), groups = boxes + groups_of(solids->rod_count);
  double rounding = 2 * odcv_rounding * (path->size + solids->largest);
  for (int32_t capsule = 0; capsule < arm->capsule_count - 1; capsule++) {
    if (!moves(arm, capsule)) continue;
    for (int32_t group = 0; group < groups; group++) {
      vf slack = solids->slacks[capsule * groups + group];
      uint32_t found = ~bits_of(slack > (vf)wanted) & 0xFFFFu;
      if (has_done) found &= bits_of(slack > (vf)done);
      for (; found; found &= found - 1) {
        int32_t kind = group < boxes ? 0 : 1;
        int32_t index = ODCV_LANES * (kind == 0 ? group : group - boxes) + lowest_bit(found);
        if (index >= (kind == 0 ? solids->box_count : solids->rod_count)) break;
        int32_t place = all->count++;
        all->capsule[place] = capsule, all->kind[place] = kind, all->index[place] = index;
        if (all->count == BATCH) sweep_solids(arm, path, solids, requirement, all, out);
      }
    }
    for (int32_t index = 0; index < solids->plane_count; index++) {
      double height = -solids->planes[index].offset;
      for (int axis = 0; axis < 3; axis++)
        height += (double)solids->planes[index].normal[axis] * ball_of(path, capsule, axis);
      float slack = (float)(height - reach_of(path, capsule) - requirement - rounding);
      if (slack > wanted || (has_done && !(slack > done))) continue;
      int32_t place = all->count++;
      all->capsule[place] = capsule, all->kind[place] = 2, all->index[place] = index;
      if (all->count == BATCH) sweep_solids(arm, path, solids, requirement, all, out);
    }
  }
  if (all->count > 0) sweep_solids(arm, path, solids, requirement, all, out);
}

/// The slack that a pair must be under to matter.
INLINE float limit_of(const odcv_least *out) {
  double limit = out->lower > 0 || out->nearest_only ? out->lower : 0;
  return (float)limit + 1e-6f * __builtin_fabsf((float)limit);
}

static void search_solids(const odcv_arm *arm, const odcv_path *path, const odcv_solids *solids, double requirement,
                          odcv_least *out) {
  int32_t boxes = groups_of(solids->box_count), groups = boxes + groups_of(solids->rod_count);
  double rounding = 2 * odcv_rounding * (path->size + solids->largest);
  vf nearest = all(__builtin_inff());
  out->capsule = -1;
  out->close = 0;
  // A ball around a capsule's whole way bounds its slack to sixteen solids at once: for every unit vector n the planes across
  // n are no nearer than n·middle less the ball's radius, and one of them is at the middle's signed distance.
  for (int32_t capsule = 0; capsule < arm->capsule_count - 1; capsule++) {
    if (!moves(arm, capsule)) continue;
    v3 middle = middle_of(path, capsule);
    vf reach = all(raised(reach_of(path, capsule) + requirement + rounding));
    vf *slacks = solids->slacks + capsule * groups;
    for (int32_t group = 0; group < groups; group++) {
      vf distance = group < boxes ? from_boxes(middle, solids->box_groups + group)
                                  : from_rods(middle, solids->rod_groups + group - boxes);
      slacks[group] = distance - reach;
      nearest = min_(nearest, slacks[group]);
    }
  }
  // The nearest by that bound first; what it comes to leaves most of the others out.
  batch batch;
  batch.count = 0;
  float first = least(nearest);
  if (!(first <= limit_of(out))) first = -__builtin_inff();
  sweep_within(arm, path, solids, requirement, 0, first, first, &batch, out);
  sweep_within(arm, path, solids, requirement, 1, first, limit_of(out), &batch, out);
}

static void sweep_pairs(const odcv_arm *arm, const odcv_path *path, double requirement, batch *all, int32_t *close,
                        odcv_least *out) {
  double rounding = 4 * odcv_rounding * path->size;
  int32_t framed = -1;
  frame3 frame;
  for (int32_t place = 0; place < all->count; place++) {
    const odcv_pair *pair = arm->pairs + all->index[place];
    if (framed != pair->frame) {
      frame = frame_of(path, pair->frame);
      framed = pair->frame;
    }
    double bow, travel;
    bend_of(arm, path, pair->row, pair->mover_count, &bow, &travel);
    along_pair(arm, path, pair, &frame, raised(bow), all->sweep + place);
    sum_up(path, all, place);
    all->open[place] = travel + rounding;
  }
  for (int32_t place = 0; place < all->count; place++) {
    const odcv_pair *pair = arm->pairs + all->index[place];
    // The inner one's radius is in the kernel's distance already.
    if (take(all, place, arm->capsules[pair->second].radius,
             arm->capsules[pair->first].gap + arm->capsules[pair->second].gap, requirement, 0, all->index[place], out))
      close[out->close++] = all->index[place];
  }
  all->count = 0;
}

/// How far the balls of a pair of links are apart at least, m.
INLINE float pair_slack(const odcv_path *path, const odcv_pair *pair) {
  float x = ball_of(path, pair->first, 0) - ball_of(path, pair->second, 0);
  float y = ball_of(path, pair->first, 1) - ball_of(path, pair->second, 1);
  float z = ball_of(path, pair->first, 2) - ball_of(path, pair->second, 2);
  return __builtin_sqrtf(x * x + y * y + z * z) - (float)reach_of(path, pair->first) - (float)reach_of(path, pair->second);
}

/// As `sweep_within`.
INLINE void sweep_pairs_within(const odcv_arm *arm, const odcv_path *path, double requirement, int has_done, float done,
                               float wanted, batch *all, int32_t *close, odcv_least *out) {
  for (int32_t index = 0; index < arm->pair_count; index++) {
    float slack = path->slacks[index];
    if (slack > wanted || (has_done && !(slack > done))) continue;
    int32_t place = all->count++;
    all->capsule[place] = arm->pairs[index].second, all->index[place] = index;
    if (all->count == BATCH) sweep_pairs(arm, path, requirement, all, close, out);
  }
  if (all->count > 0) sweep_pairs(arm, path, requirement, all, close, out);
}

static void search_pairs(const odcv_arm *arm, const odcv_path *path, double requirement, int32_t *close,
                         odcv_least *out) {
  out->capsule = -1;
  out->close = 0;
  float open = raised(requirement + 8 * odcv_rounding * path->size), first = __builtin_inff();
  for (int32_t index = 0; index < arm->pair_count; index++) {
    float slack = pair_slack(path, arm->pairs + index) - open;
    path->slacks[index] = slack;
    first = slack < first ? slack : first;
  }
  batch batch;
  batch.count = 0;
  // The nearest first, as with solids.
  if (!(first <= limit_of(out))) first = -__builtin_inff();
  sweep_pairs_within(arm, path, requirement, 0, first, first, &batch, close, out);
  sweep_pairs_within(arm, path, requirement, 1, first, limit_of(out), &batch, close, out);
}

// --- One configuration ---------------------------------------------------------------------------------------------

enum { MOST_CAPSULES = 256 };

typedef struct {
  float a[3], b[3], middle[3];
  float half, radius;
} placed;

INLINE void place_capsules(const odcv_arm *arm, const d4 (*poses)[4], placed *out, double *size) {
  float farthest = 0, widest = 0;
  for (int32_t index = 0; index < arm->capsule_count - 1; index++) {
    const odcv_capsule *capsule = arm->capsules + index;
    const d4 *pose = poses[capsule->link];
    d4 a = fma4(pose[0], capsule->a[0], fma4(pose[1], capsule->a[1], fma4(pose[2], capsule->a[2], pose[3])));
    d4 b = fma4(pose[0], capsule->b[0], fma4(pose[1], capsule->b[1], fma4(pose[2], capsule->b[2], pose[3])));
    f4 near = __builtin_convertvector(a, f4), far = __builtin_convertvector(b, f4);
    f4 middle = 0.5f * (near + far);
    placed *at = out + index;
    at->a[0] = near[0], at->a[1] = near[1], at->a[2] = near[2];
    at->b[0] = far[0], at->b[1] = far[1], at->b[2] = far[2];
    at->middle[0] = middle[0], at->middle[1] = middle[1], at->middle[2] = middle[2];
    at->half = capsule->half;
    at->radius = (float)capsule->radius * (1 + 0x1p-22f);
    f4 first = near * near, second = far * far;
    float one = first[0] + first[1] + first[2], other = second[0] + second[1] + second[2];
    float more = one > other ? one : other;
    farthest = more <= farthest ? farthest : more;
    if (one != one || other != other) farthest = __builtin_inff();
    widest = at->radius > widest ? at->radius : widest;
  }
  *size = (__builtin_sqrt((double)farthest) + widest) * (1 + 1e-6);
}

INLINE void nearest_solid(const odcv_arm *arm, const placed *capsules, const odcv_solids *solids, double size,
                          odcv_nearest *out) {
  int32_t boxes = groups_of(solids->box_count), groups = boxes + groups_of(solids->rod_count);
  double rounding = odcv_rounding * (size + solids->largest);
  vf reached = all(__builtin_inff());
  out->lower = out->upper = __builtin_inf();
  out->capsule = -1;
  for (int32_t capsule = 0; capsule < arm->capsule_count - 1; capsule++) {
    if (!moves(arm, capsule)) continue;
    v3 middle = splat3(capsules[capsule].middle);
    vf radius = all(capsules[capsule].radius), half = all(capsules[capsule].half);
    vf *slacks = solids->slacks + capsule * groups;
    for (int32_t group = 0; group < groups; group++) {
      vf distance = group < boxes ? from_boxes(middle, solids->box_groups + group)
                                  : from_rods(middle, solids->rod_groups + group - boxes);
      // The middle of the axis is no nearer than the capsule is, less its radius; and no farther than half the axis more.
      reached = min_(reached, distance - radius);
      slacks[group] = distance - radius - half;
    }
  }
  vf threshold = all(raised(least(reached) + 4 * rounding));
  for (int32_t capsule = 0; capsule < arm->capsule_count - 1; capsule++) {
    if (!moves(arm, capsule)) continue;
    const placed *at = capsules + capsule;
    double radius = arm->capsules[capsule].radius;
    for (int32_t group = 0; group < groups; group++) {
      if (!at_most(solids->slacks[capsule * groups + group], threshold)) continue;
      planes found;
      if (group < boxes) {
        const odcv_boxes *box = solids->box_groups + group;
        v3 c = lanes3(box->center), x = lanes3(box->columns), y = lanes3(box->columns + 3), z = lanes3(box->columns + 6);
        found = box_planes(into_box(splat3(at->a), c, x, y, z), into_box(splat3(at->b), c, x, y, z), lanes3(box->half));
      } else {
        const odcv_rods *rod = solids->rod_groups + group - boxes;
        found = rod_planes(splat3(at->a), splat3(at->b), lanes3(rod->a), lanes3(rod->d), rod->radius);
      }
      float near = least(found.dual);
      double low = near - radius - rounding, high = least(found.primal) - radius;
      high = (high > 0 ? high : 0) + arm->capsules[capsule].gap + rounding;
      // A shape that only holds the solid says nothing of how near that is at most.
      if (solids->rough_count == 0 && high < out->upper) out->upper = high;
      if (low < out->lower) {
        int32_t lane = lowest_bit(at_most(found.dual, all(near)) | 0x8000u);
        int32_t index = ODCV_LANES * (group < boxes ? group : group - boxes) + lane;
        out->lower = low;
        out->capsule = capsule;
        out->other = group < boxes ? solids->box_solids[index] : solids->rod_solids[index];
        float bound = raised(low + 4 * rounding);
        threshold = min_(threshold, all(bound));
      }
    }
    for (int32_t index = 0; index < solids->plane_count; index++) {
      const float *n = solids->planes[index].normal;
      double one = (double)n[0] * at->a[0] + (double)n[1] * at->a[1] + (double)n[2] * at->a[2];
      double other = (double)n[0] * at->b[0] + (double)n[1] * at->b[1] + (double)n[2] * at->b[2];
      double height = (one < other ? one : other) - solids->planes[index].offset - radius;
      double high = (height > 0 ? height : 0) + arm->capsules[capsule].gap + rounding;
      out->upper = high < out->upper ? high : out->upper;
      if (height - rounding < out->lower) {
        out->lower = height - rounding;
        out->capsule = capsule;
        out->other = solids->plane_solids[index];
      }
    }
  }
}

/// Sixteen pairs of links, lane by lane.
typedef struct {
  float p[3][ODCV_LANES], q[3][ODCV_LANES], a[3][ODCV_LANES], b[3][ODCV_LANES];
  float radius[ODCV_LANES], outer[ODCV_LANES];
  int32_t pair[ODCV_LANES];
} pair_lanes;

INLINE void measure_pairs(const odcv_arm *arm, pair_lanes *lanes, int32_t count, double rounding, odcv_nearest *out) {
  // Lanes that hold no pair repeat the first.
  for (int32_t lane = count; lane < ODCV_LANES; lane++) {
    for (int axis = 0; axis < 3; axis++) {
      lanes->p[axis][lane] = lanes->p[axis][0], lanes->q[axis][lane] = lanes->q[axis][0];
      lanes->a[axis][lane] = lanes->a[axis][0], lanes->b[axis][lane] = lanes->b[axis][0];
    }
    lanes->radius[lane] = lanes->radius[0], lanes->outer[lane] = lanes->outer[0];
  }
  v3 p = {load(lanes->p[0]), load(lanes->p[1]), load(lanes->p[2])};
  v3 q = {load(lanes->q[0]), load(lanes->q[1]), load(lanes->q[2])};
  v3 a = {load(lanes->a[0]), load(lanes->a[1]), load(lanes->a[2])};
  v3 b = {load(lanes->b[0]), load(lanes->b[1]), load(lanes->b[2])};
  vf outer = load(lanes->outer);
  planes found = rod_planes(p, q, a, sub3(b, a), load(lanes->radius));
  vf low = found.dual - outer, high = max_(found.primal - outer, all(0.0f));
  float near = least(low);
  if (near - rounding < out->lower) {
    const odcv_pair *pair = arm->pairs + lanes->pair[lowest_bit(at_most(low, all(near)) | 0x8000u) % count];
    out->lower = near - rounding;
    out->capsule = pair->second;
    out->other = (int32_t)(pair - arm->pairs);
  }
  for (int32_t lane = 0; lane < count; lane++) {
    const odcv_pair *pair = arm->pairs + lanes->pair[lane];
    double open = high[lane] + arm->capsules[pair->first].gap + arm->capsules[pair->second].gap + rounding;
    out->upper = open < out->upper ? open : out->upper;
  }
}

INLINE void nearest_links(const odcv_arm *arm, const placed *capsules, double size, odcv_nearest *out) {
  double rounding = odcv_rounding * 2 * size;
  out->lower = out->upper = __builtin_inf();
  out->capsule = -1;
  // The middles of two axes are points of their capsules, so that the nearest pair is no farther than any two of them.
  float reached = __builtin_inff(), apart[1024];
  for (int32_t index = 0; index < arm->pair_count; index++) {
    const placed *a = capsules + arm->pairs[index].first, *b = capsules + arm->pairs[index].second;
    float x = a->middle[0] - b->middle[0], y = a->middle[1] - b->middle[1], z = a->middle[2] - b->middle[2];
    float far = __builtin_sqrtf(x * x + y * y + z * z) - a->radius - b->radius;
    reached = far < reached ? far : reached;
    if (index < 1024) apart[index] = far - a->half - b->half;
  }
  float threshold = raised(reached + 4 * rounding);
  pair_lanes lanes;
  int32_t count = 0;
  for (int32_t index = 0; index < arm->pair_count; index++) {
    if (index < 1024 && apart[index] > threshold) continue;
    const odcv_pair *pair = arm->pairs + index;
    const placed *inner = capsules + pair->first, *outer = capsules + pair->second;
    for (int axis = 0; axis < 3; axis++) {
      lanes.p[axis][count] = outer->a[axis], lanes.q[axis][count] = outer->b[axis];
      lanes.a[axis][count] = inner->a[axis], lanes.b[axis][count] = inner->b[axis];
    }
    lanes.radius[count] = inner->radius, lanes.outer[count] = outer->radius;
    lanes.pair[count++] = index;
    if (count == ODCV_LANES) {
      measure_pairs(arm, &lanes, count, rounding, out);
      count = 0;
    }
  }
  if (count > 0) measure_pairs(arm, &lanes, count, rounding, out);
}

static double stand(const odcv_arm *arm, const double *joints, const odcv_solids *solids, odcv_nearest *cell,
                    odcv_nearest *own) {
  d4 poses[64][4];
  placed capsules[MOST_CAPSULES];
  double size;
  place_one(arm, joints, poses);
  place_capsules(arm, (const d4(*)[4])poses, capsules, &size);
  nearest_solid(arm, capsules, solids, size, cell);
  nearest_links(arm, capsules, size, own);
  return size;
}
