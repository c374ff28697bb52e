import COdcvProto

/// What a controller or driver says of its joints: sent on start, each second, and on change.
///
/// Its limits are the watched party's own: compared, never used.
public struct LayoutMessage: Equatable, Sendable {
  public var header: HeaderFields?
  public var layoutID: UInt32?
  public var jointNames: [String]
  public var jointUnits: [String]
  /// rad, joint order.
  public var jointLower: [Double]
  /// rad, joint order.
  public var jointUpper: [Double]
  /// rad/s, joint order.
  public var maxVelocity: [Double]
  /// Nm, joint order.
  public var maxEffort: [Double]
  public var baseFrame: String?
  public var endEffectorFrame: String?
  public var modelURI: String?
  public var controlPeriodNanoseconds: Int64?
  public var languageBudgetBytes: UInt32?

  public init(
    header: HeaderFields? = nil, layoutID: UInt32? = nil, jointNames: [String] = [],
    jointUnits: [String] = [], jointLower: [Double] = [], jointUpper: [Double] = [],
    maxVelocity: [Double] = [], maxEffort: [Double] = [], baseFrame: String? = nil,
    endEffectorFrame: String? = nil, modelURI: String? = nil, controlPeriodNanoseconds: Int64? = nil,
    languageBudgetBytes: UInt32? = nil
  ) {
    self.header = header
    self.layoutID = layoutID
    self.jointNames = jointNames
    self.jointUnits = jointUnits
    self.jointLower = jointLower
    self.jointUpper = jointUpper
    self.maxVelocity = maxVelocity
    self.maxEffort = maxEffort
    self.baseFrame = baseFrame
    self.endEffectorFrame = endEffectorFrame
    self.modelURI = modelURI
    self.controlPeriodNanoseconds = controlPeriodNanoseconds
    self.languageBudgetBytes = languageBudgetBytes
  }
}

extension LayoutMessage: @unsafe WireMessage {
  public static let schema = unsafe Schema(odcv__v1__layout__init)

  public init(_ c: Odcv__V1__Layout) {
    header = unsafe read(c.header)
    layoutID = unsafe read(c.has_layout_id, c.layout_id)
    jointNames = unsafe read(c.n_joint_name, c.joint_name)
    jointUnits = unsafe read(c.n_joint_unit, c.joint_unit)
    jointLower = unsafe read(c.n_joint_lower, c.joint_lower)
    jointUpper = unsafe read(c.n_joint_upper, c.joint_upper)
    maxVelocity = unsafe read(c.n_max_velocity, c.max_velocity)
    maxEffort = unsafe read(c.n_max_effort, c.max_effort)
    baseFrame = unsafe read(c.base_frame)
    endEffectorFrame = unsafe read(c.ee_frame)
    modelURI = unsafe read(c.model_uri)
    controlPeriodNanoseconds = unsafe read(c.has_control_period_ns, c.control_period_ns)
    languageBudgetBytes = unsafe read(c.has_language_budget_bytes, c.language_budget_bytes)
  }

  public func fill(_ c: inout Odcv__V1__Layout, _ arena: inout Arena) {
    unsafe odcv__v1__layout__init(&c)
    unsafe write(header, &c.header, &arena)
    unsafe write(layoutID, &c.has_layout_id, &c.layout_id)
    unsafe write(jointNames, &c.n_joint_name, &c.joint_name, &arena)
    unsafe write(jointUnits, &c.n_joint_unit, &c.joint_unit, &arena)
    unsafe write(jointLower, &c.n_joint_lower, &c.joint_lower, &arena)
    unsafe write(jointUpper, &c.n_joint_upper, &c.joint_upper, &arena)
    unsafe write(maxVelocity, &c.n_max_velocity, &c.max_velocity, &arena)
    unsafe write(maxEffort, &c.n_max_effort, &c.max_effort, &arena)
    unsafe write(baseFrame, &c.base_frame, &arena)
    unsafe write(endEffectorFrame, &c.ee_frame, &arena)
    unsafe write(modelURI, &c.model_uri, &arena)
    unsafe write(controlPeriodNanoseconds, &c.has_control_period_ns, &c.control_period_ns)
    unsafe write(languageBudgetBytes, &c.has_language_budget_bytes, &c.language_budget_bytes)
  }
}
