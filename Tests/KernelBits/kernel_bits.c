// One line for each build of the kernel that this processor runs: its name, and a hash of every bit that it answers for
// generated arms, ways and solids. Equal hashes on two machines are equal answers. Run by scripts/kernel-bits.
#include "CClearance.h"

#pragma STDC FP_CONTRACT OFF

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOINTS = 7, LINKS = 9, CAPSULES = 10, SOLIDS = 48, PAIRS = 8, WAYS = 2000 };

static uint64_t state;

static uint64_t bits(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}
static double between(double low, double high) { return low + (high - low) * ((double)(bits() >> 11) * 0x1p-53); }

static uint64_t hash;
static void take(const void *bytes, size_t count) {
  for (size_t index = 0; index < count; index++) hash = (hash ^ ((const uint8_t *)bytes)[index]) * 1099511628211u;
}

// Columns of a random rotation; only operations that are rounded the same everywhere.
static void rotation(double *r) {
  double q[4], square = 0;
  for (int i = 0; i < 4; i++) q[i] = between(-1, 1), square += q[i] * q[i];
  double s = 2 / square, x = q[0], y = q[1], z = q[2], w = q[3];
  double columns[9] = {1 - s * (y * y + z * z), s * (x * y + w * z),     s * (x * z - w * y),
                       s * (x * y - w * z),     1 - s * (x * x + z * z), s * (y * z + w * x),
                       s * (x * z + w * y),     s * (y * z - w * x),     1 - s * (x * x + y * y)};
  memcpy(r, columns, sizeof columns);
}

static odcv_link links[LINKS];
static odcv_capsule capsules[CAPSULES];
static odcv_rod rods_of_arm[CAPSULES];
static odcv_f32x16 radii[1];
static odcv_mover movers[16 * JOINTS];
static odcv_f64x16 turning[JOINTS];
static int32_t mover_counts[CAPSULES], row_capsules[CAPSULES];
static odcv_pair pairs[PAIRS];
static odcv_arm arm = {links, capsules,     rods_of_arm, radii, movers, turning,  mover_counts, row_capsules,
                       pairs, LINKS,        JOINTS,      CAPSULES, CAPSULES, JOINTS, PAIRS};

// A base, seven moving links (the fourth slides), a tool fixed to the last; a capsule on each, and the tool centre point.
static void make_arm(void) {
  memset(movers, 0, sizeof movers);
  for (int depth = 0; depth < JOINTS; depth++) turning[depth] = 1.0;
  for (int index = 0; index < LINKS; index++) {
    odcv_link *link = links + index;
    memset(link, 0, sizeof *link);
    rotation(link->rotation);
    for (int i = 0; i < 3; i++) link->translation[i] = between(-0.25, 0.25);
    int moves = index > 0 && index < LINKS - 1;
    link->parent = index - 1, link->joint = moves ? index - 1 : -1, link->ratio = 1, link->prismatic = index == 4;
    link->about_z = index % 2 == 1 && moves;
    double axis[9];
    rotation(axis);
    for (int i = 0; i < 3; i++) link->axis[i] = !moves ? 0 : link->about_z ? i == 2 : axis[i];
  }
  for (int index = 0; index < CAPSULES; index++) {
    odcv_capsule *capsule = capsules + index;
    int is_point = index == CAPSULES - 1;
    double square = 0;
    for (int i = 0; i < 3; i++) {
      capsule->a[i] = between(-0.05, 0.05);
      capsule->b[i] = is_point ? capsule->a[i] : between(-0.2, 0.2);
      square += (capsule->b[i] - capsule->a[i]) * (capsule->b[i] - capsule->a[i]);
      rods_of_arm[index].a[i] = (float)capsule->a[i];
      rods_of_arm[index].d[i] = (float)(capsule->b[i] - capsule->a[i]);
    }
    capsule->radius = is_point ? 0 : between(0.03, 0.09), capsule->gap = 0.001;
    capsule->half = (float)(0.5 * __builtin_sqrt(square)) * (1 + 0x1p-22f);
    capsule->link = is_point ? LINKS - 1 : index;
    rods_of_arm[index].radius = (float)capsule->radius, radii[0][index] = (float)capsule->radius * (1 + 0x1p-22f);
    mover_counts[index] = capsule->link > JOINTS ? JOINTS : capsule->link, row_capsules[index] = index;
    for (int depth = 0; depth < mover_counts[index]; depth++) {
      int link = mover_counts[index] - depth;
      movers[16 * depth + index] = (odcv_mover){1, link, link - 1, links[link].prismatic, 0};
      turning[depth][index] = links[link].prismatic ? 0 : 1;
    }
  }
  for (int index = 0; index < PAIRS; index++) {
    int first = (int)(bits() % 4), second = first + 3 + (int)(bits() % 3);
    pairs[index] = (odcv_pair){first, second, first, second, mover_counts[second] - mover_counts[first]};
  }
}

