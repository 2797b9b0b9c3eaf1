// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// SwiftPM lets a target import a room that it gets only through another one. These tests don't.
@Suite struct RoomsTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every import of every Swift file below a directory: the module, and where it stands.
    private static func imports(below path: String) throws -> [(module: String, place: String)] {
        let directory = root.appending(path: path)
        guard let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil) else {
            return []
        }
        var found: [(String, String)] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                // Scripts inside string literals import too, but no module of Swift begins with a small letter.
                guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1,
                    words[index + 1].first?.isUppercase == true,
                    ["import", "package", "internal", "public", "@testable"].contains(words[0])
                else { continue }
                found.append((String(words[index + 1]), "\(path)/\(file.lastPathComponent)"))
            }
        }
        return found
    }

    /// The dependencies of each target as `Package.swift` lists them, product variables by their module.
    private static func manifest() throws -> [String: Set<String>] {
        let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        let products = [
            "argumentParser": "ArgumentParser", "yams": "Yams", "grdb": "GRDB", "flyingFox": "FlyingFox",
            "flyingSocks": "FlyingSocks", "hummingbird": "Hummingbird", "hummingbirdCore": "HummingbirdCore",
            "httpTypes": "HTTPTypes", "nioCore": "NIOCore", "nioHTTPTypes": "NIOHTTPTypes", "logging": "Logging",
            "serviceLifecycle": "ServiceLifecycle", "unixSignals": "UnixSignals",
        ]
        var targets: [String: Set<String>] = [:]
        let pattern = /\.(?:target|executableTarget|testTarget)\(\s*name: "([^"]+)"(?:,\s*dependencies: \[([^\]]*)\])?/
        for match in text.matches(of: pattern) {
            let listed = (match.output.2 ?? "").split { ",\n ".contains($0) }.map { word in
                word.hasPrefix("\"") ? String(word.dropFirst().dropLast()) : products[String(word)] ?? "unknown \(word)"
            }
            targets[String(match.output.1)] = Set(listed)
        }
        return targets
    }

    private static let system: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationXML", "Glibc", "Darwin",
        "Musl", "Synchronization",
        "Testing",
    ]

    @Test func `a target imports only what Package.swift gives it`() throws {
        let manifest = try Self.manifest()
        #expect(manifest.count > 12, "the manifest is not understood: \(manifest.keys.sorted())")
        for (target, allowed) in manifest.sorted(by: { $0.key < $1.key }) {
            for folder in ["Sources", "Tests"] {
                for (module, place) in try Self.imports(below: "\(folder)/\(target)") {
                    #expect(
                        allowed.contains(module) || Self.system.contains(module),
                        "\(place) imports \(module), which \(target) does not list")
                }
            }
        }
    }

    @Test(arguments: [
        "TrainingJobs", "SpotMarket", "NightEngine", "NightSimulator", "SpotAdvisor", "Drills", "InfrastructureExport",
    ])
    func `a pure room imports nothing that could do I/O`(room: String) throws {
        for (module, place) in try Self.imports(below: "Sources/\(room)") {
            // The C library only for `log`, `exp`, `pow` and their like.
            let mathematics =
                [
                    "SpellModel.swift", "HazardLaw.swift", "GammaDistribution.swift", "DrawnMarkets.swift",
                    "NormalDistribution.swift", "MarketTightness.swift",
                ].contains {
                    place.hasSuffix($0)
                }
                && ["Glibc", "Darwin"].contains(module)
            #expect(mathematics || !Self.system.contains(module), "\(place) imports \(module)")
        }
    }

    @Test func `views import Foundation only for time zones and for JSON`() throws {
        let files = try Self.imports(below: "Sources/Reports").filter { Self.system.contains($0.module) }.map(\.place)
        // The C library only for logarithmic axes.
        let allowed = ["ClockText.swift", "NightJSON.swift", "LogScale.swift"].map { "Sources/Reports/" + $0 }
        #expect(Set(files) == Set(allowed))
    }

    @Test func `no product imports the test kit`() throws {
        for room in try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
        where room != "NightshiftTesting" {
            let imported = try Self.imports(below: "Sources/\(room)").map(\.module)
            #expect(!imported.contains("NightshiftTesting") && !imported.contains("Testing"), "\(room)")
        }
    }

    @Test func `the agent links neither a database nor YAML nor an HTTP server`() throws {
        let manifest = try Self.manifest()
        var reached: Set<String> = []
        var open = ["nightshift-agent"]
        while let target = open.popLast() {
            guard reached.insert(target).inserted else { continue }
            open += manifest[target] ?? []
        }
        #expect(reached.isDisjoint(with: ["GRDB", "Yams", "FlyingFox", "ArgumentParser", "NightEngine", "SpotMarket"]))
        #expect(reached.contains("CheckpointStore"))
    }
}

@Suite struct LinkTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `every relative link of a page leads somewhere`() throws {
        var pages = [
            "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "Examples/recommender/README.md",
            "Examples/export/README.md",
        ]
        pages += try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "docs").path)
            .filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        for page in pages {
            let file = Self.root.appending(path: page)
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
                let target = file.deletingLastPathComponent().appending(path: String(match.output.1))
                    .standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: target.path), "\(page) links to \(match.output.1)")
            }
        }
    }
}
