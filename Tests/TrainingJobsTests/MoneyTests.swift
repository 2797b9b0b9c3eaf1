// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TrainingJobs

@Suite struct MoneyTests {
    @Test(arguments: [
        (0, "$0.00"), (47_203_100, "$47.20"), (5000, "$0.01"), (4999, "$0.00"), (-350_000, "-$0.35"), (-5000, "-$0.01"),
        (1_396_000_000, "$1,396.00"), (1_234_567_890_000, "$1,234,567.89"), (999_995_000, "$1,000.00"),
    ])
    func `cents for people, halves away from zero`(microdollars: Int64, text: String) {
        #expect(Money(microdollars: microdollars).text == text)
    }

    @Test func `an hour at a rate is the rate, and thirds add up`() {
        let rate = HourlyRate(microdollars: 1)
        #expect(rate.cost(of: .hours(1)) == Money(microdollars: 1))
        let third = rate.cost(of: .minutes(20))
        #expect(third.roundedMicrodollars == 0)
        #expect(third + third + third == Money(microdollars: 1))
    }

    @Test func `JSON carries six places and reads them back`() throws {
        var random = SplitMix64(state: 7)
        for _ in 0..<1000 {
            let money = Money(microdollars: Int64(random.below(2_000_000_000_000)) - 1_000_000_000_000)
            #expect(Money(dollars: money.dollars) == money)
            let data = try JSONEncoder().encode([money])
            #expect(try JSONDecoder().decode([Money].self, from: data) == [money])
        }
        #expect(Money(microdollars: -350_000).dollars == "-0.350000")
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "1.0000001", "1,5", "1e3", "+1", " 1", "--1", "1.-5", "٣", "99999999999999999999",
    ])
    func `anything else than a plain decimal is refused`(text: String) {
        #expect(Money(dollars: text) == nil)
    }

    @Test(arguments: [("1", 1_000_000), ("1.5", 1_500_000), ("-0.000001", -1), ("007", 7_000_000)])
    func `plain decimals are read`(text: String, microdollars: Int64) {
        #expect(Money(dollars: text) == Money(microdollars: microdollars))
    }
}
