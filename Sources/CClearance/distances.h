// Distances of a capsule's axis, lane by lane, and what holds between two samples. Included by kernel_body.h.


// --- Segment against box -------------------------------------------------------------------------------------------

/// The part of x outside [-h, h].
INLINE vf beyond(vf x, vf h) { return x - clamp_(x, -h, h); }

/// Half the derivative of the squared distance to the box at p + t d.
INLINE vf slope(vf t, v3 p, v3 d, v3 h) {
  v3 x = along(p, t, d);
  return fma_(beyond(x.x, h.x), d.x, fma_(beyond(x.y, h.y), d.y, beyond(x.z, h.z) * d.z));
}

/// Takes a break of the slope into the bracket of its root.
INLINE void bracket(vf t, v3 p, v3 d, v3 h, vf *low, vf *low_slope, vf *high, vf *high_slope) {
  // A break that is not a number (0/0) or outside falls on an end of the segment, which changes nothing.
  t = t > 0.0f ? t : all(0.0f);
  t = t < 1.0f ? t : all(1.0f);
  vf s = slope(t, p, d, h);
  vi below = s < 0.0f;
  vi raise = below & (t >= *low);
  vi lower = ~below & (t <= *high);
  *low = raise ? t : *low;
  *low_slope = raise ? s : *low_slope;
  *high = lower ? t : *high;
  *high_slope = lower ? s : *high_slope;
}

