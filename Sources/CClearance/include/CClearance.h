#ifndef ODCV_CCLEARANCE_H
#define ODCV_CCLEARANCE_H

// The vector kernel of the clearance engine, compiled for several processors and chosen at start.
//
// Sixteen lanes are sixteen samples of one path, or sixteen solids or pairs of links at one configuration. Every
// operation is written out, fused where it says so and nowhere else, and none crosses lanes but shifts and minima; so
// the bits do not hang on the width of the processor's registers. The double-precision reference is ODCVCore/Geometry.
//
// What is returned as a lower bound is one by weak duality, not by trust in a minimiser: for any unit vector n,
// min over A of n.x - max over B of n.x bounds the signed distance of two convex bodies from below. The minimiser only
// makes n a good one.
//
// Where things are: vectors.h the lanes; lanewise.h arithmetic, distances of two shapes and what holds between samples, for
// sixteen lanes and for eight; kinematics.h where an arm is; bend.h how its points bend and travel; distances.h a capsule
// along a path against a solid or a link; search.h the least of many pairs along a path; stance.h at one configuration.

#include <stdint.h>

#define ODCV_LANES 16

/// Bounds the error of a distance from the kernel per metre of the sizes compared: derived at `Kernel` in ODCVCore/Sweep.
static const double odcv_rounding = 48 * 0x1p-24;

// Swift aligns vectors to sixteen bytes at most.
typedef float odcv_f32x16 __attribute__((ext_vector_type(16), aligned(16)));
typedef double odcv_f64x16 __attribute__((ext_vector_type(16), aligned(16)));

// MARK: Solids

/// A solid in the frame in which it is compared. Box: centre, columns of its rotation, half extents. Rod: a capsule by one
/// end, the vector to the other end and its radius. Plane: all points with normal·p <= offset.
typedef struct {
  float center[3];
  float columns[9];
  float half[3];
} odcv_box;

typedef struct {
  float a[3];
  float d[3];
  float radius;
} odcv_rod;

typedef struct {
  float normal[3];
  float offset;
} odcv_plane;

/// Sixteen boxes, or sixteen rods, lane by lane.
typedef struct {
  odcv_f32x16 center[3];
  odcv_f32x16 columns[9];
  odcv_f32x16 half[3];
} odcv_boxes;

typedef struct {
  odcv_f32x16 a[3];
  odcv_f32x16 d[3];
  odcv_f32x16 radius;
} odcv_rods;

/// Solids of every kind: sixteen side by side for leaving far ones out, and one by one. A lane without a solid holds one
/// that is farther than anything that can be placed.
typedef struct {
  const odcv_boxes *box_groups;
  const odcv_rods *rod_groups;
  const odcv_box *boxes;
  const odcv_rod *rods;
  const odcv_plane *planes;
  /// Numbers of the solids that the boxes, rods and planes are.
  const int32_t *box_solids;
  const int32_t *rod_solids;
  const int32_t *plane_solids;
  int32_t box_count;
  int32_t rod_count;
  int32_t plane_count;
  int32_t count;
  int32_t rough_count;
  int32_t pad;
  /// By solid: the largest distance from the origin of the frame, m; and whether the kernel's shape only holds the solid.
  const double *sizes;
  const uint8_t *is_rough;
  double largest;
  /// Room for a vector a capsule and group, and for a number a capsule and solid.
  odcv_f32x16 *slacks;
  int32_t *close;
} odcv_solids;

// MARK: The arm

/// A link as forward kinematics needs it: the origin's rotation by columns, its translation, the joint's axis.
typedef struct {
  double rotation[9];
  double translation[3];
  double axis[3];
  double ratio;
  double offset;
  int32_t parent;     // -1 for the base
  int32_t joint;      // -1 when fixed
  int32_t prismatic;  // 0 revolute, 1 prismatic
  int32_t about_z;    // the axis is (0, 0, 1)
  int32_t columns[3]; // of the rotation: ±1, ±2, ±3 for plus or minus the x, y or z axis; 0 for any other
  int32_t pad;
} odcv_link;

/// A capsule in its link's frame. `half`: half the length of its axis, rounded up; `gap`: how far it reaches, at most,
/// beyond the shape that it holds.
typedef struct {
  double a[3];
  double b[3];
  double radius;
  double gap;
  float half;
  int32_t link;
} odcv_capsule;

