// SPDX-License-Identifier: Apache-2.0

import Reports
import ScriptedNights
import Testing
import TrainingJobs

@Suite struct PlanViewTests {
    @Test func `the plan says time and money first`() throws {
        let plan = PlanView(ScriptedNights.terms())
        #expect(plan.lines[0].contains("08:00") && plan.lines[1].contains("$143.30"))
        #expect(plan.warnings.isEmpty)
        try Golden.expect(plan.text, "plan.txt")
    }

    @Test func `a worst case above the budget is a warning`() {
        let plan = PlanView(ScriptedNights.terms(budget: Money(microdollars: 120_000_000)))
        #expect(plan.lines[1].hasPrefix("at most $120.00 "))
        #expect(
            plan.warnings == [
                "warning: the worst case $143.30 is above the budget $120.00; such a night would stop at the budget "
                    + "and keep the previous model"
            ])
    }

    @Test func `without an on-demand price nothing is made up`() {
        var terms = ScriptedNights.terms()
        terms.offers.removeLast()
        let plan = PlanView(terms)
        #expect(plan.lines[1] == "at most not found (on-demand baseline not found; on Spot all night about $30.30)")
        #expect(
            plan.warnings == ["warning: no on-demand offer is priced; nothing can keep the deadline if Spot is absent"])
    }

    @Test func `a deadline that on-demand can't keep is a warning`() {
        var terms = ScriptedNights.terms()
        terms.deadline = terms.start + .hours(5)
        #expect(
            PlanView(terms).warnings == [
                "warning: on-demand alone would need a start 29 min earlier to keep this deadline"
            ])
    }

    @Test func `a policy without Spot has no switch, and no Spot price is said`() {
        var terms = ScriptedNights.terms(budget: nil)
        terms.policy = .onDemandOnly
        terms.offers.removeFirst(2)
        let lines = PlanView(terms).lines
        #expect(lines[0].hasSuffix("– on-demand from the start"))
        #expect(lines[1].hasSuffix("on Spot all night not found)"))
        #expect(lines.contains { $0.hasPrefix(" budget   no limit; ") })
    }
}
