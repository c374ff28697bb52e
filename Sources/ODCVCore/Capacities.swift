/// Every fixed capacity of the core, in one place.
///
/// Configuration that exceeds one is refused at load; an input that exceeds one is refused before it is unpacked and is
/// judged unknown. Nothing is ever cut to fit.
public enum Capacity {
  /// Joints of one arm.
  public static let joints = 32
  /// Links of one arm, fixed ones included.
  public static let links = 64
  /// Capsules of one arm, the tool centre point counted as one.
  public static let capsules = 256
  /// Obstacles in one frame from perception.
  public static let obstacles = 128
  /// People in one frame from perception.
  public static let people = 8
  /// Capsules of one person.
  public static let bodyParts = 16
  /// Sensors that report people, and as many that report obstacles.
  public static let sensors = 4
  /// Signals that a cell declares.
  public static let signals = 16
  /// Claims that a cell asks evidence for.
  public static let claims = 8
  /// Contacts in one state.
  public static let contacts = 16
  /// Rows of a chunk, each of at most as many numbers as an arm has joints.
  public static let chunkRows = 64
  /// Stretches that the rows not yet due are judged in.
  public static let chunkStretches = 16
  /// States that a chunk may name as its observation, the newest first.
  public static let observations = 64
  /// Counted work of the exact stage per rule and judged motion: passes over a hull's vertices.
  public static let refinement = 64
  /// Rules in the book.
  public static let rules = 40
  /// Bytes of one verdict in canonical form.
  public static let verdictBytes = 5120
}
