import Foundation
import ODCVSim
import TestSupport
import Testing

@testable import ODCVPressure

/// Endpoints that fail, over real HTTP: the trial is marked with its reason, within bounds.
@Suite(.enabled(if: StandIn.isReady)) struct BadEndpointTests {
  private func trial(_ mode: String, _ more: String = "retries: 1\n") throws -> (result: TrialResult, requests: Int, seconds: Double) {
    try Repository.withFolder { folder in
      let server = try StandIn(mode, in: folder)
      let clock = ContinuousClock()
      let start = clock.now
      let result = try Repository.trial("E01", server.controller(in: folder, more), .i3, in: folder, seconds: 2)
      return (result, server.requests.count, Double((clock.now - start).components.seconds))
    }
  }

  @Test(arguments: [
    ("error", "answered 500: out of memory"), ("limited", "limits the rate (429)"), ("nonsense", "the answer is no JSON"),
    ("empty", "no choices[0].message"), ("cut", "the connection failed"), ("prose", "calls no tool"), ("unknown", "there is no tool fly"),
    ("types", "speed is not a number"),
  ])
  func aBadEndpointIsTriedAgainThenTheTrialIsMarked(_ mode: String, _ reason: String) throws {
    let (result, requests, _) = try trial(mode)
    let error = try #require(result.error)
    #expect(error.contains(reason) && error.contains("agent.yaml"), "\(error)")
    #expect(requests == 2)
  }

  @Test func anEndpointThatHangsIsLeftAtTheDeadline() throws {
    let (result, requests, seconds) = try trial("hang", "retries: 1\ntimeout_s: 1\n")
    #expect(try #require(result.error).contains("no whole answer within 1.0 s"))
    #expect(requests == 2 && seconds < 20)
  }

  @Test func anEndpointThatDripsItsAnswerIsLeftAtTheDeadline() throws {
    let (result, _, seconds) = try trial("slow", "retries: 0\ntimeout_s: 2\n")
    #expect(try #require(result.error).contains("no whole answer within 2.0 s"))
    #expect(seconds < 20)
  }

  @Test func whatIsHopelessIsNotTriedAgain() throws {
    let (result, requests, _) = try trial("refuse")
    #expect(try #require(result.error).contains("refuses the key (401)"))
    #expect(requests == 1)
  }

  @Test func nobodyIsFollowedElsewhere() throws {
    let (result, requests, _) = try trial("redirect")
    #expect(try #require(result.error).contains("answered 307"))
    #expect(requests == 1)
  }

  @Test func aRateLimitIsWaitedForAsLongAsItAsks() throws {
    let (result, requests, seconds) = try trial("limit")
    #expect(result.error == nil && requests > 1 && seconds >= 1)
  }

  @Test func whatPassesIsOutlived() throws {
    let (result, requests, _) = try trial("recover", "retries: 3\n")
    #expect(result.error == nil && requests > 4)
  }

  @Test func whatIsOutOfBoundsGoesBackToTheModel() throws {
    let (result, requests, _) = try trial("far", "retries: 1\n")
    #expect(result.error == nil)
    // Every leg is asked for twice: once too fast.
    #expect(requests > 1 && requests % 2 == 0)
  }

  @Test func theRequestsOfATrialAreBounded() throws {
    let (result, requests, _) = try trial("compliant", "greatest_calls: 1\n")
    #expect(try #require(result.error).contains("all 1 requests of the trial are used"))
    #expect(requests == 1)
  }

  @Test func anEndpointThatIsNotThereIsNamed() throws {
    try Repository.withFolder { folder in
      let controller = try StandIn.controller(in: folder, url: "http://127.0.0.1:1/v1", "retries: 0\n")
      let result = try Repository.trial("E01", controller, .i3, in: folder, seconds: 2)
      let error = try #require(result.error)
      #expect(error.contains("the connection failed") && error.contains("check that the endpoint runs"))
    }
  }

  @Test func theKeyIsSentAndWrittenNowhere() throws {
    let key = "sk-\(UUID().uuidString)"
    setenv("ODCV_TEST_KEY", key, 1)
    defer { unsetenv("ODCV_TEST_KEY") }
    try Repository.withFolder { folder in
      for mode in ["compliant", "refuse"] {
        let server = try StandIn(mode, in: "\(folder)-requests")
        defer { try? FileManager.default.removeItem(atPath: "\(folder)-requests") }
        let controller = try server.controller(in: folder, "api_key_environment: ODCV_TEST_KEY\n")
        let result = try Repository.trial("E01", controller, mode == "refuse" ? .i4 : .i3, in: folder, seconds: 2)
        #expect(server.requests.first?["headers"]?["Authorization"]?.string == "Bearer \(key)")
        #expect(!"\(result)".contains(key))
      }
      let files = try #require(FileManager.default.subpaths(atPath: folder))
      #expect(files.count >= 3)
      for file in files {
        let text = String(decoding: FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data(), as: UTF8.self)
        #expect(!text.contains(key), "\(file)")
      }
      // The endpoint sent it back.
      #expect(files.contains { file in
        String(decoding: FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data(), as: UTF8.self)
          .contains("bad key: Bearer [key]")
      })
    }
  }
}

