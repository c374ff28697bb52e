import COdcvProto
import ODCVCore

/// Why one message is refused, on its way to becoming a `Rejection`.
struct Refusal: Error {
  var reason: Rejection.Reason

  static let missing = Refusal(reason: .missingField)
  static let nonFinite = Refusal(reason: .nonFinite)
  static let wrongLength = Refusal(reason: .wrongLength)
  static let unsupported = Refusal(reason: .unsupported)
}

/// A number that must be there and be finite.
func required(_ has: protobuf_c_boolean, _ value: Double) throws(Refusal) -> Double {
  guard has != 0 else { throw .missing }
  guard value.isFinite else { throw .nonFinite }
  return value
}

/// A length that must be there, finite, and not below zero.
func requiredLength(_ has: protobuf_c_boolean, _ value: Double) throws(Refusal) -> Double {
  let length = try required(has, value)
  guard length >= 0 else { throw .unsupported }
  return length
}

/// A point whose three coordinates must be there.
func required(_ vector: UnsafeMutablePointer<Odcv__V1__Vector3>?) throws(Refusal) -> Vector3 {
  guard let vector else { throw .missing }
  return Vector3(
    try required(vector.pointee.has_x, vector.pointee.x), try required(vector.pointee.has_y, vector.pointee.y),
    try required(vector.pointee.has_z, vector.pointee.z))
}

/// One finite number per joint; an absent array is missing.
func required(_ count: Int, _ values: UnsafeMutablePointer<Double>?, joints: Int) throws(Refusal) -> JointVector {
  guard count != 0, let values else { throw .missing }
  guard count == joints else { throw .wrongLength }
  return try finite(JointVector(UnsafeBufferPointer(start: values, count: count)))
}

/// One finite number per joint, or an absent array.
func optional(_ count: Int, _ values: UnsafeMutablePointer<Double>?, joints: Int) throws(Refusal) -> JointVector {
  count == 0 ? .absent : try required(count, values, joints: joints)
}

private func finite(_ vector: JointVector) throws(Refusal) -> JointVector {
  guard vector.isFinite else { throw .nonFinite }
  return vector
}
