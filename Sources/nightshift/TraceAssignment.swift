// SPDX-License-Identifier: Apache-2.0

import JobFiles
import TrainingJobs

/// Which trace each Spot offer of a job follows, from what was typed after `--trace`: a file for each offer in the
/// job's order, `zone=FILE`, or `all=FILE`.
struct TraceAssignment {
    /// In the order in which they were typed, each once.
    private(set) var places: [TracePlace] = []
    /// The index of each offer's file.
    private(set) var zones: [Offer: Int] = [:]

    init(_ typed: [String], for offers: [Offer], _ reader: inout OptionReader) {
        guard !typed.contains(where: { $0.isEmpty || $0.hasSuffix("=") }) else {
            reader.complain("--trace: names no file; give a trace, as us-west-2a.json or zone=us-west-2a.json")
            return
        }
        let named = typed.compactMap(Self.named)
        if named.isEmpty {
            inOrder(typed, offers, &reader)
        } else if named.count < typed.count {
            reader.complain("--trace: name the zone of every trace, as zone=FILE, or of none")
        } else {
            byName(named, offers, &reader)
        }
    }

    private mutating func inOrder(_ typed: [String], _ offers: [Offer], _ reader: inout OptionReader) {
        guard typed.count == offers.count else {
            let names = offers.map(\.name).joined(separator: ", ")
            let all =
                typed.count == 1
                ? "; all=\(typed[0]) lets one trace serve them all, which then come and go together" : ""
            reader.complain(
                "--trace: \(typed.count) \(typed.count == 1 ? "trace" : "traces") for the job's \(offers.count) Spot "
                    + "\(offers.count == 1 ? "offer" : "offers") (\(names)); give one for each, in this order\(all)")
            return
        }
        for (place, offer) in zip(typed, offers) { add(place, offer) }
    }

    private mutating func byName(
        _ named: [(name: String, place: String)], _ offers: [Offer], _ reader: inout OptionReader
    ) {
        for (name, place) in named {
            let mine = offers.filter { name == "all" || $0.zone == name }
            if mine.isEmpty {
                let zones = offers.map(\.zone)
                let near = NearestName.of(name, in: zones).map { "did you mean \($0)? " } ?? ""
                reader.complain(
                    "--trace: the job has no Spot offer in \(name); \(near)it has them in "
                        + zones.joined(separator: ", "))
            }
            for offer in mine { add(place, offer) }
        }
        let left = offers.filter { zones[$0] == nil }
        if !left.isEmpty, reader.problems.isEmpty {
            reader.complain("--trace: no trace for \(left.map(\.name).joined(separator: ", ")); add zone=FILE for it")
        }
    }

    private mutating func add(_ typed: String, _ offer: Offer) {
        let place = TracePlace(typed)
        let index = places.firstIndex(of: place) ?? places.count
        if index == places.count { places.append(place) }
        zones[offer] = index
    }

    /// `zone=FILE`; a path may hold the sign as well, so what stands before it must look like a zone.
    private static func named(_ typed: String) -> (name: String, place: String)? {
        guard let sign = typed.firstIndex(of: "=") else { return nil }
        let name = String(typed[..<sign])
        guard !name.contains("/"), !name.contains(".") else { return nil }
        return (name, String(typed[typed.index(after: sign)...]))
    }
}
