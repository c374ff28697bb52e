#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

int clinux_get_cores(pid_t thread, uint64_t *cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(thread, sizeof set, &set) != 0) return -1;
  *cores = 0;
  for (int core = 0; core < 64; core++)
    if (CPU_ISSET(core, &set)) *cores |= UINT64_C(1) << core;
  return 0;
}

int clinux_set_cores(pid_t thread, uint64_t cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int core = 0; core < 64; core++)
    if (cores & (UINT64_C(1) << core)) CPU_SET(core, &set);
  return sched_setaffinity(thread, sizeof set, &set);
}

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

uint64_t clinux_lockable_bytes(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
  return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : (uint64_t)limit.rlim_cur;
}

int clinux_rename_new(const char *path, const char *new_path) {
  if (renameat2(AT_FDCWD, path, AT_FDCWD, new_path, RENAME_NOREPLACE) == 0) return 0;
  // Not every file system can: a second name never replaces one either.
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (link(path, new_path) != 0) return -1;
  return unlink(path);
}

int clinux_open_nameless(const char *directory) {
  int file;
  do file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  while (file < 0 && errno == EINTR);
  return file;
}

int clinux_raise_file_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &limit);
}
