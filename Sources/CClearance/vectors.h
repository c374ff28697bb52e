// Sixteen lanes and what is done with them. Included by kernel_body.h.

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

#define TINY 1e-24f

// A direction of length one, and whether there was one.
INLINE v3 direction(v3 g, vf square) {
  vf scale = 1.0f / sqrt_(square);
  return (v3){g.x * scale, g.y * scale, g.z * scale};
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

/// Half as many lanes at a time.
typedef float f8 __attribute__((ext_vector_type(8)));

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
