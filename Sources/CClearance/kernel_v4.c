#if defined(__x86_64__)
#include "CClearance.h"
#pragma clang attribute push( \
    __attribute__((target("avx,avx2,fma,bmi,bmi2,f16c,lzcnt,movbe,avx512f,avx512bw,avx512cd,avx512dq,avx512vl"))), \
    apply_to = function)
#define KERNEL odcv_kernel_v4
#define KERNEL_NAME "x86-64-v4"
#include "kernel_body.h"
#pragma clang attribute pop
#endif
