// What every processor of its kind runs: SSE2, NEON.
#include "CDigest.h"
#define LANES 4
#define KERNEL odcv_sha256_base
#define KERNEL_NAME "base"
#include "lanes.h"
