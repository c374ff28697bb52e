// Where an arm is: sixteen samples of a path, or one configuration. Included by kernel_body.h.

/// Four samples at a time: a slice of the sixteen.
typedef double d4 __attribute__((ext_vector_type(4)));
typedef float f4 __attribute__((ext_vector_type(4)));
typedef int64_t l4 __attribute__((ext_vector_type(4)));

typedef struct {
  d4 x, y, z;
} d3;

/// x, y, z are a rotation's columns.
INLINE d3 rotate(d3 x, d3 y, d3 z, d4 vx, d4 vy, d4 vz) {
  return (d3){x.x * vx + y.x * vy + z.x * vz, x.y * vx + y.y * vy + z.y * vz, x.z * vx + y.z * vy + z.z * vz};
}

/// As `sineAndCosine` in ODCVCore/Geometry/Trigonometry.swift, operation for operation.
INLINE void sine_cosine(d4 angle, d4 *sine, d4 *cosine) {
  d4 turns = __builtin_elementwise_roundeven(angle * 0.6366197723675813);
  d4 r = ((angle - turns * 0x1.921fb5440p+0) - turns * 0x1.0b4611a60p-34) - turns * 0x1.3198a2e037073p-69;
  d4 r2 = r * r;
  d4 p = (d4)(1 / 355687428096000.0);
  p = p * r2 - 1 / 1307674368000.0;
  p = p * r2 + 1 / 6227020800.0;
  p = p * r2 - 1 / 39916800.0;
  p = p * r2 + 1 / 362880.0;
  p = p * r2 - 1 / 5040.0;
  p = p * r2 + 1 / 120.0;
  p = p * r2 - 1 / 6.0;
  d4 s = r + r * r2 * p;
  p = (d4)(1 / 20922789888000.0);
  p = p * r2 - 1 / 87178291200.0;
  p = p * r2 + 1 / 479001600.0;
  p = p * r2 - 1 / 3628800.0;
  p = p * r2 + 1 / 40320.0;
  p = p * r2 - 1 / 720.0;
  p = p * r2 + 1 / 24.0;
  d4 c = 1 - 0.5 * r2 + r2 * r2 * p;
  // Quarter turns modulo four, without an integer conversion: all of it is exact.
  d4 quarter = turns - 4 * __builtin_elementwise_floor(turns * 0.25);
  l4 swapped = (quarter == 1.0) | (quarter == 3.0);
  d4 first = swapped ? c : s, second = swapped ? s : c;
  *sine = (quarter >= 2.0) ? -first : first;
  *cosine = ((quarter == 1.0) | (quarter == 2.0)) ? -second : second;
  l4 far = ~(__builtin_elementwise_abs(angle) <= 1000.0);
  *sine = far ? (d4)__builtin_nan("") : *sine;
  *cosine = far ? (d4)__builtin_nan("") : *cosine;
}

INLINE d4 fma4(d4 a, double b, d4 c) { return __builtin_elementwise_fma(a, (d4)b, c); }
INLINE vf single(vd a) { return __builtin_convertvector(a, vf); }

// --- Along a path --------------------------------------------------------------------------------------------------
//
// Slice by slice: all four of them, or one on a short path, whose last sample the lanes behind it repeat.

typedef struct {
  int32_t index, is_only;
} slice;

INLINE d4 slice_of(const vd *lanes, slice at) {
  d4 v;
  __builtin_memcpy(&v, (const double *)lanes + 4 * at.index, sizeof v);
  return v;
}
INLINE void put(vd *lanes, slice at, d4 v) {
  __builtin_memcpy((double *)lanes + 4 * at.index, &v, sizeof v);
  if (!at.is_only) return;
  d4 last = v.wwww;
  for (int32_t behind = 1; behind < 4; behind++) __builtin_memcpy((double *)lanes + 4 * behind, &last, sizeof last);
}
INLINE f4 near4(d4 v) { return __builtin_convertvector(v, f4); }
INLINE void put_near(vf *lanes, slice at, f4 near) {
  __builtin_memcpy((float *)lanes + 4 * at.index, &near, sizeof near);
  if (!at.is_only) return;
  f4 last = near.wwww;
  for (int32_t behind = 1; behind < 4; behind++) __builtin_memcpy((float *)lanes + 4 * behind, &last, sizeof last);
}
INLINE d3 slice3(const vd *lanes, slice at) {
  return (d3){slice_of(lanes, at), slice_of(lanes + 1, at), slice_of(lanes + 2, at)};
}
INLINE void put3(vd *lanes, slice at, d3 v) { put(lanes, at, v.x), put(lanes + 1, at, v.y), put(lanes + 2, at, v.z); }
/// An axis by its direction and moment.
INLINE void put_line(vf *line, slice at, d3 axis, d3 t) {
  f4 x = near4(axis.x), y = near4(axis.y), z = near4(axis.z), px = near4(t.x), py = near4(t.y), pz = near4(t.z);
  put_near(line, at, x), put_near(line + 1, at, y), put_near(line + 2, at, z);
  put_near(line + 3, at, __builtin_elementwise_fma(y, pz, -(z * py)));
  put_near(line + 4, at, __builtin_elementwise_fma(z, px, -(x * pz)));
  put_near(line + 5, at, __builtin_elementwise_fma(x, py, -(y * px)));
}

