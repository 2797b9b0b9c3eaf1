// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import TrainingAgent

/// What the pump writes and the agent reads.
@Suite struct BoardTests {
    private static func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

    @Test func `the newest progress is given once, and with it the first since the restart`() throws {
        let board = ProgressBoard()
        board.restart(at: Self.at(0), units: 5)
        #expect(!board.hasNews && board.take() == nil)
        for units in [1, 2, 3.0] { board.tell(units, at: Self.at(Int64(units))) }
        #expect(board.hasNews)
        let told = try #require(board.take())
        #expect(told.units == 3 && told.first == 1)
        board.tell(4, at: Self.at(4))
        let later = try #require(board.take())
        #expect(later.units == 4 && later.first == nil)
        board.restart(at: Self.at(9), units: 2)
        board.tell(3, at: Self.at(10))
        #expect(try #require(board.take()).first == 3)
    }

    @Test func `what had been told at a moment is known, however much was told`() {
        let board = ProgressBoard()
        board.restart(at: Self.at(0), units: 5)
        #expect(board.units(at: Self.at(-1)) == 5)
        for moment in 1...20_000 as ClosedRange<Int64> { board.tell(5 + Double(moment), at: Self.at(moment)) }
        for moment in [1, 4095, 4096, 4097, 12_345, 20_000, 30_000] as [Int64] {
            let told = board.units(at: Self.at(moment))
            // Less may be told of what is long ago, never more.
            #expect(told <= 5 + Double(min(moment, 20_000)) && told >= Double(min(moment, 20_000)) - 512, "\(moment)")
        }
        #expect(board.units(at: Self.at(30_000)) == 20_005)
    }

    @Test func `what is seen about the loss is given once, and forgotten with its process`() {
        var settings = TripwireSettings()
        settings.lossJump = .goOn
        let board = LossBoard(LossWatch(metric: "loss", settings: settings))
        board.begin(before: nil, fromZero: true)
        #expect(!board.hasNews)
        board.tell(.number(1), at: Self.at(1))
        board.tell(.notFinite("nan"), at: Self.at(2))
        #expect(board.hasNews)
        let seen = board.take()
        #expect(seen.sightings == [.lossNotFinite(metric: "loss", text: "nan")] && !seen.isFinite)
        #expect(board.take().sightings == [])
        #expect(board.loss(at: Self.at(3)) == 1, "the last that was a number")
        #expect(board.loss(at: Self.at(0)) == nil)
        board.begin(before: 1, fromZero: false)
        #expect(board.take().isFinite && board.loss(at: Self.at(3)) == nil)
        board.tell(.number(2), at: Self.at(4))
        board.begin(before: nil, fromZero: false)
        #expect(board.take().sightings == [], "nobody asks for what a process told that is gone")
    }
}
