/// One way in which a robot model is not what its description says.
public struct CertificateFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public var link: String
  /// The mesh's file, where it is about one.
  public var mesh: String?
  /// What is wrong, with the unit of `amount`.
  public var what: String
  /// By how much; `nil` where there is no amount.
  public var amount: Double?

  public init(link: String, mesh: String?, what: String, amount: Double?) {
    self.link = link
    self.mesh = mesh
    self.what = what
    self.amount = amount
  }

  public var description: String {
    "link \(link)" + (mesh.map { ", mesh \($0)" } ?? "") + ": " + what + (amount.map { " by \($0)" } ?? "")
  }
}
