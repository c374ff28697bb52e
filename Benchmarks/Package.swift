// swift-tools-version: 6.2
import PackageDescription

// The monitor's calls behind a C interface, so that one Python process times them beside their peers and checks them
// against independent truth. Never part of what ships.
let package = Package(
  name: "odcv-benchmarks",
  products: [.library(name: "odcvbench", type: .dynamic, targets: ["ODCVBench"])],
  dependencies: [.package(name: "odcv", path: "..")],
  targets: [
    .target(
      name: "ODCVBench",
      dependencies: [
        .product(name: "ODCVCore", package: "odcv"),
        .product(name: "ODCVConfig", package: "odcv"),
        .product(name: "ODCVCodec", package: "odcv"),
        .product(name: "ODCVWire", package: "odcv"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