/// A moving link on the way from a capsule to the frame in which it is seen, and how far its joint moves it.
typedef struct {
  double ratio;
  int32_t link;
  int32_t joint;
  int32_t prismatic;
  int32_t pad;
} odcv_mover;

/// Two capsules of one arm, the second seen in the frame of the first one's link. What moves the two against each other
/// are the first `mover_count` movers of `row`.
typedef struct {
  int32_t first;
  int32_t second;
  int32_t frame;
  int32_t row;
  int32_t mover_count;
} odcv_pair;

/// A robot. Behind its capsules one without size: the tool centre point, which is compared with nothing.
///
/// Movers stand in rows, the most distal first: a row for each capsule, from its link to the base; behind them one for each
/// pair of links on two branches. Sixteen rows stand side by side: of row r the mover at depth d is number
/// (r / 16 · depth + d) · 16 + r % 16.
typedef struct {
  const odcv_link *links;
  const odcv_capsule *capsules;
  const odcv_rod *rods;        // the same capsules, each in its link's frame
  const odcv_f32x16 *radii;    // theirs, sixteen side by side, rounded up
  const odcv_mover *movers;
  const odcv_f64x16 *turns;    // by mover: 1 where its joint turns, 0 where it slides
  const int32_t *mover_counts; // by row
  const int32_t *row_capsules;
  const odcv_pair *pairs;
  int32_t link_count;
  int32_t joint_count;
  int32_t capsule_count;
  int32_t row_count;
  int32_t depth; // the longest row
  int32_t pair_count;
} odcv_arm;

/// Sums over the first movers of sixteen rows, from which their bow and travel follow (`bend_rows` in bend.h).
typedef struct {
  odcv_f64x16 turned;
  odcv_f64x16 bent;
  odcv_f64x16 swung;
  odcv_f64x16 travelled;
} odcv_bend;

// MARK: Paths

/// Sixteen samples of an arm along q(s) = start + s·chord, s a lane of `parameters`; `Path` in ODCVCore/Sweep says what is
/// known between and beside them.
typedef struct {
  // What is asked: numbers a joint; h²/8 of the interval behind each sample; 0 at samples that the arm passes for certain,
  // infinite elsewhere; half the largest step of s.
  const double *start;
  const double *chord;
  const double *width;
  odcv_f64x16 parameters;
  odcv_f32x16 weights;
  odcv_f32x16 beside;
  double half_step;
  int32_t is_short; // has four samples; the lanes behind them repeat the last
  int32_t pad;
  // What `lay` makes of it. By link: three columns and the translation, 12 vectors; direction and moment of its axis, 6.
  odcv_f64x16 *poses;
  odcv_f32x16 *lines;
  // By capsule: both ends, 6 vectors. Sixteen capsules side by side: a ball around the axis in all lanes, centre and radius,
  // 4 vectors; how their points bend, travel and reach, m.
  odcv_f32x16 *ends;
  odcv_f32x16 *balls;
  odcv_f64x16 *bows;
  odcv_f64x16 *travels;
  odcv_f64x16 *reaches;
  // Sixteen movers side by side: distance of their capsules' ends from their axes at most; how far their joints move along
  // the line, and beside it. By sixteen rows and number of movers, from none on: the sums over them.
  odcv_f32x16 *levers;
  odcv_f64x16 *steps;
  odcv_f64x16 *offs;
  odcv_bend *bends;
  // Room: two vectors a link; a vector a mover and capsule; a number a pair.
  odcv_f64x16 *turns;
  odcv_f32x16 *squares;
  float *slacks;
  /// The largest distance from the base of anything of the arm, m.
  double size;
  /// The greatest of `reaches`, m; not finite where how far the arm bends or travels can't be told.
  double reach;
} odcv_path;

/// Where a path's pairs are, lane by lane.
typedef struct {
  odcv_f32x16 between; // lower bound over the interval from this sample to the next; infinite in lane 15
  odcv_f32x16 dual;    // lower bound at the sample
  odcv_f32x16 primal;  // distance of two points of the axis and the solid at the sample: an upper bound where positive
  float low;           // the least of `between`
} odcv_sweep;

