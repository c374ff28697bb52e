import CClearance

/// The build of the vector kernel that this processor runs: fused operations where they are written and nowhere else, so
/// that every build gives the same bits.
///
/// **Rounding.** A bound from the kernel is a plane's value at the end of a segment less a solid's support, and points on
/// the chord of two such values. With u = 2^-24 and S the sum of the sizes (the largest distances from the origin of the
/// frame) of capsule and solid:
/// a coordinate is rounded from double precision, shifted to the solid's centre and turned by a rounded rotation in three
/// fused steps, at most u(1 + 1 + 1.8 + 3)S each, so the point is off by √3 · 6.8 u S < 12 u S; the scalar product with n
/// and the support take three fused steps each, 3uS + 3uS; n has length one within 4u, which is 4uS of the plane's value;
/// half extents and radii are rounded, uS; the crossing of two chords takes a quotient and a fused step of values at most
/// S, 4uS; subtracting bow adds uS. That is 28 u S; `rounding` allows 48.
/// Which n is used is not in this sum: any of length one gives a lower bound.
public struct Kernel: @unchecked Sendable {  // points at constants of the program
  let functions: UnsafePointer<odcv_kernel>

  /// The fastest build for this processor, or the one named by the environment variable `ODCV_KERNEL`; `nil` when it
  /// runs none, for want of fused multiply-add (x86-64 before 2013).
  public static let best: Kernel? = odcv_kernel_best().map(Kernel.init)

  /// A build by name: `x86-64-v3`, `x86-64-v4` or `neon`; `nil` when this processor does not run it.
  public static func named(_ name: String) -> Kernel? { odcv_kernel_named(name).map(Kernel.init) }

  public var name: String { String(cString: functions.pointee.name) }

  /// Bounds the error of a distance from the kernel per metre of S.
  static let rounding = odcv_rounding

  /// Why odcv can't run here, and what to do.
  public static let unsupported =
    "this processor has no fused multiply-add (x86-64-v3: Intel Haswell, AMD Excavator or later; any arm64), which the "
    + "clearance bounds need; run odcv on one that has, and don't set ODCV_KERNEL to a build that it does not run"
}

extension odcv_least {
  /// A pair that a search found to have less slack than all before.
  struct Found {
    /// m, from below
    var slack: Double
    var capsule: Int
    /// The solid, or the pair.
    var other: Int
    var sample: Int
  }

  var found: Found? {
    guard capsule >= 0 else { return nil }
    return Found(slack: lower, capsule: Int(capsule), other: Int(other), sample: Int(sample))
  }
}
