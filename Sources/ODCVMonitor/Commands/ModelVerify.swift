import ArgumentParser
import ODCVConfig
import ODCVCore
import ODCVModel

/// Proves a robot file against its URDF and meshes.
struct ModelVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that a robot file's capsules and hulls hold the meshes of its URDF, and that both move alike.",
    discussion: "Ends with 0 when it does, 1 when it does not, and names every link and mesh that fails.")

  @Argument(help: "The robot file, as `model import` wrote it.")
  var file: String

  @OptionGroup var source: DescriptionOptions

  func run() throws {
    let contents: RobotFile.Contents
    do throws(ConfigError) { contents = try RobotFile.contents(path: file) } catch { throw Stop(.usage, "\(error)") }
    guard let certificate = contents.certificate else {
      throw Stop(.usage, "\(file): there is no `certificate` to prove; make the file with `odcv-monitor model import`")
    }
    let own = contents.model.withoutTool(links: contents.ownLinkCount)
    let description = try source.description()
    let arm = try model { () throws(ImportError) in
      try ModelBuilder.build(
        description, collisions: nil, packages: source.packages,
        options: ImportOptions(of: own, certificate: certificate, description: description))
    }
    let failures = CertificateChecker.failures(certificate, of: own, against: arm.described)
    let capsules = own.capsules.count
    if source.json {
      tell(
        JSON.object([
          ("robot", .string(file)), ("verified", .bool(failures.isEmpty)), ("links", .integer(Int64(own.links.count))),
          ("capsules", .integer(Int64(capsules))), ("hulls", .integer(Int64(own.hulls.count))),
          (
            "failures",
            .array(
              failures.map {
                .object([
                  ("link", .string($0.link)), ("mesh", $0.mesh.map { .string($0) } ?? .null), ("what", .string($0.what)),
                  ("amount", .optional($0.amount)),
                ])
              })
          ),
          ("notes", .array(arm.notes.map { .string($0) })),
        ]).line)
    } else {
      for note in arm.notes { tell("note: \(note)") }
      for failure in failures { tell("FAILED: \(failure)") }
      if failures.isEmpty {
        tell("proved: \(capsules) capsules and \(own.hulls.count) hulls hold the meshes of \(certificate.links.count) links")
      }
    }
    if !failures.isEmpty { throw Stop(.violations, "") }
  }
}

extension RobotModel {
  /// The robot file's own part; a tool's links, and with them its capsules and hulls, come after.
  func withoutTool(links count: Int) -> RobotModel {
    var model = self
    model.links = Array(links[..<count])
    model.capsules = capsules.filter { $0.link < count }
    model.selfPairs = selfPairs.filter { $0.first < count && $0.second < count }
    return model
  }
}
