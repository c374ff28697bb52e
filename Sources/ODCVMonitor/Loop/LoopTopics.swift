import ODCVWire

/// The topics that the loop sends on and knows its commands by.
struct LoopTopics: ~Copyable {
  private let table: TextTable
  let action: TextTable.Text
  let verdict: TextTable.Text
  let alarm: TextTable.Text
  let lease: TextTable.Text
  let heartbeat: TextTable.Text

  init(robot: String) {
    var table = TextTable()
    action = table.add(Topic.text(.action, robot: robot))
    verdict = table.add(Topic.text(.verdict, robot: robot))
    alarm = table.add(Topic.text(.alarm, robot: robot))
    lease = table.add(Topic.text(.lease, robot: robot))
    heartbeat = table.add(Topic.text(.heartbeat, robot: robot))
    self.table = table
  }
}
