// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TrainingJobs

/// What the backend has told of a night and could not find out again from SageMaker: a file beside the machines' own.
///
/// Without it the night goes on; what is durable is then told anew, and no more than the bucket holds now.
struct NightMemory: Codable {
    struct Generation: Codable {
        var key: String
        var committed: CommittedGeneration
    }

    private(set) var generations: [Generation] = []
    /// By launch: how each of its stays began to train.
    private var starts: [String: [TrainingStart]] = [:]
    private(set) var ends: [String: LaunchPicture] = [:]

    func generations(of key: String) -> [CommittedGeneration] {
        generations.filter { $0.key == key }.map(\.committed)
    }

    func starts(of key: String) -> [TrainingStart] { starts[key] ?? [] }
    mutating func set(_ start: TrainingStart, of key: String, stay: Int) {
        var known = starts[key] ?? []
        if stay < known.count { known[stay] = start } else { known.append(start) }
        starts[key] = known
    }

    /// The newest generation that was there at an instant, of at most so many units.
    func generation(at instant: Instant, atMost units: Double = .infinity) -> CommittedGeneration? {
        generations.map(\.committed).last { $0.at <= instant && $0.units <= units }
    }

    /// Numbered by the second of the night in which its newest file was written: the number rises, and comes out the
    /// same however often it is found.
    mutating func add(
        _ key: String, newest: Instant, bytes: Int64, units: Double, nightStart: Instant
    ) {
        if let last = generations.last?.committed, newest <= last.at { return }
        let second = Int(clamping: (newest - nightStart).milliseconds / 1000)
        let number = max(1, second, (generations.last?.committed.generation ?? 0) + 1)
        generations.append(
            Generation(
                key: key,
                committed: CommittedGeneration(generation: number, units: units, bytes: bytes, at: newest)))
    }

    mutating func end(_ picture: LaunchPicture) { ends[picture.key] = picture }

    static func read(_ path: String) -> NightMemory {
        // None yet, or one that cannot be read: see above.
        guard let data = FileManager.default.contents(atPath: path) else { return NightMemory() }
        return (try? JSONDecoder().decode(NightMemory.self, from: data)) ?? NightMemory()
    }

    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
    }
}
