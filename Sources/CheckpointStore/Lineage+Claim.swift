// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

extension Lineage {
    /// Takes the lineage over for `epoch`: once it returns, no lower epoch can commit any more.
    ///
    /// The same attempt may claim again, for example after its agent was restarted. One record in the log each time, so
    /// that a request of the attempt's former process, still under way, loses its race. A damaged record cannot tell
    /// its epoch and hinders no claim: that is what a new epoch is asked for after `headUnreadable`.
    package func claim(epoch: Int, at milliseconds: Int64) async throws(CommitError) -> Claim {
        precondition(epoch >= 0, "epoch \(epoch)")
        return try await CommitError.closing {
            for found in try await log.all() {
                switch found.record {
                case .success(let record) where record.epoch > epoch: throw CommitError.fenced(by: record.epoch)
                case .failure(.newer(let version)): throw CommitError.newerFormat(version: version)
                case .success, .failure(.damaged): continue
                }
            }
            try await putLabel()
            guard let record = try await log.append(epoch: epoch, since: nil, at: milliseconds, entry: { _ in .claim })
            else { preconditionFailure("a claim is always appended") }
            return Claim(epoch: epoch, sequence: record.sequence)
        }
    }

    private func putLabel() async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let label = StoreLabel(format: StoreLayout.format, version: StoreLayout.version, lineage: name)
        let bytes = [UInt8](try encoder.encode(label)) + [UInt8(ascii: "\n")]
        guard try await objects.putIfAbsent(layout.label, bytes) == .exists else { return }
        if let why = try await flawOfLabel(), why.isForeign { throw CommitError.otherStore(why: why.words) }
    }

    /// What is wrong with `store.json`, or nil. Only a label that can be read and says something else is foreign; a
    /// damaged one is reported by `verify` and hinders nobody.
    func flawOfLabel() async throws -> (words: String, isForeign: Bool)? {
        let bytes: [UInt8]?
        do {
            bytes = try await objects.get(layout.label, limit: 4096)
        } catch let damaged as ObjectDamaged {
            return (damaged.why, false)
        }
        guard let bytes else { return ("it is missing", false) }
        guard let label = try? JSONDecoder().decode(StoreLabel.self, from: Data(bytes)) else {  // Damage, told as such.
            return ("it cannot be read", false)
        }
        if label.format != StoreLayout.format { return ("store.json says format \(label.format)", true) }
        if label.version != StoreLayout.version { return ("store.json says version \(label.version)", true) }
        if label.lineage != name { return ("store.json says lineage \(label.lineage)", true) }
        return nil
    }
}

private struct StoreLabel: Codable {
    var format: String
    var version: Int
    var lineage: String
}
