#if defined(__aarch64__)
#include "CClearance.h"
#define KERNEL odcv_kernel_neon
#define KERNEL_NAME "neon"
#include "kernel_body.h"
#endif
