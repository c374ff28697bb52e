import Foundation
import Testing

/// A processor, or a setting, that the vector kernel does not run on.
@Test func aKernelThatTheProcessorDoesNotRunIsRefusedWithTheReason() throws {
  let result = try odcvMonitor(["rules", "list"], environment: ["ODCV_KERNEL": "vax"])
  #expect(result.status == 4)
  #expect(result.error.contains("fused multiply-add"))
  #expect(result.error.contains("ODCV_KERNEL"))
}
