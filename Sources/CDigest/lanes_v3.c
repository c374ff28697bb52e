#if defined(__x86_64__)
#include "CDigest.h"
#pragma clang attribute push(__attribute__((target("avx,avx2,bmi,bmi2"))), apply_to = function)
#define LANES 8
#define KERNEL odcv_sha256_v3
#define KERNEL_NAME "x86-64-v3"
#include "lanes.h"
#pragma clang attribute pop
#endif
