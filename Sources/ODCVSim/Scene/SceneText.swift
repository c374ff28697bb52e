import CMuJoCo

#if canImport(Glibc)
  import Glibc
#endif

/// A cell that a scenario's file describes by boxes, written as MuJoCo wants it.
struct SceneText {
  /// A fixed box along the axes of the arm's base frame, m.
  struct Fixture: Sendable, Equatable {
    var name: String
    var center: SIMD3<Double>
    var size: SIMD3<Double>
    /// N/m that its top gives way with to what presses on it; `nil`: hard.
    var stiffness: Double?
  }

  /// The arm's MJCF file.
  var arm: String
  var fixtures: [Fixture]

  var xml: String {
    let boxes = fixtures.map { box -> String in
      let half = box.size * 0.5
      // What gives way is no matter of MuJoCo's constraints, which are as stiff as what presses on them.
      let soft = box.stiffness.map { _ in #" contype="0" conaffinity="0""# } ?? ""
      return #"<geom class="cell" name="\#(box.name)" pos="\#(text(box.center))" size="\#(text(half))"\#(soft)/>"#
    }
    return """
      <mujoco model="cell">
        <include file="\(arm)"/>
        <default><default class="cell">
          <geom type="box" contype="2" conaffinity="1" friction="0.4 0.005 0.0001"/>
        </default></default>
        <worldbody>\(boxes.joined())</worldbody>
      </mujoco>
      """
  }

  private func text(_ v: SIMD3<Double>) -> String { "\(v.x) \(v.y) \(v.z)" }

  /// Compiles it, out of memory: nothing is written.
  func compiled() throws(SimError) -> SceneModel {
    var whole = self
    whole.arm = "arm.xml"
    let files = [("cell.xml", Array(whole.xml.utf8)), ("arm.xml", try Self.read(arm))]
    // Some megabytes: not for the stack.
    let memory = UnsafeMutablePointer<mjVFS>.allocate(capacity: 1)
    defer { memory.deallocate() }
    mj_defaultVFS(memory)
    defer { mj_deleteVFS(memory) }
    for (name, bytes) in files {
      guard mj_makeEmptyFileVFS(memory, name, Int32(bytes.count)) == 0 else {
        throw SimError("\(arm): MuJoCo has no memory for the cell; run fewer at once")
      }
      let index = mj_findFileVFS(memory, name)
      let data = withUnsafePointer(to: &memory.pointee.filedata) {
        $0.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: Int(index) + 1) { $0[Int(index)] }
      }
      data?.copyMemory(from: bytes, byteCount: bytes.count)
    }
    return try SceneModel(
      path: "cell.xml", in: memory, named: arm,
      soft: Dictionary(uniqueKeysWithValues: fixtures.compactMap { box in box.stiffness.map { (box.name, $0) } }))
  }

  private static func read(_ path: String) throws(SimError) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw SimError("\(path): can't be read; name the arm's MJCF under `arm`") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
  }
}
