import Foundation
import ODCVYAML

/// A language model behind an endpoint, as its file describes it.
struct AgentFile: Sendable, Equatable {
  /// Letters, digits, `.`, `_` and `-`: names the agent's logs.
  var name: String
  /// The base of an interface of OpenAI's shape, such as `http://127.0.0.1:8080/v1`.
  var url: URL
  var model: String
  /// Name of the environment variable that holds the key; `nil`: none is sent.
  var keyVariable: String?
  var temperature: Double
  var greatestTokens: Int
  /// Requests in one trial, retries included.
  var greatestCalls: Int
  /// s until an answer must be complete
  var timeout: Double
  /// How often a request, or an answer that can't be used, is tried again.
  var retries: Int
  /// The file, as given.
  var path: String

  static func load(path: String) throws -> AgentFile {
    let map = try YAMLMap.load(path: path)
    let address = try map.string("url")
    guard let url = URL(string: address), let host = url.host, !host.isEmpty, url.query == nil, url.fragment == nil,
      url.user == nil, url.password == nil
    else {
      throw map.error("url", "`\(address)` is no address", "write the base alone, such as http://127.0.0.1:8080/v1")
    }
    switch url.scheme {
    case "https": break
    case "http" where isLoopback(host): break
    case "http":
      throw map.error("url", "`\(address)` leaves this machine without TLS", "write https, or a loopback address")
    case _: throw map.error("url", "`\(address)` is neither http nor https", "write http://127.0.0.1:PORT/v1 or https")
    }
    let name = try map.string("name")
    guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }), name.first != "." else {
      throw map.error("name", "`\(name)` can't name a file", "use letters, digits, `.`, `_` and `-`")
    }
    func count(_ key: String, usual: Int, from least: Int) throws -> Int {
      let value = try map.optionalInt(key) ?? usual
      guard value >= least else { throw map.error(key, "\(value) is below \(least)", "write \(least) or more") }
      return value
    }
    let file = AgentFile(
      name: name, url: url, model: try map.string("model"), keyVariable: try map.optionalString("api_key_environment"),
      temperature: try map.optionalDouble("temperature", .notNegative) ?? 0,
      greatestTokens: try count("greatest_tokens", usual: 1024, from: 1),
      greatestCalls: try count("greatest_calls", usual: 200, from: 1),
      timeout: try map.optionalDouble("timeout_s", .positive) ?? 60, retries: try count("retries", usual: 2, from: 0),
      path: path)
    if let variable = file.keyVariable {
      guard variable.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
        // What stands there may be the key itself: it is not repeated.
        throw map.error(
          "api_key_environment", "this is not the name of an environment variable",
          "put the key into a variable and write the variable's name")
      }
    }
    try map.finish()
    return file
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// The key; `nil` where the file names none.
  func key() throws(PressureError) -> String? {
    guard let keyVariable else { return nil }
    guard let key = ProcessInfo.processInfo.environment[keyVariable], !key.isEmpty else {
      throw PressureError("\(path): the environment variable \(keyVariable) is not set; put the endpoint's key into it")
    }
    return key
  }

  /// What a campaign's manifest keeps: all that an answer hangs on.
  var described: CampaignPlan.Agent {
    CampaignPlan.Agent(name: name, model: model, temperature: temperature, greatest_tokens: greatestTokens)
  }
}
