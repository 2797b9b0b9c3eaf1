// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@testable import ProcessSupervision
@testable import TrainingAgent

@Suite(.timeLimit(.minutes(1)))
struct OutputPumpTests {
    let scratch: Scratch
    private let order: AgentOrder

    init() throws {
        scratch = try Scratch()
        order = AgentOrder(
            launch: Orders.launch(notAfter: SystemClock.now()),
            job: Orders.job(source: "/s", uri: "/u", output: "/o"), deadline: SystemClock.now(), clock: Orders.clock(),
            sourceDirectory: "/s", root: "/r", reportDirectory: scratch.path)
    }

    /// Pumps these bytes to their end; the log's lines as a reader gets them.
    private func pump(_ bytes: [UInt8], board: ProgressBoard = ProgressBoard()) async throws -> [String] {
        let pump = try OutputPump(job: order.job, log: AgentLog(order: order), progress: board, losses: nil)
        let end = pump.writeEnd
        await withCheckedContinuation { done in
            runOnOwnThread {
                var sent = 0
                while sent < bytes.count {
                    let count = bytes.withUnsafeBytes { write(end, $0.baseAddress! + sent, bytes.count - sent) }
                    if count <= 0 { break }
                    sent += count
                }
                done.resume()
            }
        }
        pump.closeWriteEnd()
        await pump.waitUntilFinished(atMost: .seconds(30))
        return try (scratch.text("log.jsonl") ?? "").split(separator: "\n").map {
            try JSONDecoder().decode(LogEntry.self, from: Data($0.utf8)).line
        }
    }

    @Test func `lines come out as they went in, the last one without its newline too`() async throws {
        let lines = ["one", "", "\u{1b}]52;c;aGk=\u{7}\u{1b}[31mred", "a\rb", "tab\t\u{202e}rtl", "é 漢 🙂", "end"]
        #expect(try await pump(Array(lines.joined(separator: "\n").utf8)) == lines)
    }

    @Test func `invalid UTF-8 is replaced and hurts no other line`() async throws {
        #expect(
            try await pump([0x61, 0xff, 0xc3, 0x0a, 0x62, 0x0a, 0xe2, 0x82]) == ["a\u{fffd}\u{fffd}", "b", "\u{fffd}"])
    }

    @Test func `a long line comes in parts, cut between characters`() async throws {
        let line = String(repeating: "é漢🙂x", count: 20_000)
        let got = try await pump(Array((line + "\nnext").utf8))
        #expect(got.dropLast().joined() == line)
        #expect(got.last == "next")
        #expect(got.count == 5 && got.allSatisfy { $0.utf8.count <= 64 << 10 })
    }

    @Test func `the rest of a long line is not searched for metrics`() async throws {
        let board = ProgressBoard()
        let line = "epoch=1 " + String(repeating: "x", count: (64 << 10) - 8) + "epoch=7"
        _ = try await pump(Array(line.utf8), board: board)
        #expect(board.take()?.units == 1)
    }

    @Test func `a fast writer waits, and all it wrote is there`() async throws {
        let board = ProgressBoard()
        let text = (1...20_000).map { "epoch=\($0)\n" }.joined()
        let got = try await pump(Array(text.utf8), board: board)
        #expect(got.count == 20_000)
        #expect(board.take()?.units == 20_000)
        #expect(board.take() == nil)
    }

    @Test(
        arguments: [
            ("epoch=3 loss=0.25", [3, 0.25]), ("loss=-1e-3", [-0.001]), ("loss=nan epoch=4", [4]), ("loss=inf", []),
            ("nothing", []), ("loss=--", []), ("epoch=1 epoch=2", [1]), ("epoch=99999999999999999999", [1e20]),
            ("", []),
        ] as [(String, [Double])])
    func `metrics are found by the job's expressions`(line: String, values: [Double]) throws {
        let reader = try LogReader(metrics: order.job.metricDefinitions, progress: order.job.progress)
        #expect(reader.metrics(in: line).map(\.value) == values)
    }

    @Test func `a metric that is no finite number is kept as its word, in a line that older readers skip`() async throws
    {
        _ = try await pump(Array("epoch=1 loss=0.5\nepoch=2 loss=NaN\nepoch=3 loss=-inf\nloss=info\n".utf8))
        let lines = (scratch.text("metrics.jsonl") ?? "").split(separator: "\n").map { Data($0.utf8) }
        let entries = try lines.map { try JSONDecoder().decode(MetricEntry.self, from: $0) }
        let losses = entries.filter { $0.name == "loss" }
        #expect(losses.map(\.value) == [0.5, nil, nil])
        #expect(losses.map(\.notFinite) == [nil, "NaN", "-inf"])
        struct OldEntry: Decodable { var value: Double }
        // Not decodable is what those readers take for torn.
        let old = lines.compactMap { try? JSONDecoder().decode(OldEntry.self, from: $0).value }
        #expect(old.sorted() == [0.5, 1, 2, 3])
    }

    @Test func `an expression that backtracks cannot stop the training`() throws {
        let reader = try LogReader(
            metrics: [MetricDefinition(name: "loss", regex: ".*loss=(.*);")], progress: order.job.progress)
        let start = ContinuousClock.now
        #expect(reader.metrics(in: String(repeating: "loss", count: 250_000)).isEmpty)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func `after a torn line the next entry begins a new one`() throws {
        try scratch.write("{\"at\":17", to: "log.jsonl")
        AgentLog.write(to: order, "after")
        let lines = (scratch.text("log.jsonl") ?? "").split(separator: "\n")
        #expect(lines.count == 2 && lines[1].contains("after"))
    }

    @Test func `progress is what had been told by then, and memory stays small`() {
        let board = ProgressBoard()
        board.restart(at: Instant(milliseconds: 0), units: 5)
        for moment in 1...100_000 { board.tell(Double(5 + moment), at: Instant(milliseconds: Int64(moment))) }
        #expect(board.units(at: Instant(milliseconds: -1)) == 5)
        #expect(board.units(at: Instant(milliseconds: 100_000)) == 100_005)
        for moment in stride(from: 1, through: 100_000, by: 997) {
            #expect(board.units(at: Instant(milliseconds: Int64(moment))) <= Double(5 + moment))
        }
    }
}

extension AgentLog {
    fileprivate static func write(to order: AgentOrder, _ line: String) {
        // A log that cannot be opened shows as a missing line.
        try? AgentLog(order: order).write(line, from: .agent)
    }
}
