// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import TrainingAgent

@Suite struct LossWatchTests {
    private static func watch(_ change: (inout TripwireSettings) -> Void = { _ in }) -> LossWatch {
        var settings = TripwireSettings()
        change(&settings)
        return LossWatch(metric: "loss", settings: settings)
    }

    /// The places, from 0, at which something was seen.
    private static func fired(_ losses: [Double], explodesAt: Double = 10) -> [Int] {
        var watch = watch { $0.explodesAt = explodesAt }
        watch.begin(before: nil, fromZero: true)
        return losses.indices.filter { index in
            let loss = losses[index]
            return !watch.tell(loss.isFinite ? .number(loss) : .notFinite("\(loss)")).isEmpty
        }
    }

    @Test func `a loss that is no number is seen at once, once, and again after numbers`() {
        #expect(Self.fired([2, .nan, .nan, .infinity]) == [1])
        #expect(Self.fired([.nan]) == [0])
        #expect(Self.fired([2, 2, 2, .nan, 2, 2, 2, .nan]) == [3, 7])
        var watch = Self.watch()
        #expect(watch.tell(.notFinite("-inf")) == [.lossNotFinite(metric: "loss", text: "-inf")])
        #expect(!watch.isFinite)
        #expect(watch.tell(.number(1)) == [])
        #expect(watch.isFinite)
    }

    @Test func `a loss explodes at ten times the smallest, judged by the middle of three`() {
        #expect(Self.fired([2, 1, 1, 1, 10, 10]) == [5])
        #expect(Self.fired([2, 1, 1, 1, 9.99, 9.99, 9.99]) == [])
        #expect(Self.fired([2, 1, 1, 1, 1e9, 1, 1, 1e9, 1]) == [], "a single odd value is no explosion")
        #expect(Self.fired([2, 1, 1, 1, 5, 5, 5], explodesAt: 5) == [5])
        #expect(Self.fired([1e9, 3, 2, 2]) == [], "it may begin wild")
        #expect(Self.fired([2, 2, 2, 40, 40, 40, 40, 40, 2, 2, 40, 40]) == [4, 11])
    }

    @Test func `a loss near zero may tremble below where it began`() {
        #expect(Self.fired([2, 1, 0.5, 1e-6, 1e-6, 1e-6, 1e-3, 1e-3, 0.9, 0.9, 0.9]) == [])
        #expect(Self.fired([2, 1, 0.5, 0, 0, 0, 0, 1, 1, 1]) == [])
        #expect(Self.fired([2, 2, 2, 0, 0, 0, 2.1, 2.1]) == [7])
    }

    @Test func `a loss below zero explodes upwards by the same measure`() {
        #expect(Self.fired([-1, -1, -1, -5, -5, -5, -1, 0, 3, 49, 49]) == [])
        #expect(Self.fired([-1, -1, -1, -5, -5, -5, 50, 50]) == [7])
    }

    @Test func `what was smallest is remembered over a restart, unless it is one from zero`() {
        for fromZero in [false, true] {
            var watch = Self.watch()
            watch.begin(before: nil, fromZero: true)
            for loss in [2, 1, 1, 1.0] { _ = watch.tell(.number(loss)) }
            watch.begin(before: nil, fromZero: fromZero)
            var seen: [Alarm.Sighting] = []
            for loss in [12, 12, 12.0] { seen += watch.tell(.number(loss)) }
            #expect(seen == (fromZero ? [] : [.lossExploding(metric: "loss", loss: 12, smallest: 1)]))
        }
    }

    @Test(arguments: [(1.5, false), (1.51, true), (0.5, false), (1e9, true)])
    func `the first loss after a resume is compared with the one of the restored generation`(
        after: Double, fires: Bool
    ) {
        var watch = Self.watch()
        watch.begin(before: 1, fromZero: false)
        #expect(watch.tell(.number(after)) == (fires ? [.lossJump(metric: "loss", before: 1, after: after)] : []))
        #expect(watch.tell(.number(after)) == [], "only the first")
    }

    @Test func `without a known loss, or after a first that is no number, there is no jump`() {
        var watch = Self.watch()
        watch.begin(before: nil, fromZero: false)
        #expect(watch.tell(.number(1e9)) == [])
        watch.begin(before: 1, fromZero: false)
        #expect(watch.tell(.notFinite("nan")).map(\.tripwire) == [.badLoss])
        #expect(watch.tell(.number(1e9)) == [])
    }

    @Test func `a loss below zero jumps upwards`() {
        var watch = Self.watch { $0.lossJumpAbove = 10 }
        watch.begin(before: -10, fromZero: false)
        #expect(watch.tell(.number(-9)) == [])
        watch.begin(before: -10, fromZero: false)
        #expect(watch.tell(.number(-8.9)).count == 1)
    }

    @Test func `what is off is not seen`() {
        var watch = Self.watch { ($0.badLoss, $0.lossJump) = (.off, .off) }
        watch.begin(before: 1, fromZero: false)
        #expect(watch.tell(.number(1e9)) == [] && watch.tell(.notFinite("nan")) == [])
    }

    @Test(arguments: [
        ("loss=([0-9.]+)", "loss=nan", "nan"), ("loss=([0-9.]+)", "epoch=1 loss=-Inf, acc=1", "-Inf"),
        ("loss: ([-+]?[0-9]+(?:\\.[0-9]+)?) acc", "loss: Infinity acc", "Infinity"),
        ("loss=([0-9.]+)", "loss=info", nil), ("loss=([0-9.]+)", "loss=nano", nil), ("loss=([0-9.]+)", "loss=1.0", nil),
        (#"\(loss\) [(]([0-9]+)[)]"#, "(loss) (nan)", "nan"), (#"\Q(loss=\E(\S+)"#, "(loss=NaN", "NaN"),
        ("(?<value>[0-9.]+) loss", "nan loss", "nan"),
        ("(?:train|val)_loss=((?:[0-9]|[.])+)", "val_loss=nan", "nan"),
        ("loss=[0-9.]+", "loss=nan", nil),
    ])
    func `nan and inf are found where the job's expression looks for a number`(
        regex: String, line: String, found: String?
    ) throws {
        let metric = MetricDefinition(name: "loss", regex: regex)
        let reader = try LogReader(metrics: [metric], progress: .metric(name: "epoch", total: 1), loss: metric)
        let metrics = reader.metrics(in: line)
        let loss = reader.loss(among: metrics, notFinite: reader.notFinite(in: line, besides: metrics))
        if line.contains("1.0") {
            #expect(loss == .number(1))
        } else {
            #expect(loss == found.map { .notFinite($0) })
        }
    }

    @Test(arguments: [
        (["epoch", "loss"], "loss"), (["val_loss", "loss"], "loss"),
        (["epoch", "Train:Loss", "val_loss"], "Train:Loss"),
        (["epoch", "lossy"], nil),
    ])
    func `the loss is the metric that is called so`(names: [String], loss: String?) {
        var job = Orders.job(source: "/s", uri: "/u", output: "/o")
        job.metricDefinitions = names.map { MetricDefinition(name: $0, regex: "(a)") }
        #expect(job.lossMetric?.name == loss)
        job.tripwires.lossMetric = "epoch"
        #expect(job.lossMetric?.name == (names.contains("epoch") ? "epoch" : nil))
    }
}
