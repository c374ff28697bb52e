// Sixteen lanes, or eight, and what is done with them. Included by kernel_body.h.

#pragma STDC FP_CONTRACT OFF
// Vectors are passed between inlined functions only; what other files call takes pointers.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, overloadable))

typedef odcv_f32x16 vf;
typedef odcv_f64x16 vd;
typedef int32_t vi __attribute__((ext_vector_type(16)));
typedef int64_t vl __attribute__((ext_vector_type(16)));
/// Half as many lanes: what a short path needs.
typedef float f8 __attribute__((ext_vector_type(8)));
typedef int32_t i8 __attribute__((ext_vector_type(8)));

/// Lane i takes lane i + 1; the last one keeps its own.
INLINE vf next(vf a) {
  return __builtin_shufflevector(a, a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15);
}
INLINE f8 next(f8 a) { return __builtin_shufflevector(a, a, 1, 2, 3, 4, 5, 6, 7, 7); }

#define TINY 1e-24f

#define LANES 16
#define VF vf
#define VI vi
#define V3 v3
#define PLANES planes
#define FOUND found
#include "lanewise.h"
#define LANES 8
#define VF f8
#define VI i8
#define V3 v38
#define PLANES planes8
#define FOUND found8
#include "lanewise.h"

INLINE vf all(float a) { return (vf)a; }
INLINE vf load(const float *p) {
  vf v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
INLINE v3 splat3(const float *p) { return (v3){all(p[0]), all(p[1]), all(p[2])}; }
INLINE f8 low_half(vf a) { return __builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7); }
INLINE v38 low_half(v3 a) { return (v38){low_half(a.x), low_half(a.y), low_half(a.z)}; }

// The least or greatest lane; the order does not matter to either.
INLINE float least(vf a) {
  vf b = min_(a, __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  b = min_(b, __builtin_shufflevector(b, b, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  b = min_(b, __builtin_shufflevector(b, b, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  b = min_(b, __builtin_shufflevector(b, b, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  return b[0];
}
INLINE float greatest(vf a) { return -least(-a); }
INLINE float least(f8 a) {
  f8 b = min_(a, __builtin_shufflevector(a, a, 4, 5, 6, 7, 0, 1, 2, 3));
  b = min_(b, __builtin_shufflevector(b, b, 2, 3, 0, 1, 6, 7, 4, 5));
  b = min_(b, __builtin_shufflevector(b, b, 1, 0, 3, 2, 5, 4, 7, 6));
  return b[0];
}

/// One bit a lane that holds.
INLINE uint32_t bits_of(vi holds) {
  typedef _Bool bits __attribute__((ext_vector_type(16)));
  bits set = __builtin_convertvector(holds, bits);
  uint16_t mask;
  __builtin_memcpy(&mask, &set, sizeof mask);
  return mask;
}
INLINE uint32_t at_most(vf a, vf b) { return bits_of(a <= b); }

/// The greatest of the low eight lanes and of the high ones of each of eight vectors: of the low ones in lane 0...7, then the others.
INLINE vf greatest_of_halves(const vf *eight) {
  vf four[4], two[2];
  for (int i = 0; i < 4; i++) {
    vf a = eight[i], b = eight[4 + i];
    four[i] = max_(__builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
                   __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31));
  }
  for (int i = 0; i < 2; i++) {
    vf a = four[i], b = four[2 + i];
    two[i] = max_(__builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
                  __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31));
  }
  return max_(__builtin_shufflevector(two[0], two[1], 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
              __builtin_shufflevector(two[0], two[1], 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31));
}

/// The greatest lane of each of sixteen vectors, lane by lane. Halves are folded together, so that one pass serves two.
INLINE vf greatest_of_each(const vf *in) {
  vf eight[8];
  for (int i = 0; i < 8; i++) {
    vf a = in[i], b = in[8 + i];
    eight[i] = max_(__builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
                    __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  }
  return greatest_of_halves(eight);
}

/// The greatest lane of each of sixteen vectors of eight.
INLINE vf greatest_of_eights(const f8 *in) {
  vf eight[8];
  for (int i = 0; i < 8; i++)
    eight[i] = __builtin_shufflevector(in[i], in[8 + i], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return greatest_of_halves(eight);
}

/// Of one arm, the tool centre point among them.
enum { MOST_CAPSULES = 256 };

INLINE int32_t groups_of(int32_t count) { return (count + ODCV_LANES - 1) / ODCV_LANES; }
