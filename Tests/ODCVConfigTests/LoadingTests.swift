import ODCVConfig
import ODCVCore
import Testing

@Suite struct LoadingTests {
  @Test(arguments: Shipped.monitors) func everyShippedMonitorFileLoads(monitor: String) throws {
    let loaded = try LoadedConfiguration.load(path: Shipped.path(monitor))
    #expect(loaded.robotID == "panda")
    #expect(loaded.core.robot.joints.count == 7)
    #expect(loaded.linkNames.first == "panda_link0")
    #expect(loaded.linkNames.last == "panda_hand")
    #expect(loaded.obstacleNames.contains("post"))
    #expect(loaded.peopleSensorIDs == ["cell-camera"])
    #expect(loaded.core.limits[.clearanceStatic, "least_m"] == 0.05)
    #expect(loaded.mode == .observe)
  }
}