static odcv_boxes box_groups[3];
static odcv_rods rod_groups[3];
static odcv_box boxes[SOLIDS];
static odcv_rod rods[SOLIDS];
static odcv_plane planes[2];
static int32_t box_solids[SOLIDS], rod_solids[SOLIDS], plane_solids[2], close_solids[CAPSULES * SOLIDS];
static double sizes[SOLIDS];
static uint8_t is_rough[SOLIDS];
static odcv_f32x16 solid_slacks[CAPSULES * 7];
static odcv_solids solids;

static void make_solids(void) {
  memset(box_groups, 0, sizeof box_groups), memset(rod_groups, 0, sizeof rod_groups);
  for (int group = 0; group < 3; group++) {
    box_groups[group].center[0] = rod_groups[group].a[0] = 1e6f;
    box_groups[group].columns[0] = box_groups[group].columns[4] = box_groups[group].columns[8] = 1.0f;
  }
  int box = 0, rod = 0;
  for (int index = 0; index < SOLIDS - 2; index++) {
    float middle[3], size[3];
    for (int i = 0; i < 3; i++) middle[i] = (float)between(-1, 1), size[i] = (float)between(0.02, 0.3);
    sizes[index] = 2.5, is_rough[index] = index % 11 == 5;
    if (index % 2) {
      double r[9];
      rotation(r);
      for (int i = 0; i < 9; i++) {
        boxes[box].columns[i] = (float)r[i];
        box_groups[box / 16].columns[i][box % 16] = (float)r[i];
      }
      for (int i = 0; i < 3; i++) {
        boxes[box].center[i] = box_groups[box / 16].center[i][box % 16] = middle[i];
        boxes[box].half[i] = box_groups[box / 16].half[i][box % 16] = size[i];
      }
      box_solids[box++] = index;
    } else {
      for (int i = 0; i < 3; i++) {
        rods[rod].a[i] = rod_groups[rod / 16].a[i][rod % 16] = middle[i];
        rods[rod].d[i] = rod_groups[rod / 16].d[i][rod % 16] = size[i];
      }
      rods[rod].radius = rod_groups[rod / 16].radius[rod % 16] = 0.05f;
      rod_solids[rod++] = index;
    }
  }
  for (int index = 0; index < 2; index++) {
    planes[index] = (odcv_plane){{0, 0, 1}, -0.8f - (float)index};
    plane_solids[index] = SOLIDS - 2 + index, sizes[SOLIDS - 2 + index] = 2, is_rough[SOLIDS - 2 + index] = 0;
  }
  solids = (odcv_solids){box_groups, rod_groups, boxes, rods, planes, box_solids, rod_solids, plane_solids, box, rod, 2,
                         SOLIDS,     0,          0,     sizes, is_rough, 2.5,     solid_slacks, close_solids};
}

static odcv_f64x16 poses[12 * LINKS], turns[2 * LINKS], steps[JOINTS], offs[JOINTS], bows[1], travels[1], reaches[1];
static odcv_f32x16 lines[6 * LINKS], ends[6 * CAPSULES], balls[4], levers[JOINTS], squares[16 * (JOINTS + 1)];
static odcv_bend bends[JOINTS + 1];
static float slacks[PAIRS];
static double start[JOINTS], chord[JOINTS], width[JOINTS];

