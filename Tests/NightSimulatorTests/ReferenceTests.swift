// SPDX-License-Identifier: Apache-2.0
import Foundation
import NightEngine
import NightSimulator
import Testing
import TrainingJobs

@Suite struct ReferenceTests {
    @Test func golden() throws {
        let shared = "/work/shared"
        let text = try String(contentsOfFile: shared + "/facts/reference_nights.csv", encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let head = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        var cache: [String: [Bool]] = [:]
        var bad = 0
        var total = 0
        for line in lines.dropFirst() {
            let f = Dictionary(
                uniqueKeysWithValues: zip(
                    head, line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)))
            let trace = f["trace"]!
            let key = trace + "#" + f["window"]!
            if cache[key] == nil {
                if trace.hasPrefix("frontier") {
                    let t = try String(contentsOfFile: shared + "/traces/" + trace + ".txt", encoding: .utf8)
                    let l = t.split(separator: "\n").first { $0.split(separator: " ")[0] == f["window"]! }!
                    cache[key] = l.split(separator: " ")[2].map { $0 == "1" }
                } else {
                    let o =
                        try JSONSerialization.jsonObject(
                            with: Data(contentsOf: URL(filePath: shared + "/traces/spot-traces/" + trace + ".json")))
                        as! [String: Any]
                    let n = trace.contains("4-node") ? 4 : 1
                    cache[key] = (o["data"] as! [Int]).map { $0 >= n }
                }
            }
            let c = f["config"]!.split(separator: "_")
            let work = Int64(c[1].dropLast())! * 3_600_000
            let dl = Int64(c[2].dropFirst(2))! * 3_600_000
            let o = Int64((Double(c[3].dropFirst())! * 3_600_000).rounded())
            let night = TickNight(
                tick: Int64(f["gap_s"]!)! * 1000, work: work, deadline: dl, restartOverhead: o, spotRates: [973_100],
                onDemandRate: 3_060_000)
            for (name, policy) in [
                ("on_demand", PolicyName.onDemandOnly), ("greedy", .greedy), ("uniform_progress", .uniformProgress),
                ("up_no_hysteresis", .uniformProgressWithoutHysteresis), ("up_switch07", .switchPoint),
            ] {
                var sim = TickSimulator(night, .published(policy.policy))
                let r = sim.play([cache[key]!], from: Int(f["start_tick"]!)!)
                total += 1
                let want = Double(f[name + "_odh"]!)!
                if abs(r.onDemandHours(night) - want) > 1e-6 || r.finishTick != Int(f[name + "_fin"]!)! {
                    bad += 1
                    if bad < 10 { print(name, line, r, r.onDemandHours(night)) }
                }
            }
        }
        print("total", total, "bad", bad)
        #expect(bad == 0)
    }
}
