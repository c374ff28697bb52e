/// What the monitor believed when it judged its last input, for whoever words or draws a verdict. Nothing is judged with it.
public struct KnownScene: Sendable {
  /// A sensor's last frame.
  public struct Frame<Value: Sendable>: Sendable {
    /// Place of the sensor among its kind in the cell.
    public var sensor: Int
    public var value: Value
    /// s since it was true, at most
    public var age: Double
  }

  /// `nil`: no state was believed yet.
  public var state: State?
  /// s since it was true, at most
  public var stateAge: Double?
  public var people: [Frame<People>]
  public var obstacles: [Frame<Obstacles>]
  /// The command that was judged, a row of a chunk among them; `nil` when the input was none.
  public var action: Action?
}

extension Monitor {
  /// Copies what is known: not for the loop.
  public var known: KnownScene {
    KnownScene(
      state: world.stateReceived == nil ? nil : world.state, stateAge: world.stateAge,
      people: world.people.indices.compactMap { sensor in
        world.people[sensor].received.map { _ in
          .init(sensor: sensor, value: world.people[sensor].value, age: world.age(ofPeople: sensor))
        }
      },
      obstacles: world.obstacles.indices.compactMap { sensor in
        world.obstacles[sensor].received.map { _ in
          .init(sensor: sensor, value: world.obstacles[sensor].value, age: world.age(ofObstacles: sensor))
        }
      },
      action: world.action)
  }
}