static void answer(const odcv_kernel *kernel) {
  state = 0x9E3779B97F4A7C15u, hash = 14695981039346656037u;
  odcv_path path = {.start = start, .chord = chord, .width = width, .half_step = 0.5 / 15, .poses = poses, .lines = lines,
                    .ends = ends, .balls = balls, .bows = bows, .travels = travels, .reaches = reaches, .levers = levers,
                    .steps = steps, .offs = offs, .bends = bends, .turns = turns, .squares = squares, .slacks = slacks};
  for (int sample = 0; sample < 16; sample++) {
    path.parameters[sample] = sample / 15.0;
    path.weights[sample] = sample < 15 ? 0.125f / 225 : 0;
    path.beside[sample] = sample < 12 ? 0 : __builtin_inff();
  }
  for (int way = 0; way < WAYS; way++) {
    if (way % 50 == 0) make_arm(), make_solids();
    double reach = way % 3 == 0 ? 0.003 : way % 3 == 1 ? 0.05 : 0.5;
    for (int joint = 0; joint < JOINTS; joint++) {
      start[joint] = between(-2.8, 2.8), chord[joint] = between(-reach, reach), width[joint] = between(0, 0.004);
    }
    kernel->lay(&arm, &path);
    take(poses, sizeof poses), take(ends, sizeof ends), take(levers, sizeof levers), take(&path.size, sizeof path.size);
    // Lanes behind the last capsule hold no capsule.
    take(bows, 8 * CAPSULES), take(travels, 8 * CAPSULES), take(reaches, 8 * CAPSULES);
    for (int pair = 0; pair < PAIRS; pair++) {
      double bend[2];
      odcv_sweep sweep;
      kernel->bend(&arm, &path, pairs[pair].row, pairs[pair].mover_count, 0.01, bend, bend + 1);
      kernel->sweep_pair(&arm, &path, pair, bend[0], &sweep);
      take(bend, sizeof bend), take(&sweep, offsetof(odcv_sweep, low) + 4);
    }
    for (int only = 0; only < 2; only++) {
      int32_t close_pairs[PAIRS];
      odcv_least least = {.nearest_only = only, .end = arm.capsule_count - 1, .lower = __builtin_inf(), .upper = __builtin_inf()};
      kernel->search_solids(&arm, &path, &solids, 0.05, &least);
      take(&least, sizeof least), take(close_solids, 4 * (size_t)least.close);
      kernel->search_pairs(&arm, &path, 0.02, close_pairs, &least);
      take(&least, sizeof least), take(close_pairs, 4 * (size_t)least.close);
    }
    odcv_rate rates[JOINTS];
    odcv_f32x16 most, now;
    for (int joint = 0; joint < JOINTS; joint++)
      rates[joint] = (odcv_rate){JOINTS - joint, links[JOINTS - joint].prismatic, (float)between(-2, 2), (float)between(-2, 2),
                                 0.01f, 2.1f, 0.02f};
    kernel->speeds(&path, ends + 6 * (CAPSULES - 1), rates, JOINTS, 1e-5f, &most, &now);
    take(&most, sizeof most), take(&now, sizeof now);
    odcv_nearest cell, own;
    double size = kernel->stand(&arm, start, &solids, &cell, &own);
    take(&size, sizeof size), take(&cell, sizeof cell), take(&own, sizeof own);
  }
  printf("%s %016llx\n", kernel->name, (unsigned long long)hash);
}

int main(void) {
  const char *names[] = {"x86-64-v3", "x86-64-v4", "neon"};
  int found = 0;
  for (int index = 0; index < 3; index++) {
    const odcv_kernel *kernel = odcv_kernel_named(names[index]);
    if (kernel == NULL) continue;
    answer(kernel);
    found = 1;
  }
  return found ? 0 : 1;
}
