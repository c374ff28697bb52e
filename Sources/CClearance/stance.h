// The nearest pairs of an arm that stands still. Included by kernel_body.h.


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
