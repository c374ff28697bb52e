// How far an arm's points are from straight between samples, and from the line beside it; laying a path. Included by
// kernel_body.h.

/// n x p less the axis's moment: how a point moves when the axis turns.
INLINE v3 arm_of(const vf *line, v3 p) {
  v3 n = lanes3(line);
  return (v3){fma_(n.y, p.z, fma_(-n.z, p.y, -line[3])), fma_(n.z, p.x, fma_(-n.x, p.z, -line[4])),
              fma_(n.x, p.y, fma_(-n.y, p.x, -line[5]))};
}

/// Where the mover `depth` (0: the most distal) of a row stands: sixteen rows side by side.
INLINE int32_t slot_of(const odcv_arm *arm, int32_t row, int32_t depth) {
  return (row / ODCV_LANES * arm->depth + depth) * ODCV_LANES + row % ODCV_LANES;
}

/// Every other sample, from the first on.
INLINE f8 every_other(vf a) { return __builtin_shufflevector(a, a, 0, 2, 4, 6, 8, 10, 12, 14); }
/// The samples of a short path, of two points side by side.
INLINE f8 both_firsts(vf a, vf b) { return __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19); }
INLINE f8 fma8(f8 a, f8 b, f8 c) { return __builtin_elementwise_fma(a, b, c); }

/// Squared distance of a point from an axis; `arm_of` at every other sample.
INLINE f8 lever_square(const f8 *line, const f8 *p) {
  f8 x = fma8(line[1], p[2], fma8(-line[2], p[1], -line[3])), y = fma8(line[2], p[0], fma8(-line[0], p[2], -line[4]));
  f8 z = fma8(line[0], p[1], fma8(-line[1], p[0], -line[5]));
  return fma8(x, x, fma8(y, y, z * z));
}

/// Coordinate 0...2 of the middle of a capsule's ball, or 3: its radius.
INLINE float ball_of(const odcv_path *path, int32_t capsule, int32_t axis) {
  return ((const float *)path->balls)[(capsule / ODCV_LANES * 4 + axis) * ODCV_LANES + capsule % ODCV_LANES];
}
INLINE v3 middle_of(const odcv_path *path, int32_t capsule) {
  return (v3){all(ball_of(path, capsule, 0)), all(ball_of(path, capsule, 1)), all(ball_of(path, capsule, 2))};
}

/// Balls around the capsules' axes, and the levers of all movers at every other sample: no place of the path is more than a step from
/// one. On a short path at all of its samples, both ends at once.
static void measure(const odcv_arm *arm, odcv_path *path) {
  // The room of the turns, which have done their part.
  f8 *axes = (f8 *)path->turns, *distances = (f8 *)path->squares;
  for (int32_t link = 0; link < arm->link_count; link++)
    if (arm->links[link].joint >= 0)
      for (int i = 0; i < 6; i++) {
        vf line = path->lines[6 * link + i];
        axes[8 * link + i] = path->is_short ? both_firsts(line, line) : every_other(line);
      }
  for (int32_t row = 0; row < arm->row_count; row++) {
    const vf *ends = path->ends + 6 * arm->row_capsules[row];
    f8 points[6];
    for (int i = 0; i < 3; i++) points[i] = path->is_short ? both_firsts(ends[i], ends[3 + i]) : every_other(ends[i]);
    if (!path->is_short)
      for (int i = 3; i < 6; i++) points[i] = every_other(ends[i]);
    for (int32_t depth = 0; depth < arm->mover_counts[row]; depth++) {
      int32_t slot = slot_of(arm, row, depth);
      const f8 *line = axes + 8 * arm->movers[slot].link;
      f8 square = lever_square(line, points);
      if (!path->is_short) {
        f8 other = lever_square(line, points + 3);
        square = square > other ? square : other;
      }
      distances[slot] = square;
    }
  }
  int32_t levers = groups_of(arm->row_count) * arm->depth;
  for (int32_t group = 0; group < levers; group++)
    path->levers[group] = sqrt_(greatest_of_eights(distances + ODCV_LANES * group));
  // A place of its own for each, so that what holds no capsule stays zero: those of a short path where the distances left half of the
  // room.
  vf *squares = path->squares + ODCV_LANES * levers;
  f8 *eights = distances + ODCV_LANES * levers;
  float *middles = (float *)path->balls;
  for (int32_t capsule = 0; capsule < arm->capsule_count; capsule++) {
    const vf *ends = path->ends + 6 * capsule;
    float middle[3];
    for (int axis = 0; axis < 3; axis++) {
      middle[axis] = 0.25f * ((ends[axis][0] + ends[axis][15]) + (ends[axis + 3][0] + ends[axis + 3][15]));
      middles[(capsule / ODCV_LANES * 4 + axis) * ODCV_LANES + capsule % ODCV_LANES] = middle[axis];
    }
    if (path->is_short) {
      v38 both = {both_firsts(ends[0], ends[3]), both_firsts(ends[1], ends[4]), both_firsts(ends[2], ends[5])};
      v38 a = sub3(both, all3(middle, both.x));
      eights[capsule] = dot3(a, a);
    } else {
      v3 c = splat3(middle), a = sub3(lanes3(ends), c), b = sub3(lanes3(ends + 3), c);
      squares[capsule] = max_(dot3(a, a), dot3(b, b));
    }
  }
  for (int32_t group = 0; group < groups_of(arm->capsule_count); group++) {
    vf greatest = path->is_short ? greatest_of_eights(eights + ODCV_LANES * group)
                                 : greatest_of_each(squares + ODCV_LANES * group);
    path->balls[4 * group + 3] = sqrt_(greatest);
  }
}