/// The least slack (distance less what is required, m) of the pairs that pass for certain; or, where only the nearest is
/// asked for, of all.
typedef struct {
  int32_t nearest_only;
  int32_t begin; // the capsules asked of, those from `begin` and before `end`; the tool centre point is none
  int32_t end;
  int32_t pad;
  double lower;    // bounds of the least slack; on entry those of other sets
  double upper;
  int32_t capsule; // of `lower`, where this search lowered it; else -1
  int32_t other;   // the solid, or the pair
  int32_t sample;  // next to which it was found
  int32_t close;   // how many pairs are left to the caller: those that may fail (unless only the nearest is asked for),
                   // and those that may be the least and that the kernel knows roughly
} odcv_least;

/// The nearest pair of an arm that stands still. `capsule` < 0: there was nothing to compare.
typedef struct {
  double lower;
  double upper;
  int32_t capsule;
  int32_t other; // the solid, or the pair
} odcv_nearest;

/// A link that moves a point, the most distal first: its joint's rates (rad/s or m/s, ratio included) now and as driven,
/// how far each may be off, the greatest of their sizes with that, and how far the joint may be from the sample.
typedef struct {
  int32_t link;
  int32_t prismatic;
  float rate;
  float driven;
  float spread;
  float most;
  float change;
} odcv_rate;

// MARK: The kernel

/// One processor's build of the kernel.
typedef struct {
  const char *name;
  /// Puts the arm along a path. The same operations as the scalar reference, up to the ends' rounding to single precision.
  void (*lay)(const odcv_arm *arm, odcv_path *path);
  /// How much the ends of what the first `count` movers of a row move leave the straight line between samples per unit of
  /// h²/8, and how far they travel within the width, m; of points up to `farther` from a capsule's axis.
  void (*bend)(const odcv_arm *arm, const odcv_path *path, int32_t row, int32_t count, double farther, double *bow,
               double *travel);
  /// Bounds the speed of a point fixed behind the movers, lane by lane, as `Posture.speedBound` does: from above at
  /// either rate, from below at the present one. `slack`: how far the point may be from where it is said to be.
  void (*speeds)(const odcv_path *path, const odcv_f32x16 *point, const odcv_rate *movers, int32_t count, float slack,
                 odcv_f32x16 *most, odcv_f32x16 *now);
  /// The axis of one capsule along a path against one solid, samples and what lies between; of a pair of links likewise,
  /// with the bow of the movers between them.
  void (*sweep_box)(const odcv_path *path, int32_t capsule, const odcv_box *box, odcv_sweep *out);
  void (*sweep_rod)(const odcv_path *path, int32_t capsule, const odcv_rod *rod, odcv_sweep *out);
  void (*sweep_plane)(const odcv_path *path, int32_t capsule, const odcv_plane *plane, odcv_sweep *out);
  void (*sweep_pair)(const odcv_arm *arm, const odcv_path *path, int32_t pair, double bow, odcv_sweep *out);
  /// The least slack of every moving capsule along a path against every solid, and of every pair of links. Pairs that are
  /// left to the caller are listed in `close`: capsule · count of solids + solid, or the pair.
  void (*search_solids)(const odcv_arm *arm, const odcv_path *path, const odcv_solids *solids, double requirement,
                        odcv_least *least);
  void (*search_pairs)(const odcv_arm *arm, const odcv_path *path, double requirement, int32_t *close,
                       odcv_least *least);
  /// One configuration: nearest of every moving capsule and solid, and of every pair of links. At most 64 links and 256
  /// capsules. Returns the largest distance from the base of anything of the arm, m; not finite where it can't be placed.
  double (*stand)(const odcv_arm *arm, const double *joints, const odcv_solids *solids, odcv_nearest *cell,
                  odcv_nearest *own);
} odcv_kernel;

/// The fastest build that this processor runs, or the one that the environment variable ODCV_KERNEL names
/// (x86-64-v3, x86-64-v4, neon). NULL when it runs none: x86 before 2013 lacks fused multiply-add.
const odcv_kernel *odcv_kernel_best(void);
/// A build by name; NULL when it is not in this binary or this processor does not run it.
const odcv_kernel *odcv_kernel_named(const char *name);

#endif
