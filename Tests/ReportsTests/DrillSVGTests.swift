// SPDX-License-Identifier: Apache-2.0

import Drills
import Reports
import ScriptedDrills
import Testing
import TrainingJobs

@Suite struct DrillSVGTests {
    private func picture(_ run: DrillRun, over control: DrillRun = ScriptedTraining.control()) -> String? {
        DrillSVG(run, over: control, metric: "loss", title: "killed")?.text
    }

    @Test("the same drill gives the same pictures, one for each disturbed run")
    func same() throws {
        let pictures = ScriptedDrill.failed.pictures
        #expect(pictures.map(\.name) == Disturbance.allCases.map(\.rawValue))
        try Golden.expect(try #require(pictures.first).svg, "drill-kill.svg")
        #expect(pictures.map(\.svg) == ScriptedDrill.failed.pictures.map(\.svg))
        #expect(ScriptedDrill.controlFailed.pictures.isEmpty)
    }

    @Test("a metric that nobody told has no picture")
    func nothingTold() {
        #expect(DrillSVG(ScriptedTraining.killed(), over: ScriptedTraining.control(), metric: "no", title: "") == nil)
        #expect(picture(ScriptedRun(.kill).done(), over: ScriptedRun(nil).done()) == nil)
        #expect(picture(ScriptedRun(.kill).done()) != nil)
    }

    @Test(
        "whatever numbers a log tells, the picture is well-formed and its places are numbers",
        arguments: [
            [0, 0, 0], [1], [.nan, 1], [.infinity, 2], [-.infinity], [1e308, -1e308], [1.7e308], [-1.7e308, 1.7e308],
            [Double.leastNonzeroMagnitude, 0], [1e-300, 2e-300], [-5, -5], [1e15, 1e15 + 1], [9.3e18, 1], [],
        ] as [[Double]])
    func oddNumbers(numbers: [Double]) throws {
        func run(_ disturbance: Disturbance?, _ units: [Double], _ values: [Double]) -> DrillRun {
            var run = ScriptedRun(disturbance)
            run.begin()
            for (unit, value) in zip(units, values) { run.line(unit, ("loss", value)) }
            run.begin(from: units.last ?? 0)
            for (unit, value) in zip(units, values) { run.line(unit, ("loss", value)) }
            return run.done()
        }
        let plain = Array(stride(from: 1.0, through: Double(numbers.count), by: 1))
        for (units, values) in [(plain, numbers), (numbers, plain), (numbers, numbers)] {
            guard let text = picture(run(.kill, units, values), over: run(nil, units, values)) else { continue }
            #expect(Elements(xml: text) != nil, "\(units) \(values)")
            let places = text.matches(of: /(?:x|y|x1|x2|y1|y2|cx|cy|points)="([^"]*)"/).map(\.output.1)
            #expect(places.allSatisfy { $0.allSatisfy { "-0123456789., ".contains($0) } }, "\(units) \(values)")
            let across = text.matches(of: /(?: x| x1| x2| cx)="([^"]*)"/).compactMap { Double($0.output.1) }
            #expect(across.allSatisfy { (0...680).contains($0) }, "\(units) \(values)")
        }
    }

    @Test(
        "the axis has a few ticks with short labels, for few units and for many",
        arguments: [0.5, 1, 2, 3, 4, 10, 25, 100, 1050, 1_000_000] as [Double])
    func ticks(total: Double) throws {
        var run = ScriptedRun(nil)
        run.begin()
        run.line(total, ("loss", 1))
        let text = try #require(picture(run.done(), over: run.done()))
        let labels = text.matches(of: /text-anchor="middle">([^<]*)</).map { String($0.output.1) }
        #expect((3...13).contains(labels.count), "\(labels)")
        #expect(labels.allSatisfy { $0.count <= 7 }, "\(labels)")
        #expect(Set(labels).count == labels.count)
    }

    @Test("a log of a hundred thousand values gives a picture of some ten thousand characters that shows its extremes")
    func longLog() throws {
        func run(_ disturbance: Disturbance?, spike: Double) -> DrillRun {
            var run = ScriptedRun(disturbance)
            run.begin()
            for unit in 1...100_000 { run.line(Double(unit), ("loss", unit == 77_777 ? spike : 1)) }
            return run.done()
        }
        let flat = try #require(picture(run(.kill, spike: 1), over: run(nil, spike: 1)))
        let spiked = try #require(picture(run(.kill, spike: 50), over: run(nil, spike: 1)))
        #expect(flat.utf8.count < 100_000)
        #expect(spiked.contains(">52.9<") && !flat.contains(">52.9<"))
    }
}
