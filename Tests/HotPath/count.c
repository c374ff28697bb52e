// Counts what the monitor's loop thread asks of the heap and of Swift's reference counting. Preloaded into the daemon as it is:
//
//   ODCV_COUNT_FILE=counts LD_PRELOAD=count.so odcv-monitor run ...
//
// The file holds the counters below, mapped: a reader takes two looks and subtracts. Calls that come from libzmq (or from the C++
// library, which only libzmq uses) are counted apart. With ODCV_COUNT_TRACE=FILE, each distinct call stack is written there.
// ODCV_COUNT_PROGRAM names a program whose main thread is counted as the loop. ODCV_COUNT_PLANT=alloc|retain plants one of them, through Swift's own runtime, before each message that the loop takes: a gate that
// can't count looks like a clean loop.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct counts {
  uint64_t allocations, frees, objects, retains, releases;
  uint64_t zmq_allocations, zmq_frees;
  uint64_t messages, frames_sent;
};

static struct counts nowhere, *counts = &nowhere;
static int trace = -1;
static __thread int is_loop, inside;

struct range { uintptr_t from, to; };
static struct range zmq[32];
static int zmq_ranges;

static int note_range(struct dl_phdr_info *info, size_t size, void *unused) {
  (void)size, (void)unused;
  if (!strstr(info->dlpi_name, "libzmq") && !strstr(info->dlpi_name, "libstdc++")) return 0;
  for (int i = 0; i < info->dlpi_phnum && zmq_ranges < 32; i++) {
    if (info->dlpi_phdr[i].p_type != PT_LOAD) continue;
    uintptr_t from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
    zmq[zmq_ranges++] = (struct range){from, from + info->dlpi_phdr[i].p_memsz};
  }
  return 0;
}

static int is_zmq(const void *caller) {
  for (int i = 0; i < zmq_ranges; i++)
    if ((uintptr_t)caller >= zmq[i].from && (uintptr_t)caller < zmq[i].to) return 1;
  return 0;
}

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void *(*real_retain)(void *), *(*real_retain_n)(void *, uint32_t), *(*real_object)(void *, size_t, size_t);
static void *(*real_bridge_retain)(void *), *(*real_bridge_retain_n)(void *, uint32_t);
static void (*real_release)(void *), (*real_release_n)(void *, uint32_t);
static void (*real_bridge_release)(void *), (*real_bridge_release_n)(void *, uint32_t);
static int (*real_msg_recv)(void *, void *, int), (*real_msg_send)(void *, void *, int);
static int (*real_send)(void *, const void *, size_t, int);
static int (*real_setname)(unsigned long, const char *);
static int plant;

// Swift's own libraries begin before this one.
static void resolve(void) {
  real_object = dlsym(RTLD_NEXT, "swift_allocObject");
  real_retain = dlsym(RTLD_NEXT, "swift_retain");
  real_retain_n = dlsym(RTLD_NEXT, "swift_retain_n");
  real_release = dlsym(RTLD_NEXT, "swift_release");
  real_release_n = dlsym(RTLD_NEXT, "swift_release_n");
  real_bridge_retain = dlsym(RTLD_NEXT, "swift_bridgeObjectRetain");
  real_bridge_retain_n = dlsym(RTLD_NEXT, "swift_bridgeObjectRetain_n");
  real_bridge_release = dlsym(RTLD_NEXT, "swift_bridgeObjectRelease");
  real_bridge_release_n = dlsym(RTLD_NEXT, "swift_bridgeObjectRelease_n");
  real_msg_recv = dlsym(RTLD_NEXT, "zmq_msg_recv");
  real_msg_send = dlsym(RTLD_NEXT, "zmq_msg_send");
  real_send = dlsym(RTLD_NEXT, "zmq_send");
  real_setname = dlsym(RTLD_NEXT, "pthread_setname_np");
}