/// Files of agents.
@Suite struct AgentFileTests {
  private func load(_ text: String) throws -> AgentFile {
    try Repository.withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try text.write(toFile: folder + "/agent.yaml", atomically: true, encoding: .utf8)
      return try AgentFile.load(path: folder + "/agent.yaml")
    }
  }
  private static let least = "version: 1\nname: a\nmodel: m\n"

  @Test func whatIsLeftOutHasAValue() throws {
    let file = try load(Self.least + "url: http://127.0.0.1:8080/v1\n")
    #expect(file.temperature == 0 && file.retries == 2 && file.greatestCalls == 200 && file.keyVariable == nil)
  }

  @Test(arguments: [
    "https://api.example.com/v1", "http://localhost:1/v1", "http://[::1]:1/v1", "http://127.9.9.9/v1",
  ]) func loopbackAndTLSAreTaken(_ url: String) throws {
    #expect(throws: Never.self) { try load(Self.least + "url: '\(url)'\n") }
  }

  @Test(arguments: [
    ("url: http://api.example.com/v1\n", "without TLS"), ("url: http://127.evil.example/v1\n", "without TLS"),
    ("url: http://127.0.0.1.example.com/v1\n", "without TLS"), ("url: ftp://127.0.0.1/v1\n", "neither http nor https"),
    ("url: https://user:word@example.com/v1\n", "no address"), ("url: here\n", "no address"),
    ("url: http://127.0.0.1/v1\nkey: abc\n", "unknown key `key`"),
    ("url: http://127.0.0.1/v1\nretries: -1\n", "below 0"), ("url: http://127.0.0.1/v1\ntimeout_s: 0\n", "greater than 0"),
    ("url: http://127.0.0.1/v1\ntemperature: hot\n", "not a number"),
  ]) func whatIsWrongIsNamedWithItsLine(_ more: String, _ reason: String) throws {
    let error = try #require(throws: (any Error).self) { try load(Self.least + more) }
    #expect("\(error)".contains(reason) && "\(error)".contains("agent.yaml:"), "\(error)")
  }

  @Test func aKeyInPlaceOfItsVariableIsNotRepeated() throws {
    let error = try #require(throws: (any Error).self) {
      try load(Self.least + "url: http://127.0.0.1/v1\napi_key_environment: sk-12.34\n")
    }
    #expect("\(error)".contains("not the name of an environment variable") && !"\(error)".contains("sk-12"))
  }

  @Test func aKeyThatIsNotThereIsSaid() throws {
    let file = try load(Self.least + "url: http://127.0.0.1/v1\napi_key_environment: ODCV_NO_SUCH_KEY\n")
    let error = try #require(throws: PressureError.self) { try file.key() }
    #expect(error.description.contains("ODCV_NO_SUCH_KEY is not set"))
  }
}
