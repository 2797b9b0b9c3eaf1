// swift-tools-version:6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// Rooms that count by the million are optimised in debug builds too: their tests play whole months.
let counting: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
// What Hummingbird is made of, named because our code names its types too.
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")

let package = Package(
    name: "nightshift",
    products: [
        .executable(name: "nightshift", targets: ["nightshift"]),
        .executable(name: "nightshift-agent", targets: ["nightshift-agent"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.0.0"),
    ],
    targets: [
        // Plain values: the job, offers, money, the events of a night and the folds over them.
        .target(name: "TrainingJobs", swiftSettings: counting),
        // Prices with date and source, and availability: traces and seeded models.
        .target(
            name: "SpotMarket", dependencies: ["TrainingJobs"], resources: [.embedInCode("Resources/prices.csv")],
            swiftSettings: counting),
        // The night as a pure state machine, the policies, and the safety net around them.
        .target(name: "NightEngine", dependencies: ["TrainingJobs"], swiftSettings: counting),
        // Nights played by the million: `Night` against a market, the deciding part alone in ticks, the optimum.
        .target(
            name: "NightSimulator", dependencies: ["TrainingJobs", "SpotMarket", "NightEngine"], swiftSettings: counting
        ),
        // Advice: does Spot fit a job, at what odds and for what money. Sums over models and simulated nights.
        .target(
            name: "SpotAdvisor", dependencies: ["TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator"],
            swiftSettings: counting),
        // What a drill's runs told, compared: the verdict, the likely cause, the measurements.
        .target(name: "Drills", dependencies: ["TrainingJobs"], swiftSettings: strict),
        // Terminal, SVG, HTML and JSON views: folds over events.
        .target(
            name: "Reports", dependencies: ["TrainingJobs", "SpotMarket", "NightSimulator", "SpotAdvisor", "Drills"],
            swiftSettings: strict),
        // A job as files for those who run it without us: Step Functions, CloudFormation, Terraform, IAM, Python.
        .target(name: "InfrastructureExport", dependencies: ["TrainingJobs"], swiftSettings: strict),
        // The job file: one table of keys drives the reader, its messages, the template and the JSON Schema. And trace
        // files.
        .target(name: "JobFiles", dependencies: ["TrainingJobs", "SpotMarket", yams], swiftSettings: strict),

        // SHA-256 and its kin from the system's libcrypto.
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
        .target(name: "Digests", dependencies: ["COpenSSL"], swiftSettings: strict),
        // Generations of checkpoint files: commit, verify, restore, prune. Object stores below it.
        .target(name: "CheckpointStore", dependencies: ["Digests"], swiftSettings: strict),
        // Starting and ending processes: sessions, parent-death signal, process table.
        .target(name: "CSupervisor"),
        .target(name: "ProcessSupervision", dependencies: ["CSupervisor", "TrainingJobs"], swiftSettings: strict),
        // TLS from the system's libssl.
        .systemLibrary(name: "CTLS", pkgConfig: "openssl", providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
        // AWS's own protocols: credentials, signatures, retries, and the few calls that are used.
        .target(name: "AWSClient", dependencies: ["CTLS", "Digests", "TrainingJobs"], swiftSettings: strict),
        // An object store in a bucket.
        .target(
            name: "S3Store", dependencies: ["Digests", "TrainingJobs", "CheckpointStore", "AWSClient"],
            swiftSettings: strict),
        // What runs on the machine that trains.
        .target(
            name: "TrainingAgent",
            dependencies: ["TrainingJobs", "Digests", "CheckpointStore", "ProcessSupervision", flyingSocks],
            swiftSettings: strict),
        // Machines: this computer with a simulated market.
        .target(
            name: "CapacityBackends",
            dependencies: [
                "TrainingJobs", "SpotMarket", "TrainingAgent", "ProcessSupervision", flyingFox, flyingSocks,
            ], swiftSettings: strict),
        // Machines: SageMaker's training jobs.
        .target(
            name: "SageMakerBackend",
            dependencies: [
                "TrainingJobs", "SpotMarket", "Digests", "TrainingAgent", "CapacityBackends", "AWSClient",
                "PublishedModels",
            ], swiftSettings: strict),
        // Finished models: their records, the gate, and the pointer to the one in service.
        .target(
            name: "PublishedModels",
            dependencies: ["TrainingJobs", "CheckpointStore", "ProcessSupervision", "TrainingAgent"],
            swiftSettings: strict),
        // Drives `Night` for real: journal, then act, then record.
        .target(
            name: "NightRunner",
            dependencies: [
                "TrainingJobs", "NightEngine", "CapacityBackends", "PublishedModels", "ProcessSupervision", grdb,
            ],
            swiftSettings: strict),

        // Carries out a drill: real training runs on this machine, killed and resumed on purpose.
        .target(
            name: "DrillRunner",
            dependencies: [
                "TrainingJobs", "Drills", "Digests", "CheckpointStore", "ProcessSupervision", "TrainingAgent",
                "CapacityBackends", "NightRunner", flyingFox, flyingSocks,
            ], swiftSettings: strict),

        // HTTP: SageMaker's API on this machine, with the services that its clients need beside it.
        .target(
            name: "ControlPlane",
            dependencies: [
                "TrainingJobs", "SpotMarket", "CheckpointStore", "ProcessSupervision", "TrainingAgent",
                "CapacityBackends", "PublishedModels", "AWSClient", "Digests", "COpenSSL", grdb, hummingbird,
                hummingbirdCore, httpTypes, nioCore, nioHTTPTypes, logging, serviceLifecycle, unixSignals,
            ], swiftSettings: strict),

        // The agent on the machine that trains: links only what runs there.
        // A release build carries the Swift runtime with it: a training machine has none.
        .executableTarget(
            name: "nightshift-agent", dependencies: ["TrainingJobs", "TrainingAgent"], swiftSettings: strict,
            linkerSettings: [
                .unsafeFlags(
                    ["-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims", "-Xlinker", "-s"],
                    .when(configuration: .release))
            ]),
        // The command.
        .executableTarget(
            name: "nightshift",
            dependencies: [
                "TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "SpotAdvisor", "Reports", "JobFiles",
                "CheckpointStore", "ProcessSupervision", "TrainingAgent", "CapacityBackends", "PublishedModels",
                "NightRunner", "Drills", "DrillRunner", "AWSClient", "ControlPlane", "InfrastructureExport",
                "SageMakerBackend",
                argumentParser,
            ], swiftSettings: strict),

        // Fakes that refuse nonsense, virtual nights and fixtures; no product imports it.
        .target(
            name: "NightshiftTesting",
            dependencies: [
                "TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "JobFiles", "CapacityBackends",
                "PublishedModels",
                "NightRunner",
            ], swiftSettings: strict),
        // Whole nights written by hand as events, for the views.
        .target(
            name: "ScriptedNights", dependencies: ["TrainingJobs"], path: "Tests/ScriptedNights",
            swiftSettings: strict),
        .testTarget(
            name: "TrainingJobsTests", dependencies: ["TrainingJobs", "ScriptedNights"], swiftSettings: strict),
        .testTarget(
            name: "SpotMarketTests", dependencies: ["TrainingJobs", "SpotMarket", "ScriptedNights"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "NightEngineTests",
            dependencies: ["TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "NightshiftTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "NightSimulatorTests",
            dependencies: [
                "TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "Reports", "JobFiles",
                "NightshiftTesting",
            ], swiftSettings: strict),
        .testTarget(
            name: "SpotAdvisorTests",
            dependencies: [
                "TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "SpotAdvisor", "Reports", "JobFiles",
                "NightshiftTesting",
            ], swiftSettings: strict),
        // Runs of a drill written by hand, for the judge and for the views.
        .target(
            name: "ScriptedDrills", dependencies: ["TrainingJobs", "Drills"], path: "Tests/ScriptedDrills",
            swiftSettings: strict),
        .testTarget(
            name: "DrillsTests", dependencies: ["TrainingJobs", "Drills", "Reports", "ScriptedDrills"],
            swiftSettings: strict),
        .testTarget(
            name: "ReportsTests",
            dependencies: ["TrainingJobs", "SpotMarket", "Drills", "Reports", "ScriptedNights", "ScriptedDrills"],
            exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "JobFilesTests", dependencies: ["TrainingJobs", "SpotMarket", "JobFiles"], swiftSettings: strict),
        .testTarget(
            name: "NightRunnerTests",
            dependencies: [
                "TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "CapacityBackends", "NightRunner",
                "NightshiftTesting", grdb,
            ], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "DrillRunnerTests",
            dependencies: ["TrainingJobs", "Drills", "TrainingAgent", "Reports", "DrillRunner", "ScriptedDrills"],
            swiftSettings: strict),
        .testTarget(name: "ProcessSupervisionTests", dependencies: ["ProcessSupervision"], swiftSettings: strict),
        .testTarget(
            name: "TrainingAgentTests",
            dependencies: [
                "TrainingJobs", "SpotMarket", "Digests", "CheckpointStore", "ProcessSupervision", "TrainingAgent",
                "nightshift-agent",
            ], swiftSettings: strict),
        .testTarget(
            name: "PublishedModelsTests",
            dependencies: [
                "TrainingJobs", "CheckpointStore", "ProcessSupervision", "PublishedModels", "NightshiftTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "InfrastructureExportTests",
            dependencies: ["TrainingJobs", "JobFiles", "InfrastructureExport", "NightshiftTesting", "nightshift"],
            swiftSettings: strict),
        .testTarget(
            name: "AWSClientTests",
            dependencies: [
                "TrainingJobs", "SpotMarket", "Digests", "AWSClient", "nightshift", flyingFox, flyingSocks,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SageMakerBackendTests",
            dependencies: [
                "TrainingJobs", "SpotMarket", "NightEngine", "CapacityBackends", "PublishedModels", "NightRunner",
                "AWSClient", "SageMakerBackend", "NightshiftTesting",
            ], swiftSettings: strict),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "TrainingJobs", "SpotMarket", "ProcessSupervision", "TrainingAgent", "ControlPlane", "nightshift",
                httpTypes,
            ],
            swiftSettings: strict),
        // The law of object stores, for every body of one, and a real server of buckets.
        .target(
            name: "StoreTesting", dependencies: ["CheckpointStore"], path: "Tests/StoreTesting", swiftSettings: strict),
        .testTarget(
            name: "CheckpointStoreTests", dependencies: ["Digests", "CheckpointStore", "StoreTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "S3StoreTests",
            dependencies: ["TrainingJobs", "Digests", "CheckpointStore", "AWSClient", "S3Store", "StoreTesting"],
            swiftSettings: strict),
        // Figures of this machine; a target here because `package` access ends with the package.
        .executableTarget(
            name: "nightshift-bench",
            dependencies: [
                "TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "SpotAdvisor", "Reports", "JobFiles",
                "CheckpointStore", "NightRunner", "NightshiftTesting", "AWSClient", "S3Store", "StoreTesting",
            ], path: "Benchmarks", swiftSettings: strict),
        // What the compiler does not check about the arrows above.
        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        // The programs themselves: real processes, real files, `kill -9`. Slow; runs apart from the others.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "nightshift", "nightshift-agent", "TrainingJobs", "SpotMarket", "CheckpointStore", "ProcessSupervision",
                "TrainingAgent", "CapacityBackends", "PublishedModels", "NightRunner", "JobFiles", "Reports", "Drills",
                "NightshiftTesting", flyingFox, flyingSocks,
            ], exclude: ["Fixtures"], swiftSettings: strict),
    ]
)
