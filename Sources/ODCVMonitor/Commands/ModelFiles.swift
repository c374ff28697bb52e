import Foundation
import ODCVConfig
import ODCVCore
import ODCVModel

/// The two files of an imported model. They appear under their names only when they have been read back and proved.
struct ModelFiles {
  let robot: String
  let shapes: String
  private let directory: String
  private let robotName: String
  private let shapesName: String

  /// - Parameter replaces: files of these names may be there already
  init(out: String, replaces: Bool) throws {
    let url = URL(fileURLWithPath: out)
    robotName = url.lastPathComponent
    guard ["yaml", "yml"].contains(url.pathExtension) else {
      throw Stop(.usage, "--out \(out): a robot file is YAML; write a name that ends in .yaml")
    }
    shapesName = url.deletingPathExtension().lastPathComponent + ".shapes.yaml"
    let above = (out as NSString).deletingLastPathComponent
    directory = above.isEmpty ? "." : above
    robot = out
    shapes = above.isEmpty ? shapesName : "\(above)/\(shapesName)"
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
      throw Stop(.usage, "--out \(out): there is no directory `\(directory)`; make it first")
    }
    guard !replaces else { return }
    for path in [robot, shapes] where FileManager.default.fileExists(atPath: path) {
      throw Stop(.usage, "\(path): is there already, maybe edited by hand; name another file with --out, or add --force to replace it")
    }
  }

  func write(_ model: FittedModel, source: String, licence: String) throws {
    let temporary = "\(directory)/.\(robotName).\(getpid())"
    guard mkdir(temporary, 0o755) == 0 else {
      throw Stop(.usage, "\(directory): \(errorText()); name a directory that you may write to")
    }
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    let writer = ModelWriter(source: source, licence: licence, shapesFile: shapesName)
    for (name, text) in [(shapesName, writer.shapesFile(model)), (robotName, writer.robotFile(model))] {
      guard writeFile("\(temporary)/\(name)", Array(text.utf8)) else {
        throw Stop(.usage, "\(directory)/\(name): \(errorText()); free some space, or name another directory")
      }
    }
    try prove("\(temporary)/\(robotName)", model)
    // The robot file last: it is the one that names the other.
    for (name, final) in [(shapesName, shapes), (robotName, robot)] {
      guard rename("\(temporary)/\(name)", final) == 0 else {
        throw Stop(.usage, "\(final): \(errorText()); name another file with --out")
      }
    }
  }

  /// Reads the files back as the monitor would, and checks them against the meshes.
  private func prove(_ path: String, _ model: FittedModel) throws {
    let contents: RobotFile.Contents
    do throws(ConfigError) { contents = try RobotFile.contents(path: path) } catch {
      throw Stop(.failed, "the imported model does not load: \(error)")
    }
    guard let certificate = contents.certificate else {
      throw Stop(.failed, "the imported model has no certificate")
    }
    let failures = CertificateChecker.failures(certificate, of: contents.model, against: model.arm.described)
    guard failures.isEmpty else {
      throw Stop(
        .failed, "the fit does not hold the meshes, so nothing is written: \(failures.map(\.description).joined(separator: "; "))")
    }
  }
}

/// What an import or a proof found, for people and for programs.
struct ModelReport {
  private let arm: ImportedModel
  private let assumed: [String]
  private let links: [(name: String, capsules: Int, capsuleGap: Double, hullGap: Double, elements: [ImportedElement])]

  init(_ model: FittedModel, failures: [CertificateFailure]) {
    arm = model.arm
    assumed = model.declarations.assumed
    links = model.fits.map { fit in
      let link = model.arm.links[fit.link]
      return (
        link.name, fit.cells.count, fit.cells.map(\.capsuleGap).max() ?? 0, fit.cells.map(\.hull.gap).max() ?? 0, link.elements
      )
    }
  }

  var lines: [String] {
    var lines = ["\(arm.name): \(arm.joints.count) joints, \(arm.links.count) links, \(arm.selfPairs.count) self pairs"]
    for link in links {
      lines.append(
        "  \(link.name): \(link.capsules) capsules, gap at most \(millimetres(link.capsuleGap)) mm (hulls \(millimetres(link.hullGap)) mm)")
    }
    for link in arm.links { if let reason = link.withoutShape { lines.append("  \(link.name): no shape: \(reason)") } }
    for pair in arm.uncheckedPairs { lines.append("NOT CHECKED: \(pair.first), \(pair.second): \(pair.reason)") }
    for note in arm.notes { lines.append("note: \(note)") }
    if !assumed.isEmpty {
      lines.append("ASSUMED, because no URDF says it and --declarations does not either: \(assumed.joined(separator: ", "))")
    }
    return lines
  }

  func json(robot: String, shapes: String) -> JSON {
    .object([
      ("robot", .string(robot)), ("shapes", .string(shapes)), ("name", .string(arm.name)), ("verified", .bool(true)),
      ("joints", .array(arm.joints.map { .string($0.name) })),
      (
        "links",
        .array(
          links.map { link in
            .object([
              ("name", .string(link.name)), ("capsules", .integer(Int64(link.capsules))),
              ("gap_mm", .number(rounded(link.capsuleGap))), ("hull_gap_mm", .number(rounded(link.hullGap))),
              ("meshes", .array(link.elements.map { self.mesh($0) })),
            ])
          })
      ),
      (
        "no_shape",
        .array(
          arm.links.compactMap { link in
            link.withoutShape.map { .object([("link", .string(link.name)), ("reason", .string($0))]) }
          })
      ),
      ("self_pairs", .array(arm.selfPairs.map { .array([.string(arm.links[$0.first].name), .string(arm.links[$0.second].name)]) })),
      (
        "not_checked",
        .array(
          arm.uncheckedPairs.map {
            .object([("first", .string($0.first)), ("second", .string($0.second)), ("reason", .string($0.reason))])
          })
      ),
      ("assumed", .array(assumed.map { .string($0) })), ("notes", .array(arm.notes.map { .string($0) })),
    ])
  }

  private func mesh(_ element: ImportedElement) -> JSON {
    let report = element.report
    return .object([
      ("file", .string(element.reference.file)), ("sha256", .string(element.reference.sha256)),
      ("triangles", .integer(Int64(report.triangles))), ("closed", .bool(report.isClosed)),
      ("oriented", .bool(report.isConsistentlyOriented)), ("open_edges", .integer(Int64(report.boundaryEdges))),
      ("widest_hole_mm", .number(rounded(element.widestHole))), ("volume_m3", .number(report.volume)),
      ("extents_m", .array([.number(report.extents.x), .number(report.extents.y), .number(report.extents.z)])),
    ])
  }

  private func rounded(_ metres: Double) -> Double { (metres * 1e6).rounded() / 1e3 }
  private func millimetres(_ metres: Double) -> String { String(format: "%.2f", metres * 1000) }
}
