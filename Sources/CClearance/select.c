#include "CClearance.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
extern const odcv_kernel odcv_kernel_v3, odcv_kernel_v4;

static int runs(const odcv_kernel *kernel) {
  __builtin_cpu_init();
  if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))) return 0;
  if (kernel == &odcv_kernel_v3) return 1;
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static const odcv_kernel *const kernels[] = {&odcv_kernel_v4, &odcv_kernel_v3};
#elif defined(__aarch64__)
extern const odcv_kernel odcv_kernel_neon;

static int runs(const odcv_kernel *kernel) { return kernel == &odcv_kernel_neon; }

static const odcv_kernel *const kernels[] = {&odcv_kernel_neon};
#else
#error "odcv's clearance kernel is written for x86-64 and arm64"
#endif

enum { KERNEL_COUNT = sizeof kernels / sizeof kernels[0] };

const odcv_kernel *odcv_kernel_named(const char *name) {
  for (int index = 0; index < KERNEL_COUNT; index++)
    if (strcmp(kernels[index]->name, name) == 0) return runs(kernels[index]) ? kernels[index] : NULL;
  return NULL;
}

const odcv_kernel *odcv_kernel_best(void) {
  const char *wanted = getenv("ODCV_KERNEL");
  if (wanted != NULL && wanted[0] != 0) return odcv_kernel_named(wanted);
  for (int index = 0; index < KERNEL_COUNT; index++)
    if (runs(kernels[index])) return kernels[index];
  return NULL;
}
