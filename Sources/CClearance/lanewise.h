// Arithmetic and distances lane by lane. Included by vectors.h once for each number of lanes: LANES of them, in VF and VI; points
// are V3, what is found PLANES and FOUND.

typedef struct {
  VF x, y, z;
} V3;

INLINE VF fma_(VF a, VF b, VF c) { return __builtin_elementwise_fma(a, b, c); }
INLINE VF min_(VF a, VF b) { return a < b ? a : b; }
INLINE VF max_(VF a, VF b) { return a > b ? a : b; }
INLINE VF abs_(VF a) { return __builtin_elementwise_abs(a); }
INLINE VF sqrt_(VF a) { return __builtin_elementwise_sqrt(a); }
INLINE VF clamp_(VF a, VF low, VF high) { return min_(max_(a, low), high); }

INLINE V3 sub3(V3 a, V3 b) { return (V3){a.x - b.x, a.y - b.y, a.z - b.z}; }
INLINE V3 along(V3 a, VF t, V3 d) { return (V3){fma_(t, d.x, a.x), fma_(t, d.y, a.y), fma_(t, d.z, a.z)}; }
INLINE VF dot3(V3 a, V3 b) { return fma_(a.x, b.x, fma_(a.y, b.y, a.z * b.z)); }
INLINE V3 cross3(V3 a, V3 b) {
  return (V3){fma_(a.y, b.z, -(a.z * b.y)), fma_(a.z, b.x, -(a.x * b.z)), fma_(a.x, b.y, -(a.y * b.x))};
}
/// One point in all lanes, as many as `like` has.
INLINE V3 all3(const float *p, VF like) { return (V3){(VF)p[0], (VF)p[1], (VF)p[2]}; }
INLINE V3 lanes3(const VF *p) { return (V3){p[0], p[1], p[2]}; }
INLINE V3 next3(V3 a) { return (V3){next(a.x), next(a.y), next(a.z)}; }

// A direction of length one, and whether there was one.
INLINE V3 direction(V3 g, VF square) {
  VF scale = 1.0f / sqrt_(square);
  return (V3){g.x * scale, g.y * scale, g.z * scale};
}

// --- Segment against box -------------------------------------------------------------------------------------------

/// The part of x outside [-h, h].
INLINE VF beyond(VF x, VF h) { return x - clamp_(x, -h, h); }

/// Half the derivative of the squared distance to the box at p + t d.
INLINE VF slope(VF t, V3 p, V3 d, V3 h) {
  V3 x = along(p, t, d);
  return fma_(beyond(x.x, h.x), d.x, fma_(beyond(x.y, h.y), d.y, beyond(x.z, h.z) * d.z));
}

/// Takes a break of the slope into the bracket of its root.
INLINE void bracket(VF t, V3 p, V3 d, V3 h, VF *low, VF *low_slope, VF *high, VF *high_slope) {
  // A break that is not a number (0/0) or outside falls on an end of the segment, which changes nothing.
  t = t > 0.0f ? t : (VF)0.0f;
  t = t < 1.0f ? t : (VF)1.0f;
  VF s = slope(t, p, d, h);
  VI below = s < 0.0f;
  VI raise = below & (t >= *low);
  VI lower = ~below & (t <= *high);
  *low = raise ? t : *low;
  *low_slope = raise ? s : *low_slope;
  *high = lower ? t : *high;
  *high_slope = lower ? s : *high_slope;
}

