// The load generator as a program of its own, for ipc and tcp. See load.h for its arguments.
#include "common.h"
#include "load.h"

int main(int count, char **arguments) {
  if (load_write_stream(count, arguments)) return 0;
  int priority = (int)number(count, arguments, "priority", "0");
  void *context = make_context((int)number(count, arguments, "core", "-1"), priority > 0 ? priority + 2 : 0);
  load_run(context, count, arguments);
  zmq_ctx_term(context);
  return 0;
}
