/// A type that has one of these in it is read and handed on where it lies.
///
/// Swift copies a large value of numbers alone as a whole whenever it is passed or taken apart; what holds a weak reference it leaves
/// in its place. There is never such a reference: to copy, to destroy and to compare cost nothing more.
public enum InPlace: Sendable, Equatable {
  case always
  case never(Reference, Never)

  public final class Nobody: Sendable {}

  public struct Reference: Sendable {
    weak let nobody: Nobody?
  }

  public static func == (_: InPlace, _: InPlace) -> Bool { true }
}
