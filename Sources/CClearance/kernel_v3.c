#if defined(__x86_64__)
#include "CClearance.h"
#pragma clang attribute push(__attribute__((target("avx,avx2,fma,bmi,bmi2,f16c,lzcnt,movbe"))), apply_to = function)
#define KERNEL odcv_kernel_v3
#define KERNEL_NAME "x86-64-v3"
#include "kernel_body.h"
#pragma clang attribute pop
#endif
