import Foundation
import FoundationXML
import ODCVCore

/// The shapes in one of the simulator's MJCF files, read independently of the simulator and of MuJoCo.
final class SimulatorShapes: NSObject, XMLParserDelegate {
  struct Geom {
    var name: String
    /// The body that carries it; empty for the world.
    var body: String
    var attributes: [String: String]

    func numbers(_ key: String) -> [Double] {
      (attributes[key] ?? "").split(separator: " ").compactMap { Double($0) }
    }

    /// Both ends and the radius; `nil` when it is no capsule given by its ends.
    var capsule: Capsule? {
      let (ends, size) = (numbers("fromto"), numbers("size"))
      guard attributes["type"] ?? "capsule" == "capsule", ends.count == 6, size.count == 1 else { return nil }
      return Capsule(
        a: Vector3(ends[0], ends[1], ends[2]), b: Vector3(ends[3], ends[4], ends[5]), radius: size[0])
    }

    /// The corners of an axis-aligned box; `nil` when it is none.
    var corners: [Vector3]? {
      let (pos, half) = (numbers("pos"), numbers("size"))
      guard pos.count == 3, half.count == 3, attributes["euler"] == nil, attributes["quat"] == nil else { return nil }
      return (0..<8).map { corner in
        func side(_ axis: Int) -> Double { pos[axis] + (corner & (1 << axis) == 0 ? -half[axis] : half[axis]) }
        return Vector3(side(0), side(1), side(2))
      }
    }
  }

  private(set) var geoms: [Geom] = []
  private var bodies: [String] = []
  private var depthOfDefaults = 0

  struct Unreadable: Error { var path: String }

  init(path: String) throws {
    super.init()
    guard let data = FileManager.default.contents(atPath: path) else { throw Unreadable(path: path) }
    let parser = XMLParser(data: data)
    parser.delegate = self
    guard parser.parse() else { throw Unreadable(path: path) }
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    switch element {
    case "default": depthOfDefaults += 1
    case "body": bodies.append(attributes["name"] ?? "")
    case "geom" where depthOfDefaults == 0:
      geoms.append(Geom(name: attributes["name"] ?? "", body: bodies.last ?? "", attributes: attributes))
    default: break
    }
  }

  func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
    switch element {
    case "default": depthOfDefaults -= 1
    case "body": bodies.removeLast()
    default: break
    }
  }
}

/// Least distance from `point` to the segment of `capsule`.
func axisDistance(_ point: Vector3, _ capsule: Capsule) -> Double {
  let along = capsule.b - capsule.a
  let square = along.lengthSquared
  let t = square > 0 ? max(0, min(1, (point - capsule.a).dot(along) / square)) : 0
  return (point - (capsule.a + t * along)).length
}

/// How much room `outer` leaves around `inner` everywhere; negative when it does not hold it. Both are convex, so the two
/// end balls of `inner` decide.
func room(in outer: Capsule, around inner: Capsule) -> Double {
  outer.radius - max(axisDistance(inner.a, outer), axisDistance(inner.b, outer)) - inner.radius
}

/// The greatest distance from any point of `outer` to `inner`. Distance to a convex set is convex, so `outer`'s two end
/// balls decide.
func gap(of outer: Capsule, around inner: Capsule) -> Double {
  max(axisDistance(outer.a, inner), axisDistance(outer.b, inner)) + outer.radius - inner.radius
}
