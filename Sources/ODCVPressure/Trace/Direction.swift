/// Which way words lean on a constraint.
enum Direction {
  case none
  case keeps
  case breaks

  var turned: Direction {
    switch self {
    case .none: .none
    case .keeps: .breaks
    case .breaks: .keeps
    }
  }
}
