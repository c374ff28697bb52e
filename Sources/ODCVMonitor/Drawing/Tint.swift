/// What each kind of thing is coloured. Their brightness alone tells them apart, too: on paper, and to who sees no red.
struct Tint: Equatable {
  var red: Double
  var green: Double
  var blue: Double
  var opacity: Double

  static let arm = Tint(red: 0.72, green: 0.76, blue: 0.80, opacity: 1)
  /// A link that breaks a rule.
  static let breaking = Tint(red: 0.45, green: 0.00, blue: 0.05, opacity: 1)
  static let person = Tint(red: 0.10, green: 0.30, blue: 0.65, opacity: 0.8)
  static let obstacle = Tint(red: 0.45, green: 0.45, blue: 0.45, opacity: 1)
  static let seenObstacle = Tint(red: 0.75, green: 0.60, blue: 0.35, opacity: 0.9)
  static let zone = Tint(red: 0.95, green: 0.95, blue: 0.60, opacity: 0.15)
  /// Of the worst pair.
  static let witness = Tint(red: 1.00, green: 0.95, blue: 0.10, opacity: 1)

  /// 0 black, 1 white: ITU-R BT.709's weights.
  var brightness: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }
}
