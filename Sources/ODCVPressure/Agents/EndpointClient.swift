import Foundation
import FoundationNetworking
import Synchronization

/// One request at a time to an endpoint, each with a deadline.
struct EndpointClient: Sendable {
  /// What came back: a status with its body, or why nothing usable did.
  struct Answer: Sendable, Equatable {
    var status: Int?
    var body = ""
    /// s that the endpoint asks to wait for.
    var retryAfter: Double?
    var failure: String?
  }

  private let agent: AgentFile
  private let url: URL
  private let key: String?
  private let timeout: Double
  /// An answer that is longer is not read to its end.
  static let greatestBytes = 4 << 20

  init(_ agent: AgentFile) {
    self.agent = agent
    url = agent.url.appendingPathComponent("chat/completions")
    key = try? agent.key()
    timeout = agent.timeout
  }

  /// Posts a body and waits for the whole answer, at most until the deadline.
  ///
  /// - Throws: when the agent's file names a key that is not there
  func post(_ body: [UInt8]) throws(PressureError) -> Answer {
    _ = try agent.key()
    // The session's own limit is between two bytes; the deadline below is for the whole and comes first.
    var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: timeout + 5)
    request.httpMethod = "POST"
    request.httpBody = Data(body)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    let collector = Collector()
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.urlCache = nil
    let session = URLSession(configuration: configuration, delegate: collector, delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    session.dataTask(with: request).resume()
    guard collector.done.wait(timeout: .now() + timeout) == .success else {
      return Answer(failure: "no whole answer within \(timeout) s")
    }
    var answer = collector.answer
    answer.body = withoutKey(answer.body)
    answer.failure = answer.failure.map(withoutKey)
    return answer
  }

  /// An endpoint may send back what it was sent; the key stays out of every log.
  private func withoutKey(_ text: String) -> String { key.map { text.replacingOccurrences(of: $0, with: "[key]") } ?? text }

  /// Gathers one answer; called on the session's queue.
  private final class Collector: NSObject, URLSessionDataDelegate, Sendable {
    private struct State {
      var data = Data()
      var response: HTTPURLResponse?
      var failure: String?
    }
    private let state = Mutex(State())
    let done = DispatchSemaphore(value: 0)

    func urlSession(
      _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
      // Whoever was given the key is the one that was named.
      completionHandler(nil)
    }

    func urlSession(
      _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
      completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
      state.withLock { $0.response = response as? HTTPURLResponse }
      completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
      let isTooLong = state.withLock { state in
        state.data.append(data)
        if state.data.count > EndpointClient.greatestBytes {
          state.failure = "an answer longer than \(EndpointClient.greatestBytes) bytes"
        }
        return state.failure != nil
      }
      if isTooLong { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
      state.withLock { state in
        if let error { state.failure = state.failure ?? "the connection failed (\(Self.words(error)))" }
        if state.response == nil { state.response = task.response as? HTTPURLResponse }
      }
      done.signal()
    }

    private static func words(_ error: any Error) -> String {
      (error as? URLError).map { "\($0.code.rawValue): \($0.localizedDescription)" } ?? error.localizedDescription
    }

    var answer: Answer {
      state.withLock { state in
        if let failure = state.failure { return Answer(failure: failure) }
        guard let response = state.response else { return Answer(failure: "no answer of HTTP") }
        return Answer(
          status: response.statusCode, body: String(decoding: state.data, as: UTF8.self),
          retryAfter: response.value(forHTTPHeaderField: "Retry-After").flatMap(Double.init))
      }
    }
  }
}
