#include "CDigest.h"

#include <string.h>

extern const odcv_sha256_kernel odcv_sha256_base;
#if defined(__x86_64__)
extern const odcv_sha256_kernel odcv_sha256_v3, odcv_sha256_v4;
#endif

#define MOST_LANES 16

const odcv_sha256_kernel *odcv_sha256_kernel_at(size_t place) {
  const odcv_sha256_kernel *kernels[3] = {0};
  size_t count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
  if (v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) kernels[count++] = &odcv_sha256_v4;
  if (v3) kernels[count++] = &odcv_sha256_v3;
#endif
  kernels[count++] = &odcv_sha256_base;
  return place < count ? kernels[place] : NULL;
}

void odcv_sha256_each(const odcv_sha256_kernel *kernel, const uint8_t *const *messages, const size_t *lengths, size_t count,
                      uint8_t *digests) {
  for (size_t first = 0; first < count; first += kernel->lanes) {
    size_t here = count - first < kernel->lanes ? count - first : kernel->lanes;
    // Lanes without a message hash nothing, and nobody asks what came of it.
    const uint8_t *some[MOST_LANES] = {0};
    size_t sizes[MOST_LANES] = {0};
    uint8_t results[MOST_LANES * 32];
    memcpy(some, messages + first, here * sizeof *some);
    memcpy(sizes, lengths + first, here * sizeof *sizes);
    kernel->digest(some, sizes, results);
    memcpy(digests + 32 * first, results, 32 * here);
  }
}
