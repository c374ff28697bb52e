// Included once per processor, between its target attribute and the definition of KERNEL and KERNEL_NAME.

#pragma STDC FP_CONTRACT OFF
// Vectors are passed between inlined functions only; what other files call takes pointers.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

typedef odcv_f32x16 vf;
typedef odcv_f64x16 vd;
typedef int32_t vi __attribute__((ext_vector_type(16)));
typedef int64_t vl __attribute__((ext_vector_type(16)));

typedef struct {
  vf x, y, z;
} v3;

INLINE vf fma_(vf a, vf b, vf c) { return __builtin_elementwise_fma(a, b, c); }
INLINE vf min_(vf a, vf b) { return a < b ? a : b; }
INLINE vf max_(vf a, vf b) { return a > b ? a : b; }
INLINE vf abs_(vf a) { return __builtin_elementwise_abs(a); }
INLINE vf sqrt_(vf a) { return __builtin_elementwise_sqrt(a); }
INLINE vf clamp_(vf a, vf low, vf high) { return min_(max_(a, low), high); }
INLINE vf all(float a) { return (vf)a; }
INLINE vf load(const float *p) {
  vf v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

INLINE v3 sub3(v3 a, v3 b) { return (v3){a.x - b.x, a.y - b.y, a.z - b.z}; }
INLINE v3 along(v3 a, vf t, v3 d) { return (v3){fma_(t, d.x, a.x), fma_(t, d.y, a.y), fma_(t, d.z, a.z)}; }
INLINE vf dot3(v3 a, v3 b) { return fma_(a.x, b.x, fma_(a.y, b.y, a.z * b.z)); }
INLINE v3 cross3(v3 a, v3 b) {
  return (v3){fma_(a.y, b.z, -(a.z * b.y)), fma_(a.z, b.x, -(a.x * b.z)), fma_(a.x, b.y, -(a.y * b.x))};
}
INLINE v3 splat3(const float *p) { return (v3){all(p[0]), all(p[1]), all(p[2])}; }
INLINE v3 lanes3(const vf *p) { return (v3){p[0], p[1], p[2]}; }

/// Lane i takes lane i + 1; lane 15 keeps its own.
INLINE vf next(vf a) {
  return __builtin_shufflevector(a, a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15);
}
INLINE v3 next3(v3 a) { return (v3){next(a.x), next(a.y), next(a.z)}; }

// The least or greatest lane; the order does not matter to either.
INLINE float least(vf a) {
  vf b = min_(a, __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  b = min_(b, __builtin_shufflevector(b, b, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  b = min_(b, __builtin_shufflevector(b, b, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  b = min_(b, __builtin_shufflevector(b, b, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  return b[0];
}
INLINE float greatest(vf a) { return -least(-a); }

// A direction of length one, and whether there was one.
INLINE v3 direction(v3 g, vf square) {
  vf scale = 1.0f / sqrt_(square);
  return (v3){g.x * scale, g.y * scale, g.z * scale};
}

#define TINY 1e-24f

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
INLINE void between(const planes *at, v3 p, v3 q, const vf *weights, float bow, odcv_sweep *out) {
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
  vf bent = bound - *weights * bow;
  out->between = bent;
  out->dual = at->dual;
  out->primal = at->primal;
  out->low = least(bent);
  out->nearest = least(at->primal);
}

// --- Frames --------------------------------------------------------------------------------------------------------

INLINE v3 into_box(v3 p, v3 c, v3 x, v3 y, v3 z) {
  v3 r = sub3(p, c);
  return (v3){dot3(x, r), dot3(y, r), dot3(z, r)};
}

static void rake_box(const odcv_f32x16 *ends, const odcv_box *box, odcv_f32x16 *dual, odcv_f32x16 *primal) {
  v3 c = splat3(box->center), x = splat3(box->columns), y = splat3(box->columns + 3), z = splat3(box->columns + 6);
  planes at = box_planes(into_box(lanes3(ends), c, x, y, z), into_box(lanes3(ends + 3), c, x, y, z), splat3(box->half));
  *dual = at.dual;
  *primal = at.primal;
}

static void rake_rod(const odcv_f32x16 *ends, const odcv_rod *rod, odcv_f32x16 *dual, odcv_f32x16 *primal) {
  planes at = rod_planes(lanes3(ends), lanes3(ends + 3), splat3(rod->a), splat3(rod->d), all(rod->radius));
  *dual = at.dual;
  *primal = at.primal;
}

static void sweep_box(const odcv_f32x16 *ends, const odcv_box *box, const odcv_f32x16 *weights, float bow,
                      odcv_sweep *out) {
  v3 c = splat3(box->center), x = splat3(box->columns), y = splat3(box->columns + 3), z = splat3(box->columns + 6);
  v3 p = into_box(lanes3(ends), c, x, y, z), q = into_box(lanes3(ends + 3), c, x, y, z);
  planes at = box_planes(p, q, splat3(box->half));
  between(&at, p, q, weights, bow, out);
}

static void sweep_rod(const odcv_f32x16 *ends, const odcv_rod *rod, const odcv_f32x16 *weights, float bow,
                      odcv_sweep *out) {
  v3 p = lanes3(ends), q = lanes3(ends + 3);
  planes at = rod_planes(p, q, splat3(rod->a), splat3(rod->d), all(rod->radius));
  between(&at, p, q, weights, bow, out);
}

static void sweep_plane(const odcv_f32x16 *ends, const float *normal, float offset, const odcv_f32x16 *weights,
                        float bow, odcv_sweep *out) {
  v3 n = splat3(normal), p = lanes3(ends), q = lanes3(ends + 3);
  vf height = min_(dot3(n, p), dot3(n, q)) - all(offset);
  planes at = {n, all(offset), height, height};
  between(&at, p, q, weights, bow, out);
}

static void one_boxes(const float *a, const float *b, const odcv_boxes *boxes, odcv_f32x16 *dual,
                      odcv_f32x16 *primal) {
  v3 c = lanes3(boxes->center), x = lanes3(boxes->columns), y = lanes3(boxes->columns + 3);
  v3 z = lanes3(boxes->columns + 6);
  planes at = box_planes(into_box(splat3(a), c, x, y, z), into_box(splat3(b), c, x, y, z), lanes3(boxes->half));
  *dual = at.dual;
  *primal = at.primal;
}

static void one_rods(const float *a, const float *b, const odcv_rods *rods, odcv_f32x16 *dual, odcv_f32x16 *primal) {
  planes at = rod_planes(splat3(a), splat3(b), lanes3(rods->a), lanes3(rods->d), rods->radius);
  *dual = at.dual;
  *primal = at.primal;
}

INLINE float broad_boxes(const float *point, const odcv_boxes *boxes, vf *out) {
  v3 r = into_box(splat3(point), lanes3(boxes->center), lanes3(boxes->columns), lanes3(boxes->columns + 3),
                  lanes3(boxes->columns + 6));
  vf x = max_(abs_(r.x) - boxes->half[0], all(0.0f));
  vf y = max_(abs_(r.y) - boxes->half[1], all(0.0f));
  vf z = max_(abs_(r.z) - boxes->half[2], all(0.0f));
  vf distance = sqrt_(fma_(x, x, fma_(y, y, z * z)));
  *out = distance;
  return least(distance);
}

INLINE float broad_rods(const float *point, const odcv_rods *rods, vf *out) {
  v3 v = lanes3(rods->d), r = sub3(splat3(point), lanes3(rods->a));
  vf t = clamp_(dot3(r, v) / max_(dot3(v, v), all(TINY)), all(0.0f), all(1.0f));
  v3 g = along(r, -t, v);
  vf distance = sqrt_(dot3(g, g)) - rods->radius;
  *out = distance;
  return least(distance);
}

static void broad(const float *balls, int32_t count, const odcv_boxes *boxes, int32_t box_groups,
                  const odcv_rods *rods, int32_t rod_groups, odcv_f32x16 *distances, float *leasts) {
  for (int32_t ball = 0; ball < count; ball++) {
    for (int32_t group = 0; group < box_groups; group++)
      *leasts++ = broad_boxes(balls + 4 * ball, boxes + group, distances++);
    for (int32_t group = 0; group < rod_groups; group++)
      *leasts++ = broad_rods(balls + 4 * ball, rods + group, distances++);
  }
}

// --- The arm -------------------------------------------------------------------------------------------------------

typedef struct {
  vd x, y, z;
} d3;

INLINE d3 dlanes3(const vd *p) { return (d3){p[0], p[1], p[2]}; }

/// x, y, z are a rotation's columns.
INLINE d3 rotate(d3 x, d3 y, d3 z, vd vx, vd vy, vd vz) {
  return (d3){x.x * vx + y.x * vy + z.x * vz, x.y * vx + y.y * vy + z.y * vz, x.z * vx + y.z * vy + z.z * vz};
}

/// As `sineAndCosine` in ODCVCore/Geometry/Trigonometry.swift, operation for operation.
INLINE void sine_cosine(vd angle, vd *sine, vd *cosine) {
  vd turns = __builtin_elementwise_roundeven(angle * 0.6366197723675813);
  vd r = ((angle - turns * 0x1.921fb5440p+0) - turns * 0x1.0b4611a60p-34) - turns * 0x1.3198a2e037073p-69;
  vd r2 = r * r;
  vd p = (vd)(1 / 355687428096000.0);
  p = p * r2 - 1 / 1307674368000.0;
  p = p * r2 + 1 / 6227020800.0;
  p = p * r2 - 1 / 39916800.0;
  p = p * r2 + 1 / 362880.0;
  p = p * r2 - 1 / 5040.0;
  p = p * r2 + 1 / 120.0;
  p = p * r2 - 1 / 6.0;
  vd s = r + r * r2 * p;
  p = (vd)(1 / 20922789888000.0);
  p = p * r2 - 1 / 87178291200.0;
  p = p * r2 + 1 / 479001600.0;
  p = p * r2 - 1 / 3628800.0;
  p = p * r2 + 1 / 40320.0;
  p = p * r2 - 1 / 720.0;
  p = p * r2 + 1 / 24.0;
  vd c = 1 - 0.5 * r2 + r2 * r2 * p;
  // Quarter turns modulo four, without an integer conversion: all of it is exact.
  vd quarter = turns - 4 * __builtin_elementwise_floor(turns * 0.25);
  vl swapped = (quarter == 1.0) | (quarter == 3.0);
  vd first = swapped ? c : s, second = swapped ? s : c;
  *sine = (quarter >= 2.0) ? -first : first;
  *cosine = ((quarter == 1.0) | (quarter == 2.0)) ? -second : second;
  vl far = ~(__builtin_elementwise_abs(angle) <= 1000.0);
  *sine = far ? (vd)__builtin_nan("") : *sine;
  *cosine = far ? (vd)__builtin_nan("") : *cosine;
}

static void place(const odcv_link *links, int32_t link_count, const double *start, const double *chord,
                  const odcv_f64x16 *parameters, odcv_f64x16 *poses, odcv_f64x16 *axes) {
  vd s16 = *parameters;
  for (int32_t index = 0; index < link_count; index++) {
    const odcv_link *link = links + index;
    const double *r = link->rotation, *o = link->translation;
    d3 x, y, z, t;
    if (link->parent < 0) {
      x = (d3){(vd)r[0], (vd)r[1], (vd)r[2]};
      y = (d3){(vd)r[3], (vd)r[4], (vd)r[5]};
      z = (d3){(vd)r[6], (vd)r[7], (vd)r[8]};
      t = (d3){(vd)o[0], (vd)o[1], (vd)o[2]};
    } else {
      const vd *parent = poses + 12 * link->parent;
      d3 px = dlanes3(parent), py = dlanes3(parent + 3), pz = dlanes3(parent + 6), pt = dlanes3(parent + 9);
      x = rotate(px, py, pz, (vd)r[0], (vd)r[1], (vd)r[2]);
      y = rotate(px, py, pz, (vd)r[3], (vd)r[4], (vd)r[5]);
      z = rotate(px, py, pz, (vd)r[6], (vd)r[7], (vd)r[8]);
      t = rotate(px, py, pz, (vd)o[0], (vd)o[1], (vd)o[2]);
      t = (d3){t.x + pt.x, t.y + pt.y, t.z + pt.z};
    }
    d3 axis = {(vd)0.0, (vd)0.0, (vd)0.0};
    if (link->joint >= 0) {
      double ax = link->axis[0], ay = link->axis[1], az = link->axis[2];
      axis = link->about_z ? z : rotate(x, y, z, (vd)ax, (vd)ay, (vd)az);
      vd value = link->ratio * (start[link->joint] + s16 * chord[link->joint]) + link->offset;
      if (link->prismatic) {
        t = (d3){t.x + value * axis.x, t.y + value * axis.y, t.z + value * axis.z};
      } else {
        vd s, c;
        sine_cosine(value, &s, &c);
        if (link->about_z) {
          d3 turned = {x.x * c + y.x * s, x.y * c + y.y * s, x.z * c + y.z * s};
          y = (d3){x.x * -s + y.x * c, x.y * -s + y.y * c, x.z * -s + y.z * c};
          x = turned;
        } else {
          vd k = 1 - c;
          d3 rx = {k * ax * ax + c, k * ax * ay + s * az, k * ax * az - s * ay};
          d3 ry = {k * ax * ay - s * az, k * ay * ay + c, k * ay * az + s * ax};
          d3 rz = {k * ax * az + s * ay, k * ay * az - s * ax, k * az * az + c};
          d3 nx = rotate(x, y, z, rx.x, rx.y, rx.z);
          d3 ny = rotate(x, y, z, ry.x, ry.y, ry.z);
          z = rotate(x, y, z, rz.x, rz.y, rz.z);
          x = nx;
          y = ny;
        }
      }
    }
    vd *out = poses + 12 * index;
    out[0] = x.x, out[1] = x.y, out[2] = x.z;
    out[3] = y.x, out[4] = y.y, out[5] = y.z;
    out[6] = z.x, out[7] = z.y, out[8] = z.z;
    out[9] = t.x, out[10] = t.y, out[11] = t.z;
    axes[3 * index] = axis.x, axes[3 * index + 1] = axis.y, axes[3 * index + 2] = axis.z;
  }
}

/// y = R x, R by columns, or with the translation behind it.
INLINE void turn3(const double *restrict r, const double *restrict x, double *restrict y) {
  for (int row = 0; row < 3; row++) y[row] = r[row] * x[0] + r[3 + row] * x[1] + r[6 + row] * x[2];
}

static void stand(const odcv_link *links, int32_t link_count, const double *joints, const odcv_capsule *capsules,
                  int32_t count, const float *halves, float *ends, float *balls) {
  double values[64] = {0}, sines[64], cosines[64], poses[64][12];
  for (int32_t index = 0; index < link_count; index++)
    if (links[index].joint >= 0) values[index] = links[index].ratio * joints[links[index].joint] + links[index].offset;
  for (int32_t index = 0; index < link_count; index += ODCV_LANES) {
    vd angle, s, c;
    __builtin_memcpy(&angle, values + index, sizeof angle);
    sine_cosine(angle, &s, &c);
    __builtin_memcpy(sines + index, &s, sizeof s);
    __builtin_memcpy(cosines + index, &c, sizeof c);
  }
  for (int32_t index = 0; index < link_count; index++) {
    const odcv_link *link = links + index;
    double *pose = poses[index];
    if (link->parent < 0) {
      for (int i = 0; i < 9; i++) pose[i] = link->rotation[i];
      for (int i = 0; i < 3; i++) pose[9 + i] = link->translation[i];
    } else {
      const double *parent = poses[link->parent];
      for (int column = 0; column < 9; column += 3) turn3(parent, link->rotation + column, pose + column);
      turn3(parent, link->translation, pose + 9);
      for (int i = 0; i < 3; i++) pose[9 + i] += parent[9 + i];
    }
    if (link->joint < 0) continue;
    if (link->prismatic) {
      double axis[3];
      turn3(pose, link->axis, axis);
      for (int i = 0; i < 3; i++) pose[9 + i] += values[index] * axis[i];
      continue;
    }
    double s = sines[index], c = cosines[index];
    if (link->about_z) {
      for (int i = 0; i < 3; i++) {
        double x = pose[i], y = pose[3 + i];
        pose[i] = x * c + y * s;
        pose[3 + i] = x * -s + y * c;
      }
    } else {
      double ax = link->axis[0], ay = link->axis[1], az = link->axis[2], k = 1 - c, turned[9];
      double turn[9] = {k * ax * ax + c,      k * ax * ay + s * az, k * ax * az - s * ay,
                        k * ax * ay - s * az, k * ay * ay + c,      k * ay * az + s * ax,
                        k * ax * az + s * ay, k * ay * az - s * ax, k * az * az + c};
      for (int column = 0; column < 9; column += 3) turn3(pose, turn + column, turned + column);
      for (int i = 0; i < 9; i++) pose[i] = turned[i];
    }
  }
  for (int32_t index = 0; index < count; index++) {
    const double *pose = poses[capsules[index].link];
    double a[3], b[3];
    turn3(pose, capsules[index].a, a);
    turn3(pose, capsules[index].b, b);
    for (int i = 0; i < 3; i++) {
      a[i] += pose[9 + i];
      b[i] += pose[9 + i];
      ends[6 * index + i] = (float)a[i];
      ends[6 * index + 3 + i] = (float)b[i];
      balls[4 * index + i] = (float)(0.5 * (a[i] + b[i]));
    }
    balls[4 * index + 3] = halves[index];
  }
}

INLINE vf single(vd a) { return __builtin_convertvector(a, vf); }

static void carry(const odcv_capsule *capsules, int32_t count, const odcv_f64x16 *poses, odcv_f32x16 *ends) {
  for (int32_t index = 0; index < count; index++) {
    const odcv_capsule *capsule = capsules + index;
    const vd *pose = poses + 12 * capsule->link;
    d3 x = dlanes3(pose), y = dlanes3(pose + 3), z = dlanes3(pose + 6), t = dlanes3(pose + 9);
    d3 a = rotate(x, y, z, (vd)capsule->a[0], (vd)capsule->a[1], (vd)capsule->a[2]);
    d3 b = rotate(x, y, z, (vd)capsule->b[0], (vd)capsule->b[1], (vd)capsule->b[2]);
    vf *out = ends + 6 * index;
    out[0] = single(a.x + t.x), out[1] = single(a.y + t.y), out[2] = single(a.z + t.z);
    out[3] = single(b.x + t.x), out[4] = single(b.y + t.y), out[5] = single(b.z + t.z);
  }
}

static void levers(const odcv_f32x16 *ends, const int32_t *links, int32_t count, const odcv_f64x16 *poses,
                   const odcv_f64x16 *axes, float *out) {
  v3 p = lanes3(ends), q = lanes3(ends + 3);
  for (int32_t index = 0; index < count; index++) {
    const vd *pose = poses + 12 * links[index] + 9, *axis = axes + 3 * links[index];
    v3 o = {single(pose[0]), single(pose[1]), single(pose[2])};
    v3 n = {single(axis[0]), single(axis[1]), single(axis[2])};
    v3 c = cross3(n, sub3(p, o)), d = cross3(n, sub3(q, o));
    out[index] = __builtin_sqrtf(greatest(max_(dot3(c, c), dot3(d, d))));
  }
}

static void speeds(const odcv_f32x16 *point, const odcv_mover *movers, int32_t count, const odcv_f64x16 *poses,
                   const odcv_f64x16 *axes, odcv_f32x16 *most_speed, odcv_f32x16 *now) {
  v3 p = lanes3(point);
  float turned = 0;
  for (int32_t index = 0; index < count; index++) turned += movers[index].prismatic ? 0 : movers[index].change;
  v3 v = {all(0), all(0), all(0)}, w = v;
  vf moved = all(0), extra = all(0);
  for (int32_t index = 0; index < count; index++) {
    const odcv_mover *mover = movers + index;
    const vd *pose = poses + 12 * mover->link + 9, *axis = axes + 3 * mover->link;
    v3 n = {single(axis[0]), single(axis[1]), single(axis[2])};
    v3 o = {single(pose[0]), single(pose[1]), single(pose[2])};
    v3 c = mover->prismatic ? n : cross3(n, sub3(p, o));
    vf reach = mover->prismatic ? all(1) : sqrt_(dot3(c, c));
    v = along(v, all(mover->rate), c);
    w = along(w, all(mover->driven), c);
    moved = fma_(all(mover->change), mover->prismatic ? all(1) : reach + moved, moved);
    extra = fma_(all(mover->spread + mover->most * turned), reach, extra);
  }
  // The lever of every axis may have grown by what the point moved in all.
  float most = 0;
  for (int32_t index = 0; index < count; index++) most += movers[index].prismatic ? 0 : movers[index].most;
  extra = fma_(moved, all(most), extra);
  vf present = sqrt_(dot3(v, v));
  *most_speed = max_(present, sqrt_(dot3(w, w))) + extra;
  *now = present - extra;
}

static void measure(const odcv_f32x16 *ends, int32_t count, const int32_t *first, const int32_t *links,
                    const odcv_f64x16 *poses, const odcv_f64x16 *axes, float *balls, float *out) {
  for (int32_t capsule = 0; capsule < count; capsule++) {
    const vf *own = ends + 6 * capsule;
    float *ball = balls + 4 * capsule;
    for (int axis = 0; axis < 3; axis++) {
      float low = least(min_(own[axis], own[axis + 3])), high = greatest(max_(own[axis], own[axis + 3]));
      ball[axis] = 0.5f * (low + high);
    }
    v3 c = splat3(ball);
    v3 a = sub3(lanes3(own), c), b = sub3(lanes3(own + 3), c);
    ball[3] = __builtin_sqrtf(greatest(max_(dot3(a, a), dot3(b, b))));
    levers(own, links + first[capsule], first[capsule + 1] - first[capsule], poses, axes, out + first[capsule]);
  }
}

static void relative(const odcv_f32x16 *ends, const odcv_f64x16 *pose, odcv_f32x16 *out) {
  v3 x = {single(pose[0]), single(pose[1]), single(pose[2])};
  v3 y = {single(pose[3]), single(pose[4]), single(pose[5])};
  v3 z = {single(pose[6]), single(pose[7]), single(pose[8])};
  v3 t = {single(pose[9]), single(pose[10]), single(pose[11])};
  v3 p = into_box(lanes3(ends), t, x, y, z), q = into_box(lanes3(ends + 3), t, x, y, z);
  out[0] = p.x, out[1] = p.y, out[2] = p.z;
  out[3] = q.x, out[4] = q.y, out[5] = q.z;
}

const odcv_kernel KERNEL = {
    .name = KERNEL_NAME,
    .place = place,
    .stand = stand,
    .carry = carry,
    .levers = levers,
    .speeds = speeds,
    .measure = measure,
    .relative = relative,
    .broad = broad,
    .one_boxes = one_boxes,
    .one_rods = one_rods,
    .rake_box = rake_box,
    .rake_rod = rake_rod,
    .sweep_box = sweep_box,
    .sweep_rod = sweep_rod,
    .sweep_plane = sweep_plane,
};
