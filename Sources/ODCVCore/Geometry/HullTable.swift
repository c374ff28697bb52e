/// Where a hull's numbers lie, for the distance functions: a value without references, so that passing it counts none.
///
/// It is good for as long as what it was borrowed from: the closure of `ConvexHull.withView`, the life of a `HullTable`.
public struct HullView {
  let vertices: UnsafeBufferPointer<Vector3>
  let faces: UnsafeBufferPointer<ConvexHull.Face>
  let edges: UnsafeBufferPointer<ConvexHull.Edge>
  /// As in `ConvexHull`.
  public let padding: Double
  public let gap: Double
}

extension ConvexHull {
  /// Borrows the hull's numbers.
  @inline(__always)
  public func withView<Result>(_ body: (HullView) -> Result) -> Result {
    vertices.withUnsafeBufferPointer { vertices in
      faces.withUnsafeBufferPointer { faces in
        edges.withUnsafeBufferPointer { edges in
          body(HullView(vertices: vertices, faces: faces, edges: edges, padding: padding, gap: gap))
        }
      }
    }
  }
}

/// All hulls of an arm, made once, for a loop that must not count references: reading a hull out of an array counts one for
/// each of its arrays.
///
/// Unchecked: its memory is written in `init` and never after.
public struct HullTable: ~Copyable, @unchecked Sendable {
  private let views: UnsafeMutableBufferPointer<HullView>

  public init(_ hulls: [ConvexHull]) {
    views = .allocate(capacity: hulls.count)
    for (index, hull) in hulls.enumerated() {
      let view = HullView(
        vertices: copied(hull.vertices), faces: copied(hull.faces), edges: copied(hull.edges), padding: hull.padding,
        gap: hull.gap)
      views.initializeElement(at: index, to: view)
    }
  }

  deinit {
    for view in views {
      view.vertices.deallocate()
      view.faces.deallocate()
      view.edges.deallocate()
    }
    views.deallocate()
  }

  public var count: Int { views.count }

  public subscript(_ index: Int) -> HullView { views[index] }
}

private func copied<Element>(_ values: [Element]) -> UnsafeBufferPointer<Element> {
  let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: values.count)
  _ = memory.initialize(from: values)
  return UnsafeBufferPointer(memory)
}
