#if defined(__aarch64__)
#include "CClearance.h"
#define KERNEL odcv_kernel_neon
#define KERNEL_NAME "neon"
#define ODCV_SLICE 8
#include "kernel_body.h"
#endif
