import ODCVCore

extension Input {
  /// Every number that this input carries, as something to set: what a fault on the wire can change.
  var numbers: [@Sendable (inout Input, (Double) -> Double) -> Void] {
    switch self {
    case .action(let action): return action.command.numbers.map { set in
      { input, change in
        guard case .action(var action) = input else { return }
        set(&action.command, change)
        input = .action(action)
      }
    }
    case .state(let state): return state.numbers.map { set in
      { input, change in
        guard case .state(var state) = input else { return }
        set(&state, change)
        input = .state(state)
      }
    }
    case .people(let people): return people.numbers.map { set in
      { input, change in
        guard case .people(var people) = input else { return }
        set(&people, change)
        input = .people(people)
      }
    }
    case .layout, .chunk, .obstacles, .signal, .episode, .reset, .release, .restored, .handover, .tick, .heartbeat, .noted, .rejected, .lost, .overrun: return []
    }
  }

  /// The same input with every number changed.
  func changing(_ change: (Double) -> Double) -> Input {
    var input = self
    for set in numbers { set(&input, change) }
    return input
  }
}

extension Action.Command {
  fileprivate var numbers: [@Sendable (inout Action.Command, (Double) -> Double) -> Void] {
    guard case .jointPosition(let target) = self else { return [] }
    return (0..<target.count).map { joint in
      { command, change in
        guard case .jointPosition(var target) = command else { return }
        target[joint] = change(target[joint])
        command = .jointPosition(target)
      }
    }
  }
}

extension State {
  fileprivate var numbers: [@Sendable (inout State, (Double) -> Double) -> Void] {
    var all: [@Sendable (inout State, (Double) -> Double) -> Void] = []
    for joint in 0..<position.count { all.append { $0.position[joint] = $1($0.position[joint]) } }
    for joint in 0..<velocity.count { all.append { $0.velocity[joint] = $1($0.velocity[joint]) } }
    if externalForce != nil { all.append { $0.externalForce = $1($0.externalForce ?? 0) } }
    for index in 0..<(contacts?.count ?? 0) where contacts?[index].force != nil {
      all.append { state, change in
        guard let old = state.contacts else { return }
        var contacts = Contacts()
        for place in 0..<old.count {
          var contact = old[place]
          if place == index { contact.force = contact.force.map(change) }
          contacts.append(contact)
        }
        state.contacts = contacts
      }
    }
    return all
  }
}

extension People {
  fileprivate var numbers: [@Sendable (inout People, (Double) -> Double) -> Void] {
    (0..<count).flatMap { person in
      (0..<self[person].count).flatMap { part in
        [\Capsule.a.x, \.a.y, \.a.z, \.b.x, \.b.y, \.b.z, \.radius].map { path in
          nonisolated(unsafe) let path: WritableKeyPath<Capsule, Double> = path
          return { people, change in
            var changed = People(sensor: people.sensor, sequence: people.sequence, coverage: people.coverage)
            for index in 0..<people.count {
              var copy = Person(track: people[index].track)
              for place in 0..<people[index].count {
                var capsule = people[index][place]
                if index == person, place == part { capsule[keyPath: path] = change(capsule[keyPath: path]) }
                copy.append(capsule)
              }
              changed.append(copy)
            }
            people = changed
          }
        }
      }
    }
  }
}