/// What is added to a lever: coordinates and cross products of the kernel, and what links without capsules add to the size.
INLINE double lever_rounding(const odcv_path *path) { return 8 * odcv_rounding * (1 + path->size); }

static void bend(const odcv_arm *arm, const odcv_path *path, int32_t row, int32_t count, double farther, double *bow,
                 double *travel) {
  double rounding = lever_rounding(path) + farther;
  const float *levers = (const float *)path->levers;
  const double *steps = (const double *)path->steps, *offs = (const double *)path->offs;
  double grown = 0, nearer = 0, bent = 0, travelled = 0;
  for (int32_t depth = 0; depth < count; depth++) {
    int32_t slot = slot_of(arm, row, depth);
    double step = steps[slot], way = step * (2 * path->half_step);
    if (arm->movers[slot].prismatic) {
      grown += way;
    } else {
      grown += way * (levers[slot] + rounding + grown);
      nearer += step;
    }
  }
  for (int32_t depth = 0; depth < count; depth++) {
    int32_t slot = slot_of(arm, row, depth);
    double step = steps[slot], off = offs[slot];
    if (arm->movers[slot].prismatic) {
      bent += step * 2 * nearer;
      travelled += off;
    } else {
      double lever = levers[slot] + rounding + grown;
      nearer -= step;
      bent += step * lever * (step + 2 * (nearer > 0 ? nearer : 0));
      travelled += off * (lever + travelled);
    }
  }
  *bow = bent;
  *travel = travelled;
}

/// The same of sixteen rows at a time, and of the first movers of each row alone, whatever their number: with P_l the turns
/// of the movers up to l, the bow of the first n is
///     Σ_l c_l ρ_l (c_l + 2 (P_n - P_l)) = Σ_l c_l ρ_l (c_l - 2 P_l) + 2 P_n Σ_l c_l ρ_l,
/// three sums that need no n. ρ_l has grown by what all movers of the row do to it, which is no less.
static void bend_rows(const odcv_arm *arm, odcv_path *path) {
  vd rounding = (vd)lever_rounding(path);
  for (int32_t group = 0; group < groups_of(arm->row_count); group++) {
    const vf *levers = path->levers + group * arm->depth;
    const vd *steps = path->steps + group * arm->depth, *offs = path->offs + group * arm->depth;
    const vd *turns = arm->turns + group * arm->depth;
    odcv_bend *sums = path->bends + group * (arm->depth + 1);
    vd grown = (vd)0.0, zero = (vd)0.0;
    for (int32_t depth = 0; depth < arm->depth; depth++) {
      vl turning = turns[depth] != 0.0;
      vd lever = __builtin_convertvector(levers[depth], vd) + rounding;
      grown = grown + steps[depth] * (2 * path->half_step) * (turning ? lever + grown : (vd)1.0);
    }
    vd turned = zero, bent = zero, swung = zero, travelled = zero;
    sums[0] = (odcv_bend){turned, bent, swung, travelled};
    for (int32_t depth = 0; depth < arm->depth; depth++) {
      vl turning = turns[depth] != 0.0;
      vd step = steps[depth], turn = step * turns[depth];
      vd lever = turning ? __builtin_convertvector(levers[depth], vd) + rounding + grown : (vd)1.0;
      turned = turned + turn;
      bent = bent + step * lever * (turn - 2 * turned);
      swung = swung + step * lever;
      travelled = travelled + offs[depth] * (turning ? lever + travelled : (vd)1.0);
      sums[depth + 1] = (odcv_bend){turned, bent, swung, travelled};
    }
  }
}

