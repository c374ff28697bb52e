// What can only be done to a core or a thread. Prints the instants of CLOCK_MONOTONIC, ns, at which it began and ended.
//
//   disturb hog CORE PRIORITY MS     keeps a core busy with SCHED_FIFO
//   disturb stall THREAD MS          stops one thread of another process, as a deadlock would
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "common.h"

static void told(int64_t began, int64_t ended) { printf("{\"began\": %lld, \"ended\": %lld}\n", (long long)began, (long long)ended); }

static void hog(int core, int priority, int64_t duration) {
  if (!place_thread(core, priority)) fail("SCHED_FIFO %d on core %d is not granted: %s", priority, core, strerror(errno));
  int64_t began = now_ns(), now = began;
  while (now - began < duration) now = now_ns();
  told(began, now);
}

static void stall(pid_t thread, int64_t duration) {
  int status;
  if (ptrace(PTRACE_SEIZE, thread, 0, 0) != 0) fail("the thread can't be traced: %s", strerror(errno));
  int64_t began = now_ns();
  if (ptrace(PTRACE_INTERRUPT, thread, 0, 0) != 0 || waitpid(thread, &status, __WALL) != thread) fail("the thread did not stop");
  sleep_until(began + duration);
  int64_t ended = now_ns();
  if (ptrace(PTRACE_DETACH, thread, 0, 0) != 0) fail("the thread did not go on: %s", strerror(errno));
  told(began, ended);
}

int main(int count, char **arguments) {
  if (count == 5 && strcmp(arguments[1], "hog") == 0)
    hog(atoi(arguments[2]), atoi(arguments[3]), atoi(arguments[4]) * INT64_C(1000000));
  else if (count == 4 && strcmp(arguments[1], "stall") == 0)
    stall(atoi(arguments[2]), atoi(arguments[3]) * INT64_C(1000000));
  else
    fail("disturb: see the head of disturb.c");
  return 0;
}
