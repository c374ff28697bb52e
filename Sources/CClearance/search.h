// The least of many pairs along a path, with most of them left out. Included by kernel_body.h.

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

/// What was found, the least that holds of it, and the nearest two points at a sample that is passed for certain.
INLINE void keep(const odcv_path *path, batch *all, int32_t place, found at) {
  all->sweep[place].between = at.between;
  all->sweep[place].dual = at.dual;
  all->near[place] = least(at.between);
  all->reached[place] = least(at.primal + path->beside);
}

/// The same along a short path: its samples are the first ones.
INLINE void keep(const odcv_path *path, batch *all, int32_t place, found8 at) {
  all->sweep[place].between = (vf)__builtin_inff();
  __builtin_memcpy(&all->sweep[place].between, &at.between, sizeof at.between);
  __builtin_memcpy(&all->sweep[place].dual, &at.dual, sizeof at.dual);
  all->near[place] = least(at.between);
  all->reached[place] = least(at.primal + low_half(path->beside));
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
    if (path->is_short)
      keep(path, all, place, along_solid(low_half(p), low_half(q), solids, kind, index, low_half(path->weights), bow));
    else
      keep(path, all, place, along_solid(p, q, solids, kind, index, path->weights, bow));
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
  for (int32_t capsule = out->begin; capsule < out->end; capsule++) {
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
  vf nearest = all(__builtin_inff()), reaches[MOST_CAPSULES / ODCV_LANES];
  for (int32_t group = 0; group < groups_of(arm->capsule_count); group++)
    reaches[group] = raised_lanes(path->reaches[group] + requirement + rounding);
  out->capsule = -1;
  out->close = 0;
  // A ball around a capsule's whole way bounds its slack to sixteen solids at once: for every unit vector n the planes across
  // n are no nearer than n·middle less the ball's radius, and one of them is at the middle's signed distance.
  for (int32_t capsule = out->begin; capsule < out->end; capsule++) {
    if (!moves(arm, capsule)) continue;
    v3 middle = middle_of(path, capsule);
    vf reach = all(((const float *)reaches)[capsule]);
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
    v3 p = into_frame(&frame, first_end(path, pair->second)), q = into_frame(&frame, second_end(path, pair->second));
    const odcv_rod *rod = arm->rods + pair->first;
    if (path->is_short)
      keep(path, all, place, along_rod(low_half(p), low_half(q), rod, low_half(path->weights), raised(bow)));
    else
      keep(path, all, place, along_rod(p, q, rod, path->weights, raised(bow)));
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
