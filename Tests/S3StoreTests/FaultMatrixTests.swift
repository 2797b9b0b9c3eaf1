// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import StoreTesting
import Testing

@testable import AWSClient
@testable import S3Store

/// Every operation with every fault, once and for good: an error may be told, a wrong result never.
@Suite struct FaultMatrixTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        var operation: Operation
        var fault: Fault
        var testDescription: String { "\(operation) with \(fault)" }

        static let all = Operation.allCases.flatMap { operation in
            Fault.allCases.filter { $0.applies(to: operation) }.map { Cell(operation: operation, fault: $0) }
        }
    }

    @Test(arguments: Cell.all)
    func `a fault may cost an answer and never a right result`(cell: Cell) async throws {
        guard let site = try await Site.real() else { return }
        await Self.slots.enter()
        defer { Task { await Self.slots.leave() } }
        for times in [1, .max] {
            let proxy = try FaultyProxy(upstream: site.port)
            let bench = try await FaultBench(cell: cell, times: times, proxy: proxy, real: site)
            switch cell.operation {
            case .put: try await bench.unconditionalPut()
            case .conditionalPut: try await bench.smallPut()
            case .beginUpload, .putPart, .complete: try await bench.largePut()
            case .abort: try await bench.lostRace()
            case .get: try await bench.smallGet()
            case .rangedGet: try await bench.largeGet()
            case .head: try await bench.confirmations()
            case .list: try await bench.listing()
            case .listUploads: try await bench.leftovers()
            case .delete: try await bench.deletion()
            }
            #expect(proxy.hits > 0, "\(cell.testDescription): the fault was not met")
        }
    }

    private static let slots = Slots(10)

    /// So many cells at once, that a silence is the fault's and not the machine's.
    private actor Slots {
        private var free: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(_ free: Int) { self.free = free }

        func enter() async {
            if free > 0 {
                free -= 1
            } else {
                await withCheckedContinuation { waiting.append($0) }
            }
        }

        func leave() { if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() } }
    }
}
