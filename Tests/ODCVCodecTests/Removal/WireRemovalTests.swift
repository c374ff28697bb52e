import ODCVCodec
import ODCVCore
import Testing

/// Takes one thing after the other out of what goes over the wire: what is then not known holds the arm back, but for what is
/// listed with its reason.
@Suite struct WireRemovalTests {
  @Test(arguments: Scene.all) func withEverythingThereEverythingPasses(scene: Scene) throws {
    #expect(try scene.answer(without: nil, .once) == .passes)
  }

  @Test(arguments: Scene.all) func aFieldThatIsNotThereIsMissed(scene: Scene) throws {
    for removal in scene.removals {
      for absence in Scene.Absence.allCases {
        let answer = try scene.answer(without: removal, absence)
        #expect(answer == Unmissed.answer(to: removal.name, absence), "\(removal), \(absence)")
      }
    }
  }

  @Test(arguments: FullCell.Part.allCases, Scene.Silence.allCases)
  func aMessageOrAStreamThatDoesNotComeIsMissed(part: FullCell.Part, silence: Scene.Silence) throws {
    #expect(try Scene.answer(silent: part, silence) == Unmissed.answer(to: part, silence))
  }

  @Test func everyFieldThatTheMonitorTakesIsTakenAwayOnce() {
    var removed = Set<String>()
    var names = Set<String>()
    for scene in Scene.all {
      removed.formUnion(scene.removals.map(\.name))
      names.formUnion(scene.fieldNames)
    }
    #expect(names.subtracting(removed).filter { !Unmissed.isNoInput($0) } == Unmissed.neverThere)
    // And the list names nothing else.
    for name in Unmissed.fields.keys {
      let isThere = name.hasSuffix(".*") ? removed.contains { $0.hasPrefix(name.dropLast(1)) } : removed.contains(name)
      #expect(isThere, "\(name)")
    }
  }

  @Test func theListSaysOfEachFieldWhy() {
    for (name, entry) in Unmissed.fields {
      #expect(!entry.reason.isEmpty && (entry.once != .unknown || entry.always != .unknown), "\(name)")
    }
  }
}