/// Where the segment p + t d comes nearest to the box of half extents h about the origin. The slope of the squared
/// distance is monotone and linear between its breaks, so the two breaks around its root and one interpolation give it.
INLINE vf nearest_in_box_frame(v3 p, v3 d, v3 h) {
  vf low = all(0.0f), high = all(1.0f);
  vf low_slope = slope(low, p, d, h), high_slope = slope(high, p, d, h);
  vi starts = low_slope >= 0.0f, ends = high_slope <= 0.0f;
  vf rx = 1.0f / d.x, ry = 1.0f / d.y, rz = 1.0f / d.z;
  bracket((-h.x - p.x) * rx, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((h.x - p.x) * rx, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((-h.y - p.y) * ry, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((h.y - p.y) * ry, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((-h.z - p.z) * rz, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((h.z - p.z) * rz, p, d, h, &low, &low_slope, &high, &high_slope);
  vf rise = high_slope - low_slope;
  vf t = low - low_slope * ((high - low) / (rise > 0.0f ? rise : all(1.0f)));
  t = clamp_(t, low, high);
  t = ends ? all(1.0f) : t;
  return starts ? all(0.0f) : t;
}

typedef struct {
  v3 n;       // of length one, or zero where the axis enters the solid
  vf support; // greatest n.x of the solid
  vf dual;    // lower bound of the signed distance of the axis
  vf primal;  // distance of two points, not negative
} planes;

INLINE planes box_planes(v3 p, v3 q, v3 h) {
  v3 d = sub3(q, p);
  v3 x = along(p, nearest_in_box_frame(p, d, h), d);
  v3 g = {beyond(x.x, h.x), beyond(x.y, h.y), beyond(x.z, h.z)};
  vf square = dot3(g, g);
  vi apart = square > TINY;
  planes out;
  out.primal = sqrt_(square);
  out.n = direction(g, apart ? square : all(1.0f));
  // Inside: the face that is nearest to being left.
  vf fx = max_(min_(p.x, q.x), -max_(p.x, q.x)) - h.x;
  vf fy = max_(min_(p.y, q.y), -max_(p.y, q.y)) - h.y;
  vf fz = max_(min_(p.z, q.z), -max_(p.z, q.z)) - h.z;
  vf face = max_(fx, max_(fy, fz));
  vi use_x = ~apart & (fx >= face);
  vi use_y = ~apart & ~use_x & (fy >= face);
  vi use_z = ~apart & ~use_x & ~use_y;
  vf sx = p.x + q.x < 0.0f ? all(-1.0f) : all(1.0f);
  vf sy = p.y + q.y < 0.0f ? all(-1.0f) : all(1.0f);
  vf sz = p.z + q.z < 0.0f ? all(-1.0f) : all(1.0f);
  out.n.x = apart ? out.n.x : (use_x ? sx : all(0.0f));
  out.n.y = apart ? out.n.y : (use_y ? sy : all(0.0f));
  out.n.z = apart ? out.n.z : (use_z ? sz : all(0.0f));
  out.support = fma_(abs_(out.n.x), h.x, fma_(abs_(out.n.y), h.y, abs_(out.n.z) * h.z));
  out.dual = min_(dot3(out.n, p), dot3(out.n, q)) - out.support;
  return out;
}

// --- Segment against segment ---------------------------------------------------------------------------------------

/// Ericson's closest points of two segments: the unconstrained s, clamped; the best t for it; clamped, the best s for it.
INLINE planes rod_planes(v3 p, v3 q, v3 o, v3 v, vf radius) {
  v3 u = sub3(q, p);
  v3 r = sub3(p, o);
  vf a = max_(dot3(u, u), all(TINY)), e = max_(dot3(v, v), all(TINY));
  vf b = dot3(u, v), c = dot3(u, r), f = dot3(v, r);
  vf denominator = fma_(a, e, -(b * b));
  vf s = fma_(b, f, -(c * e)) / (denominator > 1e-6f * (a * e) ? denominator : all(1.0f));
  s = denominator > 1e-6f * (a * e) ? clamp_(s, all(0.0f), all(1.0f)) : all(0.0f);
  vf t = clamp_(fma_(b, s, f) / e, all(0.0f), all(1.0f));
  s = clamp_(fma_(b, t, -c) / a, all(0.0f), all(1.0f));
  v3 g = sub3(along(p, s, u), along(o, t, v));
  vf square = dot3(g, g);
  vi apart = square > TINY;
  planes out;
  out.primal = sqrt_(square) - radius;
  out.n = direction(g, apart ? square : all(1.0f));
  // Axes that cross: away along the normal of both; parallel ones have none, and then any direction will do.
  v3 w = cross3(u, v);
  vf across = dot3(w, w);
  vi crossing = across > TINY;
  v3 m = direction(w, crossing ? across : all(1.0f));
  out.n.x = apart ? out.n.x : (crossing ? m.x : all(1.0f));
  out.n.y = apart ? out.n.y : (crossing ? m.y : all(0.0f));
  out.n.z = apart ? out.n.z : (crossing ? m.z : all(0.0f));
  out.support = dot3(out.n, o) + max_(dot3(out.n, v), all(0.0f)) + radius;
  out.dual = min_(dot3(out.n, p), dot3(out.n, q)) - out.support;
  return out;
}

// --- Between the samples -------------------------------------------------------------------------------------------

/// A lower bound between each sample and the next, for ends that move straight from one to the other.
///
/// The plane of either sample, kept through the interval, is below the distance there, and at least the chord of its two
/// values, being the lesser of two straight lines. Of the two chords the greater counts: their crossing where one falls
/// and the other rises, else the better of the two ends.
INLINE vf between(const planes *at, v3 p, v3 q, vf weights, float bow) {
  v3 p1 = next3(p), q1 = next3(q), n1 = next3(at->n);
  vf here = at->dual, there = next(at->dual), support1 = next(at->support);
  vf forward = min_(dot3(at->n, p1), dot3(at->n, q1)) - at->support; // this sample's plane at the next one
  vf back = min_(dot3(n1, p), dot3(n1, q)) - support1;               // the next one's plane here
  vf lead = here - back, follow = there - forward;
  vf sum = lead + follow;
  vi crosses = (forward <= here) & (back <= there) & (lead >= 0.0f) & (follow >= 0.0f) & (sum > 0.0f);
  vf share = lead / (crosses ? sum : all(1.0f));
  vf crossing = fma_(share, forward - here, here);
  vf bound = max_(min_(here, forward), min_(back, there));
  bound = crosses ? max_(bound, crossing) : bound;
  bound[15] = __builtin_inff();
  return bound - weights * bow;
}

// --- Frames --------------------------------------------------------------------------------------------------------

INLINE v3 into_box(v3 p, v3 c, v3 x, v3 y, v3 z) {
  v3 r = sub3(p, c);
  return (v3){dot3(x, r), dot3(y, r), dot3(z, r)};
}

INLINE v3 box_frame(v3 p, const odcv_box *box) {
  return into_box(p, splat3(box->center), splat3(box->columns), splat3(box->columns + 3), splat3(box->columns + 6));
}

// One capsule's axis from p to q against one solid, along a path.

INLINE void along_box(const odcv_path *path, v3 p, v3 q, const odcv_box *box, float bow, odcv_sweep *out) {
  p = box_frame(p, box), q = box_frame(q, box);
  planes at = box_planes(p, q, splat3(box->half));
  out->between = between(&at, p, q, path->weights, bow);
  out->dual = at.dual, out->primal = at.primal;
}

INLINE void along_rod(const odcv_path *path, v3 p, v3 q, const odcv_rod *rod, float bow, odcv_sweep *out) {
  planes at = rod_planes(p, q, splat3(rod->a), splat3(rod->d), all(rod->radius));
  out->between = between(&at, p, q, path->weights, bow);
  out->dual = at.dual, out->primal = at.primal;
}

INLINE void along_plane(const odcv_path *path, v3 p, v3 q, const odcv_plane *plane, float bow, odcv_sweep *out) {
  v3 n = splat3(plane->normal);
  vf height = min_(dot3(n, p), dot3(n, q)) - all(plane->offset);
  planes at = {n, all(plane->offset), height, height};
  out->between = between(&at, p, q, path->weights, bow);
  out->dual = at.dual, out->primal = at.primal;
}

/// A bow as the lanes take it: never less.
INLINE float raised(double bow) {
  float near = (float)bow;
  return near * (1 + 0x1p-22f) + 0x1p-120f;
}

INLINE vf raised_lanes(vd bows) { return single(bows) * (1 + 0x1p-22f) + 0x1p-120f; }

INLINE v3 first_end(const odcv_path *path, int32_t capsule) { return lanes3(path->ends + 6 * capsule); }
INLINE v3 second_end(const odcv_path *path, int32_t capsule) { return lanes3(path->ends + 6 * capsule + 3); }

static void sweep_box(const odcv_path *path, int32_t capsule, const odcv_box *box, odcv_sweep *out) {
  along_box(path, first_end(path, capsule), second_end(path, capsule), box, raised(bow_of(path, capsule)), out);
  out->low = least(out->between);
}

static void sweep_rod(const odcv_path *path, int32_t capsule, const odcv_rod *rod, odcv_sweep *out) {
  along_rod(path, first_end(path, capsule), second_end(path, capsule), rod, raised(bow_of(path, capsule)), out);
  out->low = least(out->between);
}

static void sweep_plane(const odcv_path *path, int32_t capsule, const odcv_plane *plane, odcv_sweep *out) {
  along_plane(path, first_end(path, capsule), second_end(path, capsule), plane, raised(bow_of(path, capsule)), out);
  out->low = least(out->between);
}

// Two links: the second one's axis in the first one's frame.

typedef struct {
  v3 x, y, z, t;
} frame3;

INLINE frame3 frame_of(const odcv_path *path, int32_t link) {
  const vd *pose = path->poses + 12 * link;
  return (frame3){{single(pose[0]), single(pose[1]), single(pose[2])},
                  {single(pose[3]), single(pose[4]), single(pose[5])},
                  {single(pose[6]), single(pose[7]), single(pose[8])},
                  {single(pose[9]), single(pose[10]), single(pose[11])}};
}

INLINE void along_pair(const odcv_arm *arm, const odcv_path *path, const odcv_pair *pair, const frame3 *frame, float bow,
                       odcv_sweep *out) {
  v3 p = into_box(first_end(path, pair->second), frame->t, frame->x, frame->y, frame->z);
  v3 q = into_box(second_end(path, pair->second), frame->t, frame->x, frame->y, frame->z);
  along_rod(path, p, q, arm->rods + pair->first, bow, out);
}

static void sweep_pair(const odcv_arm *arm, const odcv_path *path, int32_t index, double bow, odcv_sweep *out) {
  const odcv_pair *pair = arm->pairs + index;
  frame3 frame = frame_of(path, pair->frame);
  along_pair(arm, path, pair, &frame, raised(bow), out);
  out->low = least(out->between);
}
