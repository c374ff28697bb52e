// Where an arm is: sixteen samples of a path, or one configuration. Included by kernel_body.h.

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

INLINE vf single(vd a) { return __builtin_convertvector(a, vf); }
INLINE vd dfma(vd a, double b, vd c) { return __builtin_elementwise_fma(a, (vd)b, c); }

// --- Along a path --------------------------------------------------------------------------------------------------

/// A column of an origin's rotation in its parent's frame; an axis of it is only taken over.
INLINE d3 column(d3 x, d3 y, d3 z, const double *c, int32_t kind) {
  switch (kind) {
  case 1: return x;
  case 2: return y;
  case 3: return z;
  case -1: return (d3){-x.x, -x.y, -x.z};
  case -2: return (d3){-y.x, -y.y, -y.z};
  case -3: return (d3){-z.x, -z.y, -z.z};
  default: return rotate(x, y, z, (vd)c[0], (vd)c[1], (vd)c[2]);
  }
}

/// Sines and cosines of all turns, link by link, in a loop of their own: they don't hang on each other.
static void turn_all(const odcv_arm *arm, odcv_path *path) {
  for (int32_t index = 0; index < arm->link_count; index++) {
    const odcv_link *link = arm->links + index;
    if (link->joint < 0 || link->prismatic) continue;
    vd value = link->ratio * (path->start[link->joint] + path->parameters * path->chord[link->joint]) + link->offset;
    sine_cosine(value, path->turns + 2 * index, path->turns + 2 * index + 1);
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
    d3 term = {c.x * (vd)o[axis], c.y * (vd)o[axis], c.z * (vd)o[axis]};
    sum = terms++ ? (d3){sum.x + term.x, sum.y + term.y, sum.z + term.z} : term;
  }
  return terms ? (d3){sum.x + t.x, sum.y + t.y, sum.z + t.z} : t;
}

static void place(const odcv_arm *arm, odcv_path *path) {
  for (int32_t index = 0; index < arm->link_count; index++) {
    const odcv_link *link = arm->links + index;
    const double *r = link->rotation, *o = link->translation;
    d3 x, y, z, t;
    if (link->parent < 0) {
      x = (d3){(vd)r[0], (vd)r[1], (vd)r[2]};
      y = (d3){(vd)r[3], (vd)r[4], (vd)r[5]};
      z = (d3){(vd)r[6], (vd)r[7], (vd)r[8]};
      t = (d3){(vd)o[0], (vd)o[1], (vd)o[2]};
    } else {
      const vd *parent = path->poses + 12 * link->parent;
      d3 px = dlanes3(parent), py = dlanes3(parent + 3), pz = dlanes3(parent + 6), pt = dlanes3(parent + 9);
      x = column(px, py, pz, r, link->columns[0]);
      y = column(px, py, pz, r + 3, link->columns[1]);
      z = column(px, py, pz, r + 6, link->columns[2]);
      t = shifted(px, py, pz, o, pt);
    }
    if (link->joint >= 0) {
      double ax = link->axis[0], ay = link->axis[1], az = link->axis[2];
      d3 axis = link->about_z ? z : rotate(x, y, z, (vd)ax, (vd)ay, (vd)az);
      if (link->prismatic) {
        vd value = link->ratio * (path->start[link->joint] + path->parameters * path->chord[link->joint]) + link->offset;
        t = (d3){t.x + value * axis.x, t.y + value * axis.y, t.z + value * axis.z};
      } else {
        vd s = path->turns[2 * index], c = path->turns[2 * index + 1];
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
      vf *line = path->lines + 6 * index;
      v3 n = {single(axis.x), single(axis.y), single(axis.z)};
      v3 m = cross3(n, (v3){single(t.x), single(t.y), single(t.z)});
      line[0] = n.x, line[1] = n.y, line[2] = n.z;
      line[3] = m.x, line[4] = m.y, line[5] = m.z;
    }
    vd *out = path->poses + 12 * index;
    out[0] = x.x, out[1] = x.y, out[2] = x.z;
    out[3] = y.x, out[4] = y.y, out[5] = y.z;
    out[6] = z.x, out[7] = z.y, out[8] = z.z;
    out[9] = t.x, out[10] = t.y, out[11] = t.z;
  }
}

/// Both ends of every capsule, rounded to single precision.
static void carry(const odcv_arm *arm, odcv_path *path) {
  for (int32_t index = 0; index < arm->capsule_count; index++) {
    const odcv_capsule *capsule = arm->capsules + index;
    const vd *pose = path->poses + 12 * capsule->link;
    vf *out = path->ends + 6 * index;
    for (int axis = 0; axis < 3; axis++) {
      vd x = pose[axis], y = pose[3 + axis], z = pose[6 + axis], t = pose[9 + axis];
      out[axis] = single(dfma(x, capsule->a[0], dfma(y, capsule->a[1], dfma(z, capsule->a[2], t))));
      out[3 + axis] = single(dfma(x, capsule->b[0], dfma(y, capsule->b[1], dfma(z, capsule->b[2], t))));
    }
  }
}

// --- One configuration ---------------------------------------------------------------------------------------------

typedef double d4 __attribute__((ext_vector_type(4)));
typedef float f4 __attribute__((ext_vector_type(4)));

INLINE d4 d4_of(const double *p) { return (d4){p[0], p[1], p[2], 0}; }
INLINE d4 fma4(d4 a, double b, d4 c) { return __builtin_elementwise_fma(a, (d4)b, c); }
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
  for (int32_t index = 0; index < arm->link_count; index += ODCV_LANES) {
    vd angle, s, c;
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
