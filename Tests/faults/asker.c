// Somebody who asks the monitor how it is, as fast as it can, and never takes an answer.
//
//   asker control=ENDPOINT
#include "common.h"

int main(int count, char **arguments) {
  void *context = make_context(-1, 0);
  void *socket = make_socket(context, ZMQ_DEALER, 1, 4096);
  check(zmq_connect(socket, argument(count, arguments, "control", NULL)), "connecting");
  static const char request[] = {1 << 3 | 2, 0};  // a Request whose status is set
  for (;;)
    if (zmq_send(socket, request, sizeof request, 0) < 0 && zmq_errno() != EAGAIN && zmq_errno() != EINTR)
      fail("faults: asking: %s", zmq_strerror(zmq_errno()));
}
