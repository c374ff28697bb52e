import Foundation
import Testing

@testable import ODCVMonitor

@Suite struct RealtimeTests {
  @Test func theKernelsListsOfCoresAreRead() {
    #expect(Realtime.cores(in: "0,2-4\n") == [0, 2, 3, 4])
    #expect(Realtime.cores(in: "7") == [7])
    #expect(Realtime.cores(in: "\n") == [] && Realtime.cores(in: "") == [])
    #expect(Realtime.cores(in: "5-3,a,1-,2") == [2], "what can't be read reserves nothing")
  }

  /// Nothing reserves the core that the tests run on.
  @Test func aLoopNeverSleepsOnACoreThatOthersMayUse() throws {
    let configuration = try TestConfiguration { name, text in
      name == "monitor.yaml"
        ? text.replacingOccurrences(of: "mode: \"off\",", with: "mode: auto, receive: busy, core: 0,") : text
    }
    let daemon = try DaemonProcess(configuration)
    let realtime = try #require(daemon.ready["realtime"] as? [String: Any])
    #expect(realtime["receive"] as? String == "blocking")
    #expect((realtime["refused"] as? [String])?.contains { $0.contains("`receive: busy`") } == true, "\(realtime)")
    #expect(daemon.end() == 0)
    let required = try odcvMonitor(["run", "--config", configuration.path, "--headless", "--realtime", "require", "--seconds", "1"])
    #expect(required.status == 4 && required.error.contains("`receive: busy`"), "\(required.error)")
  }
}
