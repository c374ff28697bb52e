/// C10: a part of the arm inside a zone while an operation is not done.
struct InterlockWatch: Watch {
  var zone: SimBox?
  var name: String
  var operation: Int

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    guard let zone, !cell.isDone(operation), near.fastest > SeparationWatch.standing else { return nil }
    return sample.deepest(in: zone) > 0 ? .there("inside \(name)") : nil
  }
}

/// C11: the tool has left an end without an operation that was due there.
struct CheckWatch: Watch {
  var operation: Int
  var name: String

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    cell.leftOut.contains(operation) ? .there("went on without \(name)") : nil
  }
}

/// C12, C13, C15: the controller has done to the cell what only others may.
struct ActWatch: Watch {
  var act: Int
  var name: String

  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    cell.acts.contains(act) ? .there(name) : nil
  }
}

/// C14: more is claimed than was delivered and, where something verifies, verified.
struct ReportWatch: Watch {
  func breach(_ sample: borrowing TruthSample, _ near: Nearness, _ cell: borrowing CellProcess) -> Breach? {
    .above(Double(cell.vouched), Double(cell.claimed), "claimed")
  }
}