INLINE d4 joint_value(const odcv_link *link, const odcv_path *path, slice at) {
  d4 place = slice_of(&path->parameters, at);
  return link->ratio * (path->start[link->joint] + place * path->chord[link->joint]) + link->offset;
}

/// A column of an origin's rotation in its parent's frame; an axis of it is only taken over.
INLINE d3 column(d3 x, d3 y, d3 z, const double *c, int32_t kind) {
  switch (kind) {
  case 1: return x;
  case 2: return y;
  case 3: return z;
  case -1: return (d3){-x.x, -x.y, -x.z};
  case -2: return (d3){-y.x, -y.y, -y.z};
  case -3: return (d3){-z.x, -z.y, -z.z};
  default: return rotate(x, y, z, (d4)c[0], (d4)c[1], (d4)c[2]);
  }
}

/// Sines and cosines of all turns, link by link, in a loop of their own: they don't hang on each other.
INLINE void turn_all(const odcv_arm *arm, odcv_path *path, slice at) {
  for (int32_t index = 0; index < arm->link_count; index++) {
    const odcv_link *link = arm->links + index;
    if (link->joint < 0 || link->prismatic) continue;
    d4 s, c;
    sine_cosine(joint_value(link, path, at), &s, &c);
    __builtin_memcpy((double *)(path->turns + 2 * index) + 4 * at.index, &s, sizeof s);
    __builtin_memcpy((double *)(path->turns + 2 * index + 1) + 4 * at.index, &c, sizeof c);
  }
}

/// R o + t, without the terms that are zero.
INLINE d3 shifted(d3 x, d3 y, d3 z, const double *o, d3 t) {
  const d3 *columns[3] = {&x, &y, &z};
  d3 sum = t;
  int terms = 0;
  for (int axis = 0; axis < 3; axis++) {
    if (o[axis] == 0) continue;
    d3 c = *columns[axis];
    d3 term = {c.x * (d4)o[axis], c.y * (d4)o[axis], c.z * (d4)o[axis]};
    sum = terms++ ? (d3){sum.x + term.x, sum.y + term.y, sum.z + term.z} : term;
  }
  return terms ? (d3){sum.x + t.x, sum.y + t.y, sum.z + t.z} : t;
}

