#ifndef ODCV_CCLEARANCE_H
#define ODCV_CCLEARANCE_H

// The vector kernel of the clearance engine, compiled for several processors and chosen at start.
//
// Sixteen lanes are sixteen samples of one path (`rake`), or sixteen solids against one capsule (`broad`, `one`). Every
// operation is written out, fused where it says so and nowhere else, and none crosses lanes but shifts and minima; so
// the bits do not hang on the width of the processor's registers. The double-precision reference is ODCVCore/Geometry.
//
// What is returned as a lower bound is one by weak duality, not by trust in a minimiser: for any unit vector n,
// min over A of n.x - max over B of n.x bounds the signed distance of two convex bodies from below. The minimiser only
// makes n a good one.

#include <stdint.h>

#define ODCV_LANES 16

// Swift aligns vectors to sixteen bytes at most.
typedef float odcv_f32x16 __attribute__((ext_vector_type(16), aligned(16)));
typedef double odcv_f64x16 __attribute__((ext_vector_type(16), aligned(16)));

/// A link as forward kinematics needs it: the origin's rotation by columns, its translation, the joint's axis.
typedef struct {
  double rotation[9];
  double translation[3];
  double axis[3];
  double ratio;
  double offset;
  int32_t parent;    // -1 for the base
  int32_t joint;     // -1 when fixed
  int32_t prismatic; // 0 revolute, 1 prismatic
  int32_t about_z;   // the axis is (0, 0, 1)
} odcv_link;

/// A capsule in its link's frame.
typedef struct {
  double a[3];
  double b[3];
  int32_t link;
  int32_t pad;
} odcv_capsule;

/// A solid in the frame in which the path is given. Box: centre, columns of its rotation, half extents. Capsule: end,
/// the vector to the other end, radius in half[0].
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

/// Where a path's pairs are, lane by lane.
typedef struct {
  odcv_f32x16 between; // lower bound over the interval from this sample to the next; infinite in lane 15
  odcv_f32x16 dual;    // lower bound at the sample
  odcv_f32x16 primal;  // distance of two points of the axis and the solid at the sample: an upper bound where positive
  float low;           // the least of `between`
  float nearest;       // the least of `primal`
} odcv_sweep;

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
} odcv_mover;

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

/// One processor's build of the kernel.
typedef struct {
  const char *name;
  /// Forward kinematics at start + s · chord (a number a joint each), s a lane of `parameters`. `poses`: per link three
  /// columns and the translation, 12 vectors; `axes`: per link the axis it moves about or along, 3 vectors. The same
  /// operations as the scalar reference.
  void (*place)(const odcv_link *links, int32_t link_count, const double *start, const double *chord,
                const odcv_f64x16 *parameters, odcv_f64x16 *poses, odcv_f64x16 *axes);
  /// Forward kinematics of one configuration: both ends of every capsule, 6 numbers each, and a ball around each axis whose
  /// radius is in `halves`, 4 numbers each. At most 64 links.
  void (*stand)(const odcv_link *links, int32_t link_count, const double *joints, const odcv_capsule *capsules,
                int32_t count, const float *halves, float *ends, float *balls);
  /// Both ends of every capsule, 6 vectors each, rounded to single precision.
  void (*carry)(const odcv_capsule *capsules, int32_t count, const odcv_f64x16 *poses, odcv_f32x16 *ends);
  /// The greatest distance, over all lanes and both ends, of a capsule's ends from each listed link's axis.
  void (*levers)(const odcv_f32x16 *ends, const int32_t *links, int32_t count, const odcv_f64x16 *poses,
                 const odcv_f64x16 *axes, float *levers);
  /// Bounds the speed of a point fixed behind the movers, lane by lane, as `Posture.speedBound` does: from above at
  /// either rate, from below at the present one.
  void (*speeds)(const odcv_f32x16 *point, const odcv_mover *movers, int32_t count, const odcv_f64x16 *poses,
                 const odcv_f64x16 *axes, odcv_f32x16 *most, odcv_f32x16 *now);
  /// Of each capsule a ball around both ends in all lanes, its centre and its radius, 4 numbers; and the `levers` of its
  /// movers, `first[i]` to `first[i + 1]` in `links`.
  void (*measure)(const odcv_f32x16 *ends, int32_t count, const int32_t *first, const int32_t *links,
                  const odcv_f64x16 *poses, const odcv_f64x16 *axes, float *balls, float *levers);
  /// Both ends of a capsule in the frame of a link.
  void (*relative)(const odcv_f32x16 *ends, const odcv_f64x16 *pose, odcv_f32x16 *out);
  /// Distances of the balls' centres to solids, sixteen at a time (rods: to their surface): `distances` and the least of
  /// each vector in `leasts`, ball after ball, groups of boxes before groups of rods.
  void (*broad)(const float *balls, int32_t count, const odcv_boxes *boxes, int32_t box_groups, const odcv_rods *rods,
                int32_t rod_groups, odcv_f32x16 *distances, float *leasts);
  /// The axis of one capsule against sixteen solids at one configuration: `dual` and `primal` as in `odcv_sweep`.
  void (*one_boxes)(const float *a, const float *b, const odcv_boxes *boxes, odcv_f32x16 *dual, odcv_f32x16 *primal);
  void (*one_rods)(const float *a, const float *b, const odcv_rods *rods, odcv_f32x16 *dual, odcv_f32x16 *primal);
  /// The axis of one capsule at sixteen configurations against one solid.
  void (*rake_box)(const odcv_f32x16 *ends, const odcv_box *box, odcv_f32x16 *dual, odcv_f32x16 *primal);
  void (*rake_rod)(const odcv_f32x16 *ends, const odcv_rod *rod, odcv_f32x16 *dual, odcv_f32x16 *primal);
  /// The axis of one capsule along a path against one solid, samples and what lies between. `weights`: h²/8 of each
  /// interval; `bow`: bounds the second derivative of the ends along the path.
  void (*sweep_box)(const odcv_f32x16 *ends, const odcv_box *box, const odcv_f32x16 *weights, float bow,
                    odcv_sweep *out);
  void (*sweep_rod)(const odcv_f32x16 *ends, const odcv_rod *rod, const odcv_f32x16 *weights, float bow,
                    odcv_sweep *out);
  void (*sweep_plane)(const odcv_f32x16 *ends, const float *normal, float offset, const odcv_f32x16 *weights, float bow,
                      odcv_sweep *out);
} odcv_kernel;

/// The fastest build that this processor runs, or the one that the environment variable ODCV_KERNEL names
/// (x86-64-v3, x86-64-v4, neon). NULL when it runs none: x86 before 2013 lacks fused multiply-add.
const odcv_kernel *odcv_kernel_best(void);
/// A build by name; NULL when it is not in this binary or this processor does not run it.
const odcv_kernel *odcv_kernel_named(const char *name);

#endif
