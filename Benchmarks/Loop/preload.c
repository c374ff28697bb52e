// Brings the load generator into the process of a loop, for inproc: LD_PRELOAD=libloop-load.so LOOP_LOAD="action=... ..." PROGRAM.
//
// inproc only joins sockets of one context. So this library hands out the program's context to a thread of the load
// generator when the program has bound its last endpoint (the one that LOOP_LOAD calls `last`), and binds to inproc://PATH
// whatever is to be bound to ipc://PATH. The program itself is not changed; it is told to end (SIGTERM) when the load has.
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#include "common.h"
#include "load.h"

static void *program_context;
static char text[4096];
static char *words[64];
static int word_count;

static void *run(void *unused) {
  (void)unused;
  load_run(program_context, word_count, words);
  kill(getpid(), SIGTERM);
  return NULL;
}

static void start(void) {
  pthread_t thread;
  sigset_t every, before;
  sigfillset(&every);
  pthread_sigmask(SIG_BLOCK, &every, &before);
  if (pthread_create(&thread, NULL, run, NULL) != 0) fail("loop: no thread for the load");
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_detach(thread);
}

void *zmq_ctx_new(void) {
  void *(*real)(void) = (void *(*)(void))dlsym(RTLD_NEXT, "zmq_ctx_new");
  program_context = real();
  return program_context;
}

int zmq_bind(void *socket, const char *endpoint) {
  int (*real)(void *, const char *) = (int (*)(void *, const char *))dlsym(RTLD_NEXT, "zmq_bind");
  const char *settings = getenv("LOOP_LOAD");
  if (settings == NULL || strncmp(endpoint, "ipc://", 6) != 0) return real(socket, endpoint);
  if (word_count == 0) {
    snprintf(text, sizeof text, "%s", settings);
    for (char *word = strtok(text, " "); word != NULL && word_count < 64; word = strtok(NULL, " "))
      words[word_count++] = word;
  }
  char inner[512];
  snprintf(inner, sizeof inner, "inproc://%s", endpoint + 6);
  int result = real(socket, inner);
  if (result == 0 && strcmp(inner, argument(word_count, words, "last", NULL)) == 0) start();
  return result;
}