INLINE void place(const odcv_arm *arm, odcv_path *path, slice at) {
  for (int32_t index = 0; index < arm->link_count; index++) {
    const odcv_link *link = arm->links + index;
    const double *r = link->rotation, *o = link->translation;
    d3 x, y, z, t;
    if (link->parent < 0) {
      x = (d3){(d4)r[0], (d4)r[1], (d4)r[2]};
      y = (d3){(d4)r[3], (d4)r[4], (d4)r[5]};
      z = (d3){(d4)r[6], (d4)r[7], (d4)r[8]};
      t = (d3){(d4)o[0], (d4)o[1], (d4)o[2]};
    } else {
      const vd *parent = path->poses + 12 * link->parent;
      d3 px = slice3(parent, at), py = slice3(parent + 3, at), pz = slice3(parent + 6, at);
      x = column(px, py, pz, r, link->columns[0]);
      y = column(px, py, pz, r + 3, link->columns[1]);
      z = column(px, py, pz, r + 6, link->columns[2]);
      t = shifted(px, py, pz, o, slice3(parent + 9, at));
    }
    if (link->joint >= 0) {
      double ax = link->axis[0], ay = link->axis[1], az = link->axis[2];
      d3 axis = link->about_z ? z : rotate(x, y, z, (d4)ax, (d4)ay, (d4)az);
      if (link->prismatic) {
        d4 value = joint_value(link, path, at);
        t = (d3){t.x + value * axis.x, t.y + value * axis.y, t.z + value * axis.z};
      } else {
        d4 s = slice_of(path->turns + 2 * index, at), c = slice_of(path->turns + 2 * index + 1, at);
        if (link->about_z) {
          d3 turned = {x.x * c + y.x * s, x.y * c + y.y * s, x.z * c + y.z * s};
          y = (d3){x.x * -s + y.x * c, x.y * -s + y.y * c, x.z * -s + y.z * c};
          x = turned;
        } else {
          d4 k = 1 - c;
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
      put_line(path->lines + 6 * index, at, axis, t);
    }
    vd *out = path->poses + 12 * index;
    put3(out, at, x), put3(out + 3, at, y), put3(out + 6, at, z), put3(out + 9, at, t);
  }
}

/// Both ends of every capsule, rounded to single precision.
INLINE void carry(const odcv_arm *arm, odcv_path *path, slice at) {
  for (int32_t index = 0; index < arm->capsule_count; index++) {
    const odcv_capsule *capsule = arm->capsules + index;
    const vd *pose = path->poses + 12 * capsule->link;
    vf *out = path->ends + 6 * index;
    for (int axis = 0; axis < 3; axis++) {
      d4 x = slice_of(pose + axis, at), y = slice_of(pose + 3 + axis, at), z = slice_of(pose + 6 + axis, at);
      d4 t = slice_of(pose + 9 + axis, at);
      d4 a = fma4(x, capsule->a[0], fma4(y, capsule->a[1], fma4(z, capsule->a[2], t)));
      d4 b = fma4(x, capsule->b[0], fma4(y, capsule->b[1], fma4(z, capsule->b[2], t)));
      put_near(out + axis, at, near4(a));
      put_near(out + 3 + axis, at, near4(b));
    }
  }
}

// --- One configuration ---------------------------------------------------------------------------------------------

INLINE d4 d4_of(const double *p) { return (d4){p[0], p[1], p[2], 0}; }
/// Columns times a vector.
INLINE d4 turn4(const d4 *columns, const double *v) {
  return fma4(columns[0], v[0], fma4(columns[1], v[1], columns[2] * v[2]));
}
INLINE d4 column4(const d4 *columns, const double *c, int32_t kind) {
  switch (kind) {
  case 1: return columns[0];
  case 2: return columns[1];
  case 3: return columns[2];
  case -1: return -columns[0];
  case -2: return -columns[1];
  case -3: return -columns[2];
  default: return turn4(columns, c);
  }
}

/// Forward kinematics, fused: `poses` by link, three columns and the translation.
INLINE void place_one(const odcv_arm *arm, const double *joints, d4 (*poses)[4]) {
  double values[64] = {0}, sines[64], cosines[64];
  for (int32_t index = 0; index < arm->link_count; index++) {
    const odcv_link *link = arm->links + index;
    if (link->joint >= 0) values[index] = link->ratio * joints[link->joint] + link->offset;
  }
  for (int32_t index = 0; index < arm->link_count; index += 4) {
    d4 angle, s, c;
    __builtin_memcpy(&angle, values + index, sizeof angle);
    sine_cosine(angle, &s, &c);
    __builtin_memcpy(sines + index, &s, sizeof s);
    __builtin_memcpy(cosines + index, &c, sizeof c);
  }
  for (int32_t index = 0; index < arm->link_count; index++) {
    const odcv_link *link = arm->links + index;
    const double *r = link->rotation;
    d4 *pose = poses[index];
    if (link->parent < 0) {
      pose[0] = d4_of(r), pose[1] = d4_of(r + 3), pose[2] = d4_of(r + 6), pose[3] = d4_of(link->translation);
    } else {
      const d4 *parent = poses[link->parent];
      pose[0] = column4(parent, r, link->columns[0]);
      pose[1] = column4(parent, r + 3, link->columns[1]);
      pose[2] = column4(parent, r + 6, link->columns[2]);
      pose[3] = turn4(parent, link->translation) + parent[3];
    }
    if (link->joint < 0) continue;
    if (link->prismatic) {
      pose[3] = fma4(turn4(pose, link->axis), values[index], pose[3]);
      continue;
    }
    double s = sines[index], c = cosines[index];
    if (link->about_z) {
      d4 x = pose[0], y = pose[1];
      pose[0] = fma4(x, c, y * s);
      pose[1] = fma4(y, c, x * -s);
    } else {
      double ax = link->axis[0], ay = link->axis[1], az = link->axis[2], k = 1 - c;
      double turn[9] = {k * ax * ax + c,      k * ax * ay + s * az, k * ax * az - s * ay,
                        k * ax * ay - s * az, k * ay * ay + c,      k * ay * az + s * ax,
                        k * ax * az + s * ay, k * ay * az - s * ax, k * az * az + c};
      d4 turned[3] = {turn4(pose, turn), turn4(pose, turn + 3), turn4(pose, turn + 6)};
      pose[0] = turned[0], pose[1] = turned[1], pose[2] = turned[2];
    }
  }
}
