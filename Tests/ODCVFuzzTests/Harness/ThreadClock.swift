import Glibc

/// CPU time of this thread, ns: a busy machine doesn't make it longer.
func threadNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Greatest time of one input of the monitor, from its bytes to its verdict, ns.
let stepLimit: Int64 = 10_000_000

/// Works for so long, ns.
func spin(_ duration: Int64) {
  let start = threadNanoseconds()
  while threadNanoseconds() - start < duration {}
}