/// Bow and travel of the first `count` movers of a row.
INLINE void bend_of(const odcv_arm *arm, const odcv_path *path, int32_t row, int32_t count, double *bow, double *travel) {
  const odcv_bend *sums = path->bends + row / ODCV_LANES * (arm->depth + 1) + count;
  int32_t lane = row % ODCV_LANES;
  *bow = sums->bent[lane] + 2 * sums->turned[lane] * sums->swung[lane];
  *travel = sums->travelled[lane];
}

INLINE void put_along(const odcv_arm *arm, odcv_path *path, slice at) {
  turn_all(arm, path, at);
  place(arm, path, at);
  carry(arm, path, at);
}

static void lay(const odcv_arm *arm, odcv_path *path) {
  if (path->is_short) {
    put_along(arm, path, (slice){0, 1});
  } else {
    for (int32_t index = 0; index < 4; index++) put_along(arm, path, (slice){index, 0});
  }
  measure(arm, path);
  double *steps = (double *)path->steps, *offs = (double *)path->offs;
  for (int32_t row = 0; row < arm->row_count; row++) {
    for (int32_t depth = 0; depth < arm->mover_counts[row]; depth++) {
      int32_t slot = slot_of(arm, row, depth);
      const odcv_mover *mover = arm->movers + slot;
      steps[slot] = __builtin_fabs(mover->ratio * path->chord[mover->joint]);
      offs[slot] = __builtin_fabs(mover->ratio) * path->width[mover->joint];
    }
  }
  vf farthest = all(0);
  for (int32_t group = 0; group < groups_of(arm->capsule_count); group++) {
    v3 c = lanes3(path->balls + 4 * group);
    vf far = (sqrt_(dot3(c, c)) + path->balls[4 * group + 3] + arm->radii[group]) * (1 + 0x1p-20f);
    // One that is no number counts as infinitely far.
    farthest = far <= farthest ? farthest : (far < __builtin_inff() ? far : all(__builtin_inff()));
  }
  path->size = greatest(farthest);
  bend_rows(arm, path);
  vd reach = (vd)0.0;
  for (int32_t group = 0; group < groups_of(arm->capsule_count); group++) {
    const odcv_bend *sums = path->bends + group * (arm->depth + 1) + arm->depth;
    vd bow = sums->bent + 2 * sums->turned * sums->swung;
    path->bows[group] = bow;
    path->travels[group] = sums->travelled;
    path->reaches[group] = __builtin_convertvector(path->balls[4 * group + 3] + arm->radii[group], vd) * (1 + 0x1p-20) +
                           odcv_rounding * path->size + sums->travelled +
                           bow * (0.5 * path->half_step * path->half_step);
    // One that is no number counts as infinite.
    vd far = path->reaches[group];
    reach = far <= reach ? reach : (far < __builtin_inf() ? far : (vd)__builtin_inf());
  }
  path->reach = 0;
  for (int lane = 0; lane < ODCV_LANES; lane++) path->reach = reach[lane] > path->reach ? reach[lane] : path->reach;
}

/// Doubles of a capsule.
INLINE double bow_of(const odcv_path *path, int32_t capsule) { return ((const double *)path->bows)[capsule]; }
INLINE double travel_of(const odcv_path *path, int32_t capsule) { return ((const double *)path->travels)[capsule]; }
INLINE double reach_of(const odcv_path *path, int32_t capsule) { return ((const double *)path->reaches)[capsule]; }

static void speeds(const odcv_path *path, const odcv_f32x16 *point, const odcv_rate *movers, int32_t count, float slack,
                   odcv_f32x16 *most_speed, odcv_f32x16 *now) {
  v3 p = lanes3(point);
  float turned = 0;
  for (int32_t index = 0; index < count; index++) turned += movers[index].prismatic ? 0 : movers[index].change;
  v3 v = {all(0), all(0), all(0)}, w = v;
  vf moved = all(0), extra = all(0);
  for (int32_t index = 0; index < count; index++) {
    const odcv_rate *mover = movers + index;
    const vf *line = path->lines + 6 * mover->link;
    v3 c = mover->prismatic ? lanes3(line) : arm_of(line, p);
    vf reach = mover->prismatic ? all(1) : sqrt_(dot3(c, c)) + all(slack);
    v = along(v, all(mover->rate), c);
    w = along(w, all(mover->driven), c);
    moved = fma_(all(mover->change), mover->prismatic ? all(1) : reach + moved, moved);
    extra = fma_(all(mover->spread + mover->most * turned), reach, extra);
    extra = extra + all(mover->most * slack);
  }
  // The lever of every axis may have grown by what the point moved in all.
  float most = 0;
  for (int32_t index = 0; index < count; index++) most += movers[index].prismatic ? 0 : movers[index].most;
  extra = fma_(moved, all(most), extra);
  vf present = sqrt_(dot3(v, v));
  *most_speed = max_(present, sqrt_(dot3(w, w))) + extra;
  *now = present - extra;
}