/// Where the segment p + t d comes nearest to the box of half extents h about the origin. The slope of the squared
/// distance is monotone and linear between its breaks, so the two breaks around its root and one interpolation give it.
INLINE VF nearest_in_box_frame(V3 p, V3 d, V3 h) {
  VF low = (VF)0.0f, high = (VF)1.0f;
  VF low_slope = slope(low, p, d, h), high_slope = slope(high, p, d, h);
  VI starts = low_slope >= 0.0f, ends = high_slope <= 0.0f;
  VF rx = 1.0f / d.x, ry = 1.0f / d.y, rz = 1.0f / d.z;
  bracket((-h.x - p.x) * rx, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((h.x - p.x) * rx, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((-h.y - p.y) * ry, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((h.y - p.y) * ry, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((-h.z - p.z) * rz, p, d, h, &low, &low_slope, &high, &high_slope);
  bracket((h.z - p.z) * rz, p, d, h, &low, &low_slope, &high, &high_slope);
  VF rise = high_slope - low_slope;
  VF t = low - low_slope * ((high - low) / (rise > 0.0f ? rise : (VF)1.0f));
  t = clamp_(t, low, high);
  t = ends ? (VF)1.0f : t;
  return starts ? (VF)0.0f : t;
}

typedef struct {
  V3 n;       // of length one, or zero where the axis enters the solid
  VF support; // greatest n.x of the solid
  VF dual;    // lower bound of the signed distance of the axis
  VF primal;  // distance of two points, not negative
} PLANES;

INLINE PLANES box_planes(V3 p, V3 q, V3 h) {
  V3 d = sub3(q, p);
  V3 x = along(p, nearest_in_box_frame(p, d, h), d);
  V3 g = {beyond(x.x, h.x), beyond(x.y, h.y), beyond(x.z, h.z)};
  VF square = dot3(g, g);
  VI apart = square > TINY;
  PLANES out;
  out.primal = sqrt_(square);
  out.n = direction(g, apart ? square : (VF)1.0f);
  // Inside: the face that is nearest to being left.
  VF fx = max_(min_(p.x, q.x), -max_(p.x, q.x)) - h.x;
  VF fy = max_(min_(p.y, q.y), -max_(p.y, q.y)) - h.y;
  VF fz = max_(min_(p.z, q.z), -max_(p.z, q.z)) - h.z;
  VF face = max_(fx, max_(fy, fz));
  VI use_x = ~apart & (fx >= face);
  VI use_y = ~apart & ~use_x & (fy >= face);
  VI use_z = ~apart & ~use_x & ~use_y;
  VF sx = p.x + q.x < 0.0f ? (VF)-1.0f : (VF)1.0f;
  VF sy = p.y + q.y < 0.0f ? (VF)-1.0f : (VF)1.0f;
  VF sz = p.z + q.z < 0.0f ? (VF)-1.0f : (VF)1.0f;
  out.n.x = apart ? out.n.x : (use_x ? sx : (VF)0.0f);
  out.n.y = apart ? out.n.y : (use_y ? sy : (VF)0.0f);
  out.n.z = apart ? out.n.z : (use_z ? sz : (VF)0.0f);
  out.support = fma_(abs_(out.n.x), h.x, fma_(abs_(out.n.y), h.y, abs_(out.n.z) * h.z));
  out.dual = min_(dot3(out.n, p), dot3(out.n, q)) - out.support;
  return out;
}

// --- Segment against segment ---------------------------------------------------------------------------------------

/// Ericson's closest points of two segments: the unconstrained s, clamped; the best t for it; clamped, the best s for it.
INLINE PLANES rod_planes(V3 p, V3 q, V3 o, V3 v, VF radius) {
  V3 u = sub3(q, p);
  V3 r = sub3(p, o);
  VF a = max_(dot3(u, u), (VF)TINY), e = max_(dot3(v, v), (VF)TINY);
  VF b = dot3(u, v), c = dot3(u, r), f = dot3(v, r);
  VF denominator = fma_(a, e, -(b * b));
  VF s = fma_(b, f, -(c * e)) / (denominator > 1e-6f * (a * e) ? denominator : (VF)1.0f);
  s = denominator > 1e-6f * (a * e) ? clamp_(s, (VF)0.0f, (VF)1.0f) : (VF)0.0f;
  VF t = clamp_(fma_(b, s, f) / e, (VF)0.0f, (VF)1.0f);
  s = clamp_(fma_(b, t, -c) / a, (VF)0.0f, (VF)1.0f);
  V3 g = sub3(along(p, s, u), along(o, t, v));
  VF square = dot3(g, g);
  VI apart = square > TINY;
  PLANES out;
  out.primal = sqrt_(square) - radius;
  out.n = direction(g, apart ? square : (VF)1.0f);
  // Axes that cross: away along the normal of both; parallel ones have none, and then any direction will do.
  V3 w = cross3(u, v);
  VF across = dot3(w, w);
  VI crossing = across > TINY;
  V3 m = direction(w, crossing ? across : (VF)1.0f);
  out.n.x = apart ? out.n.x : (crossing ? m.x : (VF)1.0f);
  out.n.y = apart ? out.n.y : (crossing ? m.y : (VF)0.0f);
  out.n.z = apart ? out.n.z : (crossing ? m.z : (VF)0.0f);
  out.support = dot3(out.n, o) + max_(dot3(out.n, v), (VF)0.0f) + radius;
  out.dual = min_(dot3(out.n, p), dot3(out.n, q)) - out.support;
  return out;
}

// --- Between the samples -------------------------------------------------------------------------------------------

/// A lower bound between each sample and the next, for ends that move straight from one to the other.
///
/// The plane of either sample, kept through the interval, is below the distance there, and at least the chord of its two
/// values, being the lesser of two straight lines. Of the two chords the greater counts: their crossing where one falls
/// and the other rises, else the better of the two ends.
INLINE VF between(const PLANES *at, V3 p, V3 q, VF weights, float bow) {
  V3 p1 = next3(p), q1 = next3(q), n1 = next3(at->n);
  VF here = at->dual, there = next(at->dual), support1 = next(at->support);
  VF forward = min_(dot3(at->n, p1), dot3(at->n, q1)) - at->support; // this sample's plane at the next one
  VF back = min_(dot3(n1, p), dot3(n1, q)) - support1;               // the next one's plane here
  VF lead = here - back, follow = there - forward;
  VF sum = lead + follow;
  VI crosses = (forward <= here) & (back <= there) & (lead >= 0.0f) & (follow >= 0.0f) & (sum > 0.0f);
  VF share = lead / (crosses ? sum : (VF)1.0f);
  VF crossing = fma_(share, forward - here, here);
  VF bound = max_(min_(here, forward), min_(back, there));
  bound = crosses ? max_(bound, crossing) : bound;
  bound[LANES - 1] = __builtin_inff();
  return bound - weights * bow;
}

// --- Along a path --------------------------------------------------------------------------------------------------
//
// One capsule's axis from p to q against one solid, samples and what lies between; `weights` and `bow` as in `between`.

typedef struct {
  VF between, dual, primal;
} FOUND;

INLINE V3 into_box(V3 p, V3 c, V3 x, V3 y, V3 z) {
  V3 r = sub3(p, c);
  return (V3){dot3(x, r), dot3(y, r), dot3(z, r)};
}

INLINE FOUND along_box(V3 p, V3 q, const odcv_box *box, VF weights, float bow) {
  V3 c = all3(box->center, weights);
  V3 x = all3(box->columns, weights), y = all3(box->columns + 3, weights), z = all3(box->columns + 6, weights);
  p = into_box(p, c, x, y, z), q = into_box(q, c, x, y, z);
  PLANES at = box_planes(p, q, all3(box->half, weights));
  return (FOUND){between(&at, p, q, weights, bow), at.dual, at.primal};
}

INLINE FOUND along_rod(V3 p, V3 q, const odcv_rod *rod, VF weights, float bow) {
  PLANES at = rod_planes(p, q, all3(rod->a, weights), all3(rod->d, weights), (VF)rod->radius);
  return (FOUND){between(&at, p, q, weights, bow), at.dual, at.primal};
}

INLINE FOUND along_plane(V3 p, V3 q, const odcv_plane *plane, VF weights, float bow) {
  V3 n = all3(plane->normal, weights);
  VF height = min_(dot3(n, p), dot3(n, q)) - plane->offset;
  PLANES at = {n, (VF)plane->offset, height, height};
  return (FOUND){between(&at, p, q, weights, bow), at.dual, at.primal};
}

/// Box, rod or plane number `index` by `kind` 0, 1 or 2.
INLINE FOUND along_solid(V3 p, V3 q, const odcv_solids *solids, int32_t kind, int32_t index, VF weights, float bow) {
  if (kind == 0) return along_box(p, q, solids->boxes + index, weights, bow);
  if (kind == 1) return along_rod(p, q, solids->rods + index, weights, bow);
  return along_plane(p, q, solids->planes + index, weights, bow);
}

#undef LANES
#undef VF
#undef VI
#undef V3
#undef PLANES
#undef FOUND
