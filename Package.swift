// swift-tools-version: 6.2
import PackageDescription

// The rooms, from the core outwards. An import only ever points up this list.
let core: [Target] = [
  // Optimised in debug too: unoptimised vectors take milliseconds a step, and the daemon's tests run it live.
  .target(name: "CClearance", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
  .target(
    name: "ODCVCore", dependencies: ["CClearance"],
    // What is large is read by its address: see `Verdict.finding(at:)`.
    swiftSettings: [.enableExperimentalFeature("AddressableParameters")]),
]

let systemLibraries: [Target] = [
  .systemLibrary(name: "CZMQ"),
  .systemLibrary(name: "CProtobufC"),
  .systemLibrary(name: "CMuJoCo"),
  .systemLibrary(name: "CSodium"),
  .systemLibrary(name: "CZstd"),
  .systemLibrary(name: "CDeflate"),
]

let shells: [Target] = [
  .target(name: "ODCVResults"),
  .target(
    name: "COdcvProto", dependencies: ["CProtobufC"],
    linkerSettings: [.linkedLibrary("protobuf-c")]),
  .target(name: "ODCVYAML", dependencies: ["Yams"]),
  .target(name: "ODCVModel", dependencies: ["ODCVCore", "ODCVYAML", "CSodium"]),
  .target(name: "ODCVConfig", dependencies: ["ODCVCore", "ODCVModel", "ODCVYAML", "CSodium"]),
  .target(
    name: "ODCVWire", dependencies: ["CZMQ", "COdcvProto"],
    swiftSettings: [.strictMemorySafety()]),
  .target(name: "ODCVCodec", dependencies: ["ODCVCore", "ODCVConfig", "ODCVWire", "COdcvProto", "CSodium"]),
  .target(name: "ODCVEvidence", dependencies: ["CDeflate", "CLinux", "COdcvProto", "CSodium", "CZstd"]),
  .target(name: "ODCVConsole", dependencies: ["ODCVCore"]),
  .target(name: "CLinux"),
  .target(name: "ODCVDriver", dependencies: ["ODCVWire"], path: "clients/swift"),
  .target(name: "ODCVSim", dependencies: ["CMuJoCo", "ODCVWire", "ODCVYAML"]),
]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let executables: [Target] = [
  .executableTarget(
    name: "ODCVMonitor",
    dependencies: [
      "ODCVCore", "ODCVConfig", "ODCVModel", "ODCVWire", "ODCVCodec", "ODCVEvidence", "ODCVConsole",
      "ODCVResults", "CLinux", "CSodium", "CZMQ", "CProtobufC", argumentParser,
    ]),
  .executableTarget(
    name: "ODCVPressure",
    dependencies: [
      "ODCVCore", "ODCVConfig", "ODCVWire", "ODCVCodec", "ODCVSim", "ODCVYAML", "ODCVResults", argumentParser,
    ]),
  .executableTarget(name: "ODCVSimCommand", dependencies: ["ODCVSim", "ODCVWire", argumentParser]),
]

let tests: [Target] = [
  .target(name: "TestSupport", dependencies: ["ODCVCore"], path: "Tests/Support"),
  .testTarget(name: "ODCVCoreTests", dependencies: ["CClearance", "ODCVCore", "TestSupport"]),
  .executableTarget(name: "DistanceProbe", dependencies: ["ODCVCore"], path: "Tests/DistanceProbe"),
  .executableTarget(name: "DriverProbe", dependencies: ["ODCVDriver", "ODCVWire"], path: "Tests/drivers/swift"),
  .testTarget(name: "ODCVConfigTests", dependencies: ["ODCVConfig", "ODCVModel", "ODCVYAML", "TestSupport"]),
  .testTarget(name: "ODCVModelTests", dependencies: ["ODCVModel", "ODCVCore", "ODCVYAML", "TestSupport"]),
  .target(name: "WireSupport", dependencies: ["ODCVWire", "COdcvProto", "TestSupport"], path: "Tests/WireSupport"),
  .testTarget(name: "ODCVWireTests", dependencies: ["ODCVWire", "COdcvProto", "TestSupport", "WireSupport"]),
  .testTarget(
    name: "ODCVCodecTests",
    dependencies: ["ODCVCodec", "ODCVConfig", "ODCVWire", "ODCVCore", "COdcvProto", "TestSupport"]),
  .testTarget(name: "ODCVEvidenceTests", dependencies: ["ODCVEvidence", "EvidenceCrashWriter", "EvidenceChanges", "TestSupport"]),
  .executableTarget(
    name: "EvidenceCrashWriter", dependencies: ["ODCVEvidence"], path: "Tests/EvidenceCrashWriter"),
  .executableTarget(name: "EvidenceChanges", dependencies: ["ODCVEvidence"], path: "Tests/EvidenceChanges"),
  .testTarget(
    name: "ODCVSimTests",
    dependencies: ["ODCVSim", "ODCVCore", "ODCVCodec", "ODCVConfig", "ODCVWire", "ODCVYAML", "TestSupport"]),
  .testTarget(
    name: "ODCVMonitorTests",
    dependencies: [
      "ODCVMonitor", "ODCVConsole", "ODCVCore", "ODCVWire", "ODCVEvidence", "ODCVConfig", "DriverProbe", "TestSupport",
    ]),
  .testTarget(name: "ODCVPressureTests", dependencies: ["ODCVPressure", "ODCVResults", "TestSupport"]),
]

// What the fuzzer runs is a test of what it has kept. scripts/fuzz names libFuzzer's library and builds the other one, apart.
let fuzzed: [Target.Dependency] = [
  "ODCVCodec", "ODCVConfig", "ODCVWire", "ODCVCore", "COdcvProto", "TestSupport", "WireSupport",
]
let fuzzer: Target =
  if let library = Context.environment["ODCV_FUZZER_LIBRARY"] {
    .executableTarget(
      name: "ODCVFuzz", dependencies: fuzzed, path: "Tests/ODCVFuzzTests", exclude: ["Replay", "Corpus"],
      linkerSettings: [.unsafeFlags(["-Xlinker", library]), .linkedLibrary("stdc++")])
  } else {
    .testTarget(name: "ODCVFuzzTests", dependencies: fuzzed, exclude: ["Driver", "Corpus"])
  }

// Tests are built optimised, because what they test is: simulated cells and campaigns take half an hour otherwise. Their own code
// takes longer to optimise than it then saves.
let unoptimised = tests + [fuzzer]
for target in unoptimised where target.type == .test {
  target.swiftSettings = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}

// scripts/coverage counts what the core's tests run: it needs nothing else.
let isCoreAlone = Context.environment["ODCV_CORE_ALONE"] != nil
let coreTests = tests.filter { ["TestSupport", "ODCVCoreTests"].contains($0.name) }
// scripts/test has it done that way, and need not build the core's tests twice.
let otherTests = Context.environment["ODCV_CORE_APART"] == nil ? tests : tests.filter { $0.name != "ODCVCoreTests" }

let package = Package(
  name: "odcv",
  products: isCoreAlone ? [] : [
    .executable(name: "odcv-monitor", targets: ["ODCVMonitor"]),
    .executable(name: "odcv-pressure", targets: ["ODCVPressure"]),
    .executable(name: "odcv-sim", targets: ["ODCVSimCommand"]),
    .library(name: "ODCVCore", targets: ["ODCVCore"]),
    .library(name: "ODCVConfig", targets: ["ODCVConfig"]),
    .library(name: "ODCVWire", targets: ["ODCVWire"]),
    .library(name: "ODCVCodec", targets: ["ODCVCodec"]),
    .library(name: "ODCVDriver", targets: ["ODCVDriver"]),
  ],
  dependencies: isCoreAlone ? [] : [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: isCoreAlone ? core + coreTests : core + systemLibraries + shells + executables + otherTests + [fuzzer],
  swiftLanguageModes: [.v6]
)
