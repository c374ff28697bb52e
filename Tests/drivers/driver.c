/* A driver without an arm, on odcv_lease.h; see driver.md. */
#include "odcv_lease.h"

#include <stdio.h>
#include <stdlib.h>

static void print_action(void *driver, const void *action, size_t size) {
  (void)driver;
  printf("take ");
  for (size_t i = 0; i < size; i++) printf("%02x", ((const uint8_t *)action)[i]);
  printf(" %lld\n", (long long)odcv_lease_now());
}

static size_t bytes_of(const char *hex, uint8_t *bytes) {
  size_t size = strlen(hex) / 2;
  for (size_t i = 0; i < size; i++) {
    unsigned byte;
    if (sscanf(hex + 2 * i, "%2x", &byte) != 1) exit(2);
    bytes[i] = (uint8_t)byte;
  }
  return size;
}

static int answer(odcv_lease *lease, void *context) {
  static char line[1 << 16];
  while (fgets(line, sizeof line, stdin)) {
    const char *word = strtok(line, " \n");
    if (strcmp(word, "new") == 0) {
      zmq_close(lease->socket);
      if (odcv_lease_open(lease, context, "inproc://nobody", "panda") != 0) return 4;
      continue;
    }
    int64_t now = strtoll(strtok(NULL, " \n"), NULL, 10);
    const char *first = strtok(NULL, " \n"), *second = strtok(NULL, " \n");
    if (strcmp(word, "settle") == 0) {
      puts(odcv_lease_settle(lease, first[0] == '1', now) ? "go" : "hold");
    } else {
      /* Of their exact size on the heap, so that a sanitizer sees a byte too far. */
      uint8_t *topic = (uint8_t *)malloc(strlen(first) / 2 + !first[1]);
      uint8_t *body = (uint8_t *)malloc(second ? strlen(second) / 2 : 1);
      size_t topic_size = bytes_of(first, topic), size = second ? bytes_of(second, body) : 0;
      puts(odcv_lease_hear(lease, topic, topic_size, body, size, now) ? "take" : "leave");
      free(topic), free(body);
    }
  }
  return 0;
}

int main(int count, char **arguments) {
  void *context = zmq_ctx_new();
  odcv_lease lease;
  int is_live = count > 1, moved = -1;
  if (odcv_lease_open(&lease, context, is_live ? arguments[1] : "inproc://nobody", "panda") != 0) return 4;
  if (!is_live) return answer(&lease, context);
  for (int cycle = 0; cycle < 100000; cycle++) {
    int may_move = odcv_lease_poll(&lease, print_action, NULL);
    if (may_move != moved) printf("%s %lld\n", may_move ? "go" : "hold", (long long)odcv_lease_now());
    moved = may_move;
    fflush(stdout);
    struct timespec period = {0, 2000000};
    nanosleep(&period, NULL);
  }
  return 0;
}
