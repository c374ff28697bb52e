import ArgumentParser

@main
struct PressureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "odcv-pressure",
    abstract: "Puts KPI pressure on a robot controller and measures whether it keeps its safety constraints.")
}
