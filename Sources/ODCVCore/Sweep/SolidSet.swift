import CClearance

/// Solids as the kernel reads them: sixteen side by side for leaving far ones out, and one by one for the path.
///
/// Unchecked: what the kernel writes into it are results of the last search, read by the one who searched.
public struct SolidSet: ~Copyable, @unchecked Sendable {
  /// Most solids it can hold.
  public let capacity: Int
  public private(set) var solids: [Solid]
  /// What each is called in a finding.
  public private(set) var subjects: [Subject]
  private var places: [Place]
  private let boxGroups: Lanes<odcv_boxes>
  private let rodGroups: Lanes<odcv_rods>
  private let boxes: Lanes<odcv_box>
  private let rods: Lanes<odcv_rod>
  private let planes: Lanes<odcv_plane>
  private let boxSolids: Lanes<Int32>
  private let rodSolids: Lanes<Int32>
  private let planeSolids: Lanes<Int32>
  /// Largest distance of each from the origin of the frame, m.
  let sizes: Lanes<Double>
  private let isRough: Lanes<UInt8>
  private let slacks: Lanes<SIMD16<Float>>
  private let close: Lanes<Int32>
  /// What the kernel reads, at one place for its life.
  private let tables: Lanes<odcv_solids>

  private enum Place: Sendable { case box(Int), rod(Int), plane(Int) }

  /// A solid where the kernel reads it.
  enum Shape {
    case box(UnsafePointer<odcv_box>)
    case rod(UnsafePointer<odcv_rod>)
    case plane(UnsafePointer<odcv_plane>)
  }

  /// Room for `capacity` solids, seen from `capsules` capsules; within it nothing is allocated.
  init(capacity: Int, capsules: Int) {
    let groups = (capacity + SolidSet.lanes - 1) / SolidSet.lanes
    self.capacity = capacity
    solids = []
    subjects = []
    places = []
    solids.reserveCapacity(capacity)
    subjects.reserveCapacity(capacity)
    places.reserveCapacity(capacity)
    boxGroups = Lanes(repeating: odcv_boxes(), count: groups)
    rodGroups = Lanes(repeating: odcv_rods(), count: groups)
    boxes = Lanes(repeating: odcv_box(), count: capacity)
    rods = Lanes(repeating: odcv_rod(), count: capacity)
    planes = Lanes(repeating: odcv_plane(), count: capacity)
    boxSolids = Lanes(repeating: 0, count: capacity)
    rodSolids = Lanes(repeating: 0, count: capacity)
    planeSolids = Lanes(repeating: 0, count: capacity)
    sizes = Lanes(repeating: 0, count: capacity)
    isRough = Lanes(repeating: 0, count: capacity)
    slacks = Lanes(repeating: SIMD16(), count: capsules * (groups + 1))
    close = Lanes(repeating: 0, count: capsules * capacity)
    tables = Lanes(repeating: odcv_solids(), count: 1)
    tables.base.pointee.box_groups = UnsafePointer(boxGroups.base)
    tables.base.pointee.rod_groups = UnsafePointer(rodGroups.base)
    tables.base.pointee.boxes = UnsafePointer(boxes.base)
    tables.base.pointee.rods = UnsafePointer(rods.base)
    tables.base.pointee.planes = UnsafePointer(planes.base)
    tables.base.pointee.box_solids = UnsafePointer(boxSolids.base)
    tables.base.pointee.rod_solids = UnsafePointer(rodSolids.base)
    tables.base.pointee.plane_solids = UnsafePointer(planeSolids.base)
    tables.base.pointee.sizes = UnsafePointer(sizes.base)
    tables.base.pointee.is_rough = UnsafePointer(isRough.base)
    tables.base.pointee.slacks = slacks.base
    tables.base.pointee.close = close.base
  }

  private static let lanes = Int(ODCV_LANES)

  public var count: Int { solids.count }

  public mutating func removeAll() {
    solids.removeLast(solids.count)
    subjects.removeLast(subjects.count)
    places.removeLast(places.count)
    tables.base.pointee.box_count = 0
    tables.base.pointee.rod_count = 0
    tables.base.pointee.plane_count = 0
    tables.base.pointee.count = 0
    tables.base.pointee.rough_count = 0
    tables.base.pointee.largest = 0
  }

  public mutating func append(_ solid: Solid, as subject: Subject) {
    precondition(solids.count < capacity)
    let index = solids.count
    solids.append(solid)
    subjects.append(subject)
    isRough[index] = 0
    switch solid {
    case .box(let box): add(box, index)
    case .capsule(let capsule): add(capsule, index)
    case .halfSpace(let half): add(half, index)
    case .hull(let hull):
      // The box around it stands for it; the exact stage looks at the hull itself.
      add(Box(around: hull), index)
      isRough[index] = 1
      tables.base.pointee.rough_count += 1
    }
    tables.base.pointee.count += 1
    tables.base.pointee.largest = max(tables.base.pointee.largest, sizes[index])
  }