__attribute__((constructor)) static void begin(void) {
  resolve();
  dl_iterate_phdr(note_range, 0);
  const char *program = getenv("ODCV_COUNT_PROGRAM");
  is_loop = program && !strcmp(program_invocation_short_name, program);
  const char *planted = getenv("ODCV_COUNT_PLANT");
  if (planted) plant = !strcmp(planted, "alloc") ? 1 : !strcmp(planted, "retain") ? 2 : 0;
  const char *path = getenv("ODCV_COUNT_FILE");
  int file = path ? open(path, O_RDWR | O_CREAT, 0600) : -1;
  if (file >= 0 && ftruncate(file, sizeof *counts) == 0) {
    void *map = mmap(0, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map != MAP_FAILED) counts = map;
  }
  if (getenv("ODCV_COUNT_TRACE")) {
    trace = open(getenv("ODCV_COUNT_TRACE"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    void *warm[2];
    backtrace(warm, 2);
  }
}

// The daemon names its loop's thread; every other thread is not counted.
int pthread_setname_np(unsigned long thread, const char *name) {
  is_loop = !strncmp(name, "odcv-loop", 9);
  if (!real_setname) resolve();
  return real_setname(thread, name);
}

static struct { uint64_t hash, times; const char *what; int depth; void *frames[24]; } stacks[4096];
static int known;

static void stack(const char *what) {
  // What starting takes is not of interest.
  if (trace < 0 || inside || counts->messages < 2000) return;
  inside = 1;
  void *frames[24];
  int depth = backtrace(frames, 24);
  uint64_t hash = 1469598103934665603u;
  for (int i = 2; i < depth; i++) hash = (hash ^ (uintptr_t)frames[i]) * 1099511628211u;
  int i = 0;
  while (i < known && stacks[i].hash != hash) i++;
  if (i < 4096) {
    if (i == known) {
      known++;
      stacks[i].hash = hash, stacks[i].what = what, stacks[i].depth = depth;
      memcpy(stacks[i].frames, frames, sizeof frames);
    }
    stacks[i].times++;
  }
  inside = 0;
}

__attribute__((destructor)) static void end(void) {
  if (trace < 0) return;
  for (int i = 0; i < known; i++) {
    dprintf(trace, "%lu %s\n", stacks[i].times, stacks[i].what);
    backtrace_symbols_fd(stacks[i].frames + 2, stacks[i].depth - 2, trace);
    dprintf(trace, "\n");
  }
}

static void count_allocation(const void *caller) {
  if (!is_loop || inside) return;
  if (is_zmq(caller)) { counts->zmq_allocations++; return; }
  counts->allocations++;
  stack("allocation");
}

void *malloc(size_t size) { count_allocation(__builtin_return_address(0)); return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { count_allocation(__builtin_return_address(0)); return __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { count_allocation(__builtin_return_address(0)); return __libc_realloc(old, size); }
void *memalign(size_t a, size_t size) { count_allocation(__builtin_return_address(0)); return __libc_memalign(a, size); }
void *aligned_alloc(size_t a, size_t size) { count_allocation(__builtin_return_address(0)); return __libc_memalign(a, size); }
int posix_memalign(void **out, size_t a, size_t size) {
  count_allocation(__builtin_return_address(0));
  *out = __libc_memalign(a, size);
  return *out ? 0 : 12;
}
void free(void *old) {
  if (old && is_loop && !inside) {
    if (is_zmq(__builtin_return_address(0))) counts->zmq_frees++;
    else { counts->frees++; stack("free"); }
  }
  __libc_free(old);
}

// Swift calls these keeping more registers than C does; a preserve_most function keeps them all, whatever it calls.
#define KEEPS __attribute__((preserve_most))
#define COUNTED(what) if (!real_retain) resolve(); if (is_loop && !inside) { counts->what++; stack(#what); }
KEEPS void *swift_retain(void *o) { COUNTED(retains) return real_retain(o); }
KEEPS void *swift_retain_n(void *o, uint32_t n) { COUNTED(retains) return real_retain_n(o, n); }
KEEPS void swift_release(void *o) { COUNTED(releases) real_release(o); }
KEEPS void swift_release_n(void *o, uint32_t n) { COUNTED(releases) real_release_n(o, n); }
KEEPS void *swift_bridgeObjectRetain(void *o) { COUNTED(retains) return real_bridge_retain(o); }
KEEPS void *swift_bridgeObjectRetain_n(void *o, uint32_t n) { COUNTED(retains) return real_bridge_retain_n(o, n); }
KEEPS void swift_bridgeObjectRelease(void *o) { COUNTED(releases) real_bridge_release(o); }
KEEPS void swift_bridgeObjectRelease_n(void *o, uint32_t n) { COUNTED(releases) real_bridge_release_n(o, n); }
void *swift_allocObject(void *type, size_t size, size_t mask) { COUNTED(objects) return real_object(type, size, mask); }

int zmq_msg_recv(void *message, void *socket, int flags) {
  if (is_loop && plant == 1) {
    void *(*allocate)(size_t, size_t) = dlsym(RTLD_DEFAULT, "swift_slowAlloc");
    void (*deallocate)(void *, size_t, size_t) = dlsym(RTLD_DEFAULT, "swift_slowDealloc");
    deallocate(allocate(64, 15), 64, 15);
  }
  if (is_loop && plant == 2) {
    swift_retain(0);
    swift_release(0);
  }
  int result = real_msg_recv(message, socket, flags);
  if (is_loop && result >= 0) counts->messages++;
  return result;
}

int zmq_msg_send(void *message, void *socket, int flags) {
  if (is_loop) counts->frames_sent++;
  return real_msg_send(message, socket, flags);
}

int zmq_send(void *socket, const void *bytes, size_t size, int flags) {
  if (is_loop) counts->frames_sent++;
  return real_send(socket, bytes, size, flags);
}
