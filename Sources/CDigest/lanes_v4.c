#if defined(__x86_64__)
#include "CDigest.h"
#pragma clang attribute push(__attribute__((target("avx,avx2,bmi,bmi2,avx512f,avx512vl"))), apply_to = function)
#define LANES 16
#define KERNEL odcv_sha256_v4
#define KERNEL_NAME "x86-64-v4"
#include "lanes.h"
#pragma clang attribute pop
#endif
