import ODCVCore
import ODCVWire

/// How the latch in force came about, from the recording alone.
struct Latching {
  var record: ContactRecord
  /// The input that latched, and the driver's state in it; `nil` when it was none, as when a monitor before had latched.
  var index: UInt64
  var state: StateMessage?

  /// `joint panda_joint2: -14.2 Nm left unexplained by its torque, at most 10 Nm and the declared errors`
  func words(_ configuration: Configuration) -> String {
    let force = "\(Words.rounded(configuration.limits[.contactHalt, "force_threshold_n"])) N (`force_threshold_n`)"
    let torque = "\(Words.rounded(configuration.limits[.contactHalt, "torque_threshold_nm"])) Nm (`torque_threshold_nm`)"
    switch record.sign {
    case .residual(let joint, let residual):
      return "joint \(name(joint, configuration)): \(Words.rounded(residual)) Nm that its own torque leaves unexplained; allowed are "
        + "\(torque), what declared contacts explain and the declared errors"
    case .effort(let joint):
      return "joint \(name(joint, configuration)): external torque\(value(state?.externalEffort, joint, "Nm")); allowed are \(torque) and what "
        + "declared contacts explain"
    case .force: return "external force at the tool\(toolForce); allowed are \(force), or what a declared contact may have"
    case .contact(let place):
      guard let state, state.contacts.indices.contains(place) else { return "a contact of the driver's list; allowed are \(force)" }
      let contact = state.contacts[place]
      let told = contact.normalForce.map { "\(Words.rounded(abs($0))) N" } ?? "no stated force"
      return "contact of \(contact.link ?? "the arm") with \(contact.other ?? "an unnamed body"), \(told); allowed are \(force) where the pair is not "
        + "declared, else its own budgets"
    case .budget(let expected):
      let pair = expected.map { configuration.cell.expectedContacts[$0] }
      return "more contact in its window than \(pair.map { "is declared with \($0.other)" } ?? "`contact.permit` allows of undeclared bodies")"
    case .restored: return "a monitor before this one had latched; its recording says why"
    }
  }

  private func name(_ joint: Int, _ configuration: Configuration) -> String {
    configuration.robot.joints.indices.contains(joint) ? configuration.robot.joints[joint].name : "\(joint)"
  }

  private func value(_ values: [Double]?, _ place: Int, _ unit: String) -> String {
    guard let values, values.indices.contains(place) else { return "" }
    return " \(Words.rounded(values[place])) \(unit)"
  }

  private var toolForce: String {
    guard let wrench = state?.wrench, wrench.count >= 3 else { return "" }
    let size = (wrench[0] * wrench[0] + wrench[1] * wrench[1] + wrench[2] * wrench[2]).squareRoot()
    return " \(Words.rounded(size)) N"
  }
}
