// Another wall clock for one process: CLOCK_REALTIME, gettimeofday and time are off by what the file that ODCV_FAULTS_CLOCK names
// says. For LD_PRELOAD; the machine's own clock stays as it is, and so does CLOCK_MONOTONIC.
//
// The file: ns to add, then how often the wall clock was read since.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct step {
  _Atomic int64_t offset, reads;
};

static struct step none, *step = &none;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *path = getenv("ODCV_FAULTS_CLOCK");
  int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *page = mmap(NULL, sizeof *step, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) step = page;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (real == NULL) begin();
  int result = real(clock, time);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
  int64_t now = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + atomic_load(&step->offset);
  atomic_fetch_add(&step->reads, 1);
  time->tv_sec = now / 1000000000;
  time->tv_nsec = now % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  int result = clock_gettime(CLOCK_REALTIME, &now);
  *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
  return result;
}

time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at != NULL) *at = now.tv_sec;
  return now.tv_sec;
}
