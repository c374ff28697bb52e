/// Lines of finite numbers on standard input, comma-separated, each with its line number; empty lines are passed over.
///
/// The first line with anything else ends the command with status 2, no line at all with status 5. `what` says in both what to
/// write: `joint positions in rad`.
func forEachNumberLine(of what: String, _ body: (_ line: Int, [Double]) throws -> Void) throws {
  var number = 0
  var isEmpty = true
  while let line = readLine() {
    number += 1
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    if fields.count == 1, line.allSatisfy(\.isWhitespace) { continue }
    var values: [Double] = []
    for field in fields {
      let words = field.split(whereSeparator: \.isWhitespace)
      guard words.count == 1, let value = Double(words[0]), value.isFinite else {
        throw Stop(.usage, "standard input:\(number): `\(field)` is no finite number; write \(what), comma-separated")
      }
      values.append(value)
    }
    isEmpty = false
    try body(number, values)
  }
  if isEmpty { throw Stop(.nothing, "standard input: nothing on it; write lines of \(what), comma-separated") }
}
