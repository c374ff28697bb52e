import Foundation

/// The Python of the tests' virtual environment (`scripts/install --test`), for oracles written in another language.
public enum Python {
  /// The repository.
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  public static let interpreter = root.appendingPathComponent(".venv/bin/python")

  /// Whether Python and protoc are there.
  public static var isReady: Bool {
    FileManager.default.isExecutableFile(atPath: interpreter.path)
      && FileManager.default.isExecutableFile(atPath: "/usr/bin/protoc")
  }

  /// A process that runs `script` of the repository; not started yet. Modules of the schema are in `modules`.
  public static func process(_ script: String, _ arguments: [String], modules: URL) -> Process {
    let process = Process()
    process.executableURL = interpreter
    process.arguments = [root.appendingPathComponent(script).path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": modules.path]) { $1 }
    return process
  }

  /// Makes the Python package `odcv`, as an installation of `python/` would, in a new directory, which the caller removes.
  public static func package() throws -> URL {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-package-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let package = directory.appendingPathComponent("odcv")
    try FileManager.default.copyItem(at: root.appendingPathComponent("python/odcv"), to: package)
    let process = Process()
    process.executableURL = interpreter
    process.arguments = [root.appendingPathComponent("python/generate.py").path, package.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return directory
  }

  /// Makes the schema's Python modules in a new directory, which the caller removes.
  public static func schemaModules() throws -> URL {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("odcv-proto-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let proto = root.appendingPathComponent("proto")
    let files = try FileManager.default.contentsOfDirectory(atPath: proto.appendingPathComponent("odcv/v1").path)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/protoc")
    process.arguments =
      ["-I", proto.path, "--python_out=\(directory.path)"] + files.sorted().map { "\(proto.path)/odcv/v1/\($0)" }
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return directory
  }
}
