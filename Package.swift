// swift-tools-version:6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "nightshift",
    platforms: [.macOS(.v15)],
    targets: [
        // Plain values: the job, offers, money, the events of a night and the folds over them.
        .target(name: "TrainingJobs", swiftSettings: strict),
        // The night as a pure state machine, the policies, and the safety net around them.
        .target(name: "NightEngine", dependencies: ["TrainingJobs"], swiftSettings: strict),
        // Prices with date and source, and availability: traces and seeded models.
        .target(name: "SpotMarket", dependencies: ["TrainingJobs"], swiftSettings: strict),
    ]
)
