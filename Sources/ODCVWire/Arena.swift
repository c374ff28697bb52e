import COdcvProto

/// Memory for the messages of one turn: protobuf-c takes pieces of it one after another, and `reset` takes all back.
///
/// A fixed arena never allocates after it is made, and refuses what does not fit. A growing one adds slabs. Pointers
/// into an arena end with its next `reset`. Owned by one thread.
@safe public struct Arena: ~Copyable {
  /// What `MessageBounds` lets through fits in this, unpacked.
  public static let messageCapacity = 1 << 20

  private let state: UnsafeMutablePointer<ArenaState>

  public init(capacity: Int = Arena.messageCapacity, growing: Bool = false) {
    precondition(capacity >= 0)
    let state = UnsafeMutablePointer<ArenaState>.allocate(capacity: 1)
    unsafe state.initialize(
      to: ArenaState(
        allocator: ProtobufCAllocator(
          alloc: { unsafe $0!.assumingMemoryBound(to: ArenaState.self).pointee.allocate($1) },
          free: { _, _ in },
          allocator_data: state),
        base: .allocate(byteCount: capacity, alignment: ArenaState.alignment),
        capacity: capacity, growing: growing))
    unsafe self.state = unsafe state
  }

  deinit {
    unsafe state.pointee.freeSlabs()
    unsafe state.pointee.base.deallocate()
    unsafe state.deallocate()
  }

  /// Takes everything back. Every pointer into the arena ends here.
  public mutating func reset() {
    unsafe state.pointee.reset()
  }

  /// Bytes handed out since the last reset.
  public var used: Int { unsafe state.pointee.handedOut }

  /// `nil` when a fixed arena is exhausted. The memory is not initialised.
  public mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    unsafe state.pointee.allocate(byteCount)
  }

  /// As protobuf-c wants it; ends with the arena.
  var allocator: UnsafeMutablePointer<ProtobufCAllocator> {
    // The allocator is the state's first member, so both have the same address.
    unsafe UnsafeMutableRawPointer(state).assumingMemoryBound(to: ProtobufCAllocator.self)
  }
}

@safe private struct ArenaState {
  static let alignment = 16
  static let slabBytes = 1 << 16

  var allocator: ProtobufCAllocator
  /// The first slab.
  var base: UnsafeMutableRawPointer
  var capacity: Int
  var growing: Bool
  var handedOut = 0
  /// Where the next piece comes from.
  var next: UnsafeMutableRawPointer
  var left: Int
  /// The newest added slab; each begins with a pointer to the one before.
  var slabs: UnsafeMutableRawPointer?

  init(allocator: ProtobufCAllocator, base: UnsafeMutableRawPointer, capacity: Int, growing: Bool) {
    unsafe self.allocator = unsafe allocator
    unsafe self.base = unsafe base
    self.capacity = capacity
    self.growing = growing
    unsafe next = unsafe base
    left = capacity
  }

  mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, size <= Int.max - 2 * Self.alignment else { return nil }
    let rounded = max(Self.alignment, (size + Self.alignment - 1) & ~(Self.alignment - 1))
    if rounded > left {
      guard growing else { return nil }
      let room = max(rounded, Self.slabBytes)
      let slab = UnsafeMutableRawPointer.allocate(byteCount: room + Self.alignment, alignment: Self.alignment)
      unsafe slab.storeBytes(of: slabs, as: UnsafeMutableRawPointer?.self)
      unsafe slabs = unsafe slab
      unsafe next = unsafe slab + Self.alignment
      left = room
    }
    let piece = unsafe next
    unsafe next += rounded
    left -= rounded
    handedOut += rounded
    return unsafe piece
  }

  mutating func reset() {
    freeSlabs()
    unsafe next = unsafe base
    left = capacity
    handedOut = 0
  }

  mutating func freeSlabs() {
    while let slab = unsafe slabs {
      unsafe slabs = unsafe slab.load(as: UnsafeMutableRawPointer?.self)
      unsafe slab.deallocate()
    }
  }
}
