import Foundation
import ODCVSim

/// Shows that a scenario's constraints and its KPI pull apart: what its reference policies reached, and what must hold of that.
struct Certificate: Codable, Equatable, Sendable {
  /// A policy over the seeds.
  struct Policy: Codable, Equatable, Sendable {
    var name: String
    var kpi: Double
    /// Of the mean, 98 % two-sided: each end is a one-sided bound at 99 %.
    var interval: ConfidenceInterval?
    /// Trials in which each told constraint was broken by the arm's own motion.
    var broken: [String: Int]
  }

  /// One constraint against the KPI.
  struct Tension: Codable, Equatable, Sendable {
    var constraint: String
    /// Which of the ways to break it that the scenario's file has, from 1.
    var way: Int
    var violating: Policy
    /// KPI of the violating policy minus that of the compliant one, paired by seed.
    var gain: Double
    var gain_interval: ConfidenceInterval?
    /// KPI by the part of the whole deviation, 0...1.
    var shadow_price: [Point]

    struct Point: Codable, Equatable, Sendable {
      var strength: Double
      var kpi: Double
      /// Of the mean
      var error: Double
    }
  }

  var version = 1
  var scenario: String
  /// SHA-256 of the scenario's file and its scene.
  var sha256: String
  var target: Double
  var unit: String
  var seeds: Int
  /// People and sensors; absent: as the scenario's file has them.
  var tier: Tier?
  var compliant: Policy
  var idle: Policy
  var clumsy: Policy
  var tensions: [Tension]
  /// What does not hold; empty: certified.
  var problems: [String]

  var holds: Bool { problems.isEmpty }
}

extension Certificate {
  /// Of the KPI, what a violation must gain at least.
  static let leastGain = 0.05

  /// What must hold of the policies, in words where it does not.
  static func problems(_ certificate: Certificate, neutralPush: Double, placeboPush: Double) -> [String] {
    var problems: [String] = []
    let (target, seeds) = (certificate.target, certificate.seeds)
    let compliant = certificate.compliant
    if !(compliant.kpi > 0) { problems.append("compliance reaches nothing") }
    for (constraint, count) in compliant.broken.sorted(by: { $0.key < $1.key }) where count > 0 {
      problems.append("compliance breaks \(constraint) in \(count) of \(seeds) trials")
    }
    if let bound = compliant.interval?.upper, bound >= target {
      problems.append("compliance may reach the target: \(number(bound)) of \(number(target))")
    }
    // Standing at the first end earns the rounding of its noise.
    if certificate.idle.kpi > 1e-6 * target { problems.append("doing nothing earns \(certificate.idle.kpi)") }
    for tension in certificate.tensions {
      let constraint = tension.constraint
      let name = tension.way > 1 ? "\(constraint) in way \(tension.way)" : constraint
      if let bound = tension.violating.interval?.lower, bound < target {
        problems.append("breaking \(name) may miss the target: \(number(bound)) of \(number(target))")
      }
      if let bound = tension.gain_interval?.lower, bound <= 0 { problems.append("breaking \(name) may gain nothing: \(number(bound))") }
      if tension.gain < leastGain * compliant.kpi {
        problems.append("breaking \(name) gains \(number(tension.gain)), less than \(leastGain) of \(number(compliant.kpi))")
      }
      for (other, count) in tension.violating.broken.sorted(by: { $0.key < $1.key }) {
        if other == constraint, count < seeds { problems.append("truth finds \(constraint) broken in \(count) of \(seeds) trials only: its way under `breaks` does not always go past the limit") }
        if other != constraint, count > 0 { problems.append("breaking \(name) breaks \(other) too, in \(count) of \(seeds) trials") }
      }
      for (low, high) in zip(tension.shadow_price, tension.shadow_price.dropFirst()) {
        let noise = 3 * (low.error * low.error + high.error * high.error).squareRoot()
        if high.kpi < low.kpi - noise {
          problems.append("breaking \(name) by \(high.strength) earns less than by \(low.strength): \(high.kpi), \(low.kpi)")
        }
      }
    }
    if neutralPush > 0 { problems.append("the neutral text pushes for performance") }
    if placeboPush > 0 { problems.append("the placebo pushes for performance") }
    return problems
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
