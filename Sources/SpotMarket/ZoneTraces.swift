// SPDX-License-Identifier: Apache-2.0

/// Traces of several zones that run at the same time: tick `i` of one is tick `i` of all.
///
/// They are aligned at their first tick and end with the shortest.
package struct ZoneTraces: Hashable, Sendable {
    /// All with the same gap.
    package let zones: [AvailabilityTrace]
    package let gapMilliseconds: Int64
    /// Ticks that every zone has.
    package let count: Int

    /// A coarser trace is read in the finest one's ticks, if these fit into its own without a rest.
    package init(_ traces: [AvailabilityTrace]) throws(TraceProblems) {
        guard let finest = traces.min(by: { $0.gapMilliseconds < $1.gapMilliseconds }) else {
            throw TraceProblems(["no traces: name at least one"])
        }
        let gap = finest.gapMilliseconds
        let odd = traces.filter { $0.gapMilliseconds % gap != 0 }
        guard odd.isEmpty else {
            throw TraceProblems(
                odd.map { trace in
                    "\(trace.provenance.source): ticks of \(Self.seconds(trace.gapMilliseconds)) s do not divide into "
                        + "the \(Self.seconds(gap)) s of \(finest.provenance.source); join traces of which one gap is a "
                        + "multiple of the other"
                })
        }
        zones = traces.map {
            $0.gapMilliseconds == gap ? $0 : $0.refined(by: Int($0.gapMilliseconds / gap))
        }
        gapMilliseconds = gap
        count = zones.map(\.count).min() ?? 0
    }

    /// Refuses a night that begins at `tick` and is longer than what is left of some zone.
    package func requireLength(_ night: Duration, from tick: Int = 0) throws(TraceProblems) {
        var problems: [String] = []
        for zone in zones {
            do { try zone.requireLength(night, from: tick) } catch { problems += error.problems }
        }
        guard problems.isEmpty else { throw TraceProblems(problems) }
    }

    private static func seconds(_ milliseconds: Int64) -> String { TraceValue.text(Double(milliseconds) / 1000) }
}