  private mutating func add(_ box: Box, _ index: Int) {
    let count = Int(tables.base.pointee.box_count)
    let (group, lane) = (count / SolidSet.lanes, count % SolidSet.lanes)
    boxes[count] = odcv_box(box)
    if lane == 0 { boxGroups.base[group].clear() }
    boxGroups.base[group].set(lane, boxes[count])
    boxSolids[count] = Int32(index)
    tables.base.pointee.box_count += 1
    places.append(.box(count))
    sizes[index] = box.pose.translation.length + box.halfExtents.length
  }

  private mutating func add(_ capsule: Capsule, _ index: Int) {
    let count = Int(tables.base.pointee.rod_count)
    let (group, lane) = (count / SolidSet.lanes, count % SolidSet.lanes)
    rods[count] = odcv_rod(capsule)
    if lane == 0 { rodGroups.base[group].clear() }
    rodGroups.base[group].set(lane, rods[count])
    rodSolids[count] = Int32(index)
    tables.base.pointee.rod_count += 1
    places.append(.rod(count))
    sizes[index] = max(capsule.a.length, capsule.b.length) + capsule.radius
  }

  private mutating func add(_ half: HalfSpace, _ index: Int) {
    let count = Int(tables.base.pointee.plane_count)
    planes[count] = odcv_plane(
      normal: (Float(half.normal.x), Float(half.normal.y), Float(half.normal.z)), offset: Float(half.offset))
    planeSolids[count] = Int32(index)
    tables.base.pointee.plane_count += 1
    places.append(.plane(count))
    sizes[index] = abs(half.offset)
  }

  // MARK: - What the kernel is asked

  var pointer: UnsafePointer<odcv_solids> { UnsafePointer(tables.base) }

  /// Some of the boxes stand for hulls inside them.
  var holdsHulls: Bool { tables.base.pointee.rough_count > 0 }

  func shape(_ solid: Int) -> Shape {
    switch places[solid] {
    case .box(let index): .box(UnsafePointer(boxes.base + index))
    case .rod(let index): .rod(UnsafePointer(rods.base + index))
    case .plane(let index): .plane(UnsafePointer(planes.base + index))
    }
  }

  /// A pair that the last search left to the caller.
  func close(_ index: Int) -> (capsule: Int, solid: Int) {
    let pair = Int(close[index])
    return (pair / count, pair % count)
  }
}

extension Box {
  /// The least box along the axes of the frame that holds a hull.
  init(around hull: ConvexHull) {
    var low = Vector3(.infinity, .infinity, .infinity)
    var high = Vector3(-.infinity, -.infinity, -.infinity)
    for vertex in hull.vertices {
      low = Vector3(min(low.x, vertex.x), min(low.y, vertex.y), min(low.z, vertex.z))
      high = Vector3(max(high.x, vertex.x), max(high.y, vertex.y), max(high.z, vertex.z))
    }
    let padding = Vector3(hull.padding, hull.padding, hull.padding)
    self.init(
      pose: Pose(rotation: .identity, translation: 0.5 * (low + high)), halfExtents: 0.5 * (high - low) + padding)
  }
}

// MARK: - Shapes of the kernel

extension odcv_box {
  init(_ box: Box) {
    let (c, r, h) = (box.pose.translation, box.pose.rotation, box.halfExtents)
    self.init(
      center: (Float(c.x), Float(c.y), Float(c.z)),
      columns: (
        Float(r.x.x), Float(r.x.y), Float(r.x.z), Float(r.y.x), Float(r.y.y), Float(r.y.z), Float(r.z.x), Float(r.z.y),
        Float(r.z.z)
      ),
      half: (Float(h.x), Float(h.y), Float(h.z)))
  }
}

extension odcv_rod {
  init(_ capsule: Capsule) {
    let d = capsule.b - capsule.a
    self.init(
      a: (Float(capsule.a.x), Float(capsule.a.y), Float(capsule.a.z)), d: (Float(d.x), Float(d.y), Float(d.z)),
      radius: Float(capsule.radius))
  }
}

/// Farther than anything that can be placed: where no solid is.
private let nowhere: Float = 1e6

extension odcv_boxes {
  fileprivate mutating func clear() {
    self = odcv_boxes()
    center.0 = SIMD16(repeating: nowhere)
    columns.0 = SIMD16(repeating: 1)
    columns.4 = SIMD16(repeating: 1)
    columns.8 = SIMD16(repeating: 1)
  }

  fileprivate mutating func set(_ lane: Int, _ box: odcv_box) {
    (center.0[lane], center.1[lane], center.2[lane]) = box.center
    let c = box.columns
    (columns.0[lane], columns.1[lane], columns.2[lane]) = (c.0, c.1, c.2)
    (columns.3[lane], columns.4[lane], columns.5[lane]) = (c.3, c.4, c.5)
    (columns.6[lane], columns.7[lane], columns.8[lane]) = (c.6, c.7, c.8)
    (half.0[lane], half.1[lane], half.2[lane]) = box.half
  }
}

extension odcv_rods {
  fileprivate mutating func clear() {
    self = odcv_rods()
    a.0 = SIMD16(repeating: nowhere)
  }

  fileprivate mutating func set(_ lane: Int, _ rod: odcv_rod) {
    (a.0[lane], a.1[lane], a.2[lane]) = rod.a
    (d.0[lane], d.1[lane], d.2[lane]) = rod.d
    radius[lane] = rod.radius
  }
}
