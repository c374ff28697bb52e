import ArgumentParser
import Foundation
import ODCVConfig
import ODCVCore
import ODCVModel
import ODCVYAML

/// Robot models from URDF and meshes.
struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a robot file from a URDF and its meshes, and prove one against them.",
    subcommands: [ModelImport.self, ModelVerify.self])
}

/// Where a description and its meshes are.
struct DescriptionOptions: ParsableArguments {
  @Option(help: "The robot's URDF file (expanded, not xacro).")
  var urdf: String

  @Option(name: .customLong("package-path"), help: "A directory that holds the packages of package:// paths. May be repeated.")
  var packagePath: [String] = []

  @Flag(help: "One JSON line.")
  var json = false

  var packages: PackagePaths { PackagePaths(directories: packagePath, urdf: urdf) }

  /// Reads the URDF; what is wrong with it ends the command with status 2.
  func description() throws -> RobotDescription { try model { () throws(ImportError) in try URDFReader.load(path: urdf) } }
}

/// Runs a piece of import; what is wrong with the description ends the command with status 2.
func model<Result>(_ body: () throws(ImportError) -> Result) throws -> Result {
  do throws(ImportError) { return try body() } catch { throw Stop(.usage, "\(error)") }
}

/// Fits a robot model to a URDF.
struct ModelImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a robot file and its shapes file from a URDF, and prove them.",
    discussion: """
      Fits capsules and convex hulls that hold the collision meshes of every link, writes them with a certificate, and \
      proves the certificate before it reports success. Nothing is written when anything is wrong. What no URDF says (how \
      the arm's driver moves, stops and measures) comes from --declarations; what is missing there is assumed with care \
      and listed.
      """)

  @OptionGroup var source: DescriptionOptions

  @Option(help: "SRDF file with the pairs of links that need no check.")
  var srdf: String?

  @Option(help: "The robot file to write; the shapes file NAME.shapes.yaml goes beside it.")
  var out: String

  @Flag(help: "Replace files of these names.")
  var force = false

  @Option(help: "YAML file with accelerations, tracking, stopping, measurement, tcp, as a robot file has them.")
  var declarations: String?

  @Option(help: "The link that stands still, when it is not the URDF's first with a shape.")
  var base: String?

  @Option(help: "The link at the arm's end, when the chain branches before it.")
  var tip: String?

  @Option(help: "JOINT=VALUE: hold a joint that is not the arm's, rad or m. May be repeated.")
  var fix: [String] = []

  @Option(help: "A prismatic joint that is not the arm's: hold all that its links sweep. May be repeated.")
  var sweep: [String] = []

  @Option(name: .customLong("no-shape"), help: "LINK=REASON: why a link without collision geometry needs none. May be repeated.")
  var withoutShape: [String] = []

  @Option(help: "The model's name, when it is not the URDF's.")
  var name: String?

  @Option(help: "Licence of the URDF and its meshes, kept in the files.")
  var licence = "that of the URDF and its meshes; not stated at import"

  @Option(help: "Where the URDF comes from, kept in the files.")
  var provenance: String?

  func run() throws {
    let files = try ModelFiles(out: out, replaces: force)
    let description = try source.description()
    let matrix = try srdf.map { path in try model { () throws(ImportError) in try SRDFReader.load(path: path, robot: description) } }
    let options = ImportOptions(
      base: base, tip: tip, fixed: try fixed(), swept: sweep, withoutShape: try pairs(withoutShape, "--no-shape", "LINK=REASON"))
    var arm = try model { () throws(ImportError) in
      try ModelBuilder.build(description, collisions: matrix, packages: source.packages, options: options)
    }
    if let name { arm.name = name }
    let fitted = try fit(arm)
    try files.write(fitted, source: try provenanceText(), licence: licence)
    let report = ModelReport(fitted, failures: [])
    if source.json {
      tell(report.json(robot: files.robot, shapes: files.shapes).line)
    } else {
      for line in report.lines { tell(line) }
      tell("proved and written: \(files.robot), \(files.shapes)")
    }
  }

  private func fit(_ arm: ImportedModel) throws -> FittedModel {
    let declared: Declarations
    do throws(YAMLError) { declared = try Declarations.load(path: declarations, for: arm) } catch { throw Stop(.usage, "\(error)") }
    let limits = try model { () throws(ImportError) in try declared.limits(of: arm, urdf: source.urdf) }
    var fits: [FittedLink] = []
    let shaped = arm.links.indices.filter { !arm.links[$0].elements.isEmpty }
    let progress = ProgressLine()
    for (place, index) in shaped.enumerated() {
      let link = arm.links[index]
      progress.show("fitting \(link.name) (\(place + 1) of \(shaped.count))")
      do throws(FitError) {
        fits.append(try LinkFitter.fit(link.elements.map(\.mesh), link: index))
      } catch {
        progress.clear()
        let file = error.element.map { " (`\(link.elements[$0].reference.file)`)" } ?? ""
        throw Stop(.usage, "\(source.urdf): link `\(link.name)`\(file): \(error); correct its collision geometry")
      }
    }
    progress.clear()
    return FittedModel(arm, fits: fits, limits: limits, declarations: declared)
  }

  private func provenanceText() throws -> String {
    let file = source.urdf.split(separator: "/").last.map(String.init) ?? source.urdf
    return (provenance.map { $0 + "; " } ?? "") + "URDF \(file)" + (srdf.map { " with SRDF \($0.split(separator: "/").last ?? "")" } ?? "")
  }

  private func fixed() throws -> [String: Double] {
    var found: [String: Double] = [:]
    for (joint, text) in try pairs(fix, "--fix", "JOINT=VALUE") {
      guard let value = Double(text), value.isFinite else {
        throw Stop(.usage, "--fix \(joint)=\(text): `\(text)` is no finite number; write rad or m")
      }
      found[joint] = value
    }
    return found
  }

  private func pairs(_ given: [String], _ option: String, _ shape: String) throws -> [String: String] {
    var found: [String: String] = [:]
    for text in given {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, found[parts[0]] == nil else {
        throw Stop(.usage, "\(option) `\(text)`: write \(option) \(shape), once for each")
      }
      found[parts[0]] = parts[1]
    }
    return found
  }
}

/// Overwrites itself on a terminal; on anything else it says nothing.
struct ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1

  func show(_ text: String) { put("\r\u{1b}[K\(text)") }
  func clear() { put("\r\u{1b}[K") }

  private func put(_ text: String) {
    guard isTerminal else { return }
    var text = text
    text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
