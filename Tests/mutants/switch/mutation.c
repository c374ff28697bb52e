#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CMutation.h"

int odcv_mutant = 0;
unsigned char *odcv_hits = 0;

// A mapped file: what was met before a crash is told too.
__attribute__((constructor)) static void odcv_read_switch(void) {
  const char *mutant = getenv("ODCV_MUTANT"), *hits = getenv("ODCV_HITS");
  if (mutant) odcv_mutant = atoi(mutant);
  if (!hits) return;
  int file = open(hits, O_RDWR);
  if (file < 0) abort();
  off_t size = lseek(file, 0, SEEK_END);
  void *bytes = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (bytes == MAP_FAILED) abort();
  odcv_hits = bytes;
  close(file);
}
