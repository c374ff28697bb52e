import Glibc

/// libFuzzer's own loop, with its command line.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `ODCVFuzz seeds FOLDER`: writes the first inputs there. `ODCVFuzz -...`: libFuzzer, as the environment says:
/// `ODCV_FUZZ_TARGET` (decode or step), `ODCV_FUZZ_CONFIG` (the folder `config`), `ODCV_FUZZ_OUT` (where findings and figures go),
/// `ODCV_FUZZ_PLANT` (a bug of ours to be found).
@main struct Main {
  static func main() {
    do {
      let arguments = CommandLine.arguments
      let cells = try FuzzCell.all(config: Fuzzing.variable("ODCV_FUZZ_CONFIG") ?? "config")
      if arguments.count == 3, arguments[1] == "seeds" { return try Seeds.write(to: arguments[2], cells) }
      try Fuzzing.begin(cells)
    } catch {
      print("fuzz: \(error)")
      exit(2)
    }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    let result = runFuzzer(&count, &arguments) { start, count in
      Fuzzing.run(Array(UnsafeBufferPointer(start: start, count: count)))
      return 0
    }
    exit(result)
  }
}

/// One target and its figures, kept from input to input. libFuzzer calls on one thread.
enum Fuzzing {

  nonisolated(unsafe) private static var decoder: DecodeTarget?
  nonisolated(unsafe) private static var cells: [FuzzCell] = []
  nonisolated(unsafe) private static var figures = Figures()
  nonisolated(unsafe) private static var out = "."
  nonisolated(unsafe) private static var plant: Plant?

  /// What is printed at the end.
  struct Figures {
    var runs: UInt64 = 0
    var steps: UInt64 = 0
    var hangs: UInt64 = 0
    /// ns of CPU time
    var slowest: Int64 = 0
    var allowed: UInt64 = 0
    var slowed: UInt64 = 0
    var held: UInt64 = 0
    var halted: UInt64 = 0

    var text: String {
      "runs \(runs)\nsteps \(steps)\nslowest_us \(slowest / 1000)\nhangs \(hangs)\nallowed \(allowed)\nslowed \(slowed)\n"
        + "held \(held)\nhalted \(halted)\n"
    }
  }

  static func begin(_ all: [FuzzCell]) throws {
    let target = variable("ODCV_FUZZ_TARGET") ?? "step"
    out = variable("ODCV_FUZZ_OUT") ?? "."
    if let name = variable("ODCV_FUZZ_PLANT") {
      guard let named = Plant(rawValue: name) else { throw FuzzFinding("no bug is called \(name)") }
      plant = named
    }
    switch target {
    case "decode": decoder = DecodeTarget(all, plant: plant)
    case "step": cells = all
    default: throw FuzzFinding("no target is called \(target); there are decode and step")
    }
    atexit { Fuzzing.end() }
  }

  private static func end() { write(Array(figures.text.utf8), to: "\(out)/figures") }

  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  static func run(_ bytes: [UInt8]) {
    figures.runs += 1
    do throws(FuzzFinding) {
      let duration = try judge(bytes)
      if duration > figures.slowest {
        figures.slowest = duration
        write(bytes, to: "\(out)/slowest")
      }
      guard duration > stepLimit else { return }
      // Once may be the machine: an interrupt counts as this thread's time.
      var least = duration
      for _ in 0..<2 { least = min(least, try judge(bytes)) }
      guard least > stepLimit else { return }
      figures.hangs += 1
      print("fuzz: a step took \(least / 1000) µs")
      fflush(nil)
      write(bytes, to: "\(out)/hang-\(figures.hangs)")
      // One bug has many inputs.
      if figures.hangs >= 10 { exit(1) }
    } catch {
      print("fuzz: FINDING: \(error)")
      fflush(nil)
      // libFuzzer keeps the input of whoever traps.
      abort()
    }
  }

  /// Runs one input; CPU time of its slowest step, ns.
  private static func judge(_ bytes: [UInt8]) throws(FuzzFinding) -> Int64 {
    if decoder != nil {
      let start = threadNanoseconds()
      try decoder!.run(bytes)
      figures.steps += 1
      return threadNanoseconds() - start
    }
    var slowest: Int64 = 0
    for answer in try Script.play(bytes, in: cells, plant: plant) {
      figures.steps += 1
      slowest = max(slowest, answer.duration)
      switch answer.decision {
      case .allow: if answer.judged == .commanded { figures.allowed += 1 }
      case .slow: figures.slowed += 1
      case .hold: figures.held += 1
      case .halt: figures.halted += 1
      }
    }
    return slowest
  }

  static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "wb") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
