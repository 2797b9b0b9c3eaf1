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
    dependencies: [
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Plain values: the job, offers, money, the events of a night and the folds over them.
        .target(name: "TrainingJobs", swiftSettings: strict),
        // The night as a pure state machine, the policies, and the safety net around them.
        .target(name: "NightEngine", dependencies: ["TrainingJobs"], swiftSettings: strict),
        // Prices with date and source, and availability: traces and seeded models.
        .target(name: "SpotMarket", dependencies: ["TrainingJobs"], swiftSettings: strict),
        // Starting and ending processes: sessions, parent-death signal, process table.
        .target(name: "CSupervisor"),
        .target(name: "ProcessSupervision", dependencies: ["CSupervisor", "TrainingJobs"], swiftSettings: strict),
        // SHA-256 from the system's libcrypto.
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
        // Generations of checkpoint files: commit, verify, restore, prune. Object stores below it.
        .target(name: "CheckpointStore", dependencies: ["COpenSSL"], swiftSettings: strict),
        // What runs on the machine that trains.
        .target(
            name: "TrainingAgent",
            dependencies: [
                "TrainingJobs", "CheckpointStore", "ProcessSupervision",
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ], swiftSettings: strict),
        // Machines: this computer with a simulated market.
        .target(
            name: "CapacityBackends",
            dependencies: [
                "TrainingJobs", "SpotMarket", "TrainingAgent", "ProcessSupervision",
                .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
            ], swiftSettings: strict),
        // Drives `Night` for real: journal, then act, then record.
        .target(
            name: "NightRunner",
            dependencies: [
                "TrainingJobs", "NightEngine", "CapacityBackends", "SpotMarket", "ProcessSupervision",
                .product(name: "GRDB", package: "GRDB.swift"),
            ], swiftSettings: strict),
        // The agent on the machine that trains: links only what runs there.
        .executableTarget(name: "nightshift-agent", dependencies: ["TrainingAgent"], swiftSettings: strict),
        // Fakes that refuse nonsense, virtual nights and fixtures; no product imports it.
        .target(
            name: "NightshiftTesting",
            dependencies: ["TrainingJobs", "NightEngine", "SpotMarket", "CapacityBackends", "NightRunner"],
            swiftSettings: strict),
        .testTarget(name: "NightEngineTests", dependencies: ["NightEngine", "NightshiftTesting"], swiftSettings: strict),
    ]
)
