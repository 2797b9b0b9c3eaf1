// SPDX-License-Identifier: Apache-2.0

import Reports
import SpotAdvisor
import SpotMarket
import Testing
import TrainingJobs

struct AdviceViewTests {
    private static func text(_ change: (inout AdviceBrief) -> Void) -> String {
        AdviceView(Advice(AdviceFixture.brief(change))).text
    }

    @Test("Verdicts that the examples do not reach are explained too")
    func otherVerdicts() {
        let failed = Self.text { $0.resume = ResumeEvidence(.failed, "the last drill failed today") }
        #expect(failed.contains("does not fit this job: its last drill failed."))
        #expect(failed.contains("SageMaker on-demand: The last drill failed today. Read its report"))
        let dear = Self.text { $0.terms.offers[0].rate.microdollars = 30_000_000 }
        #expect(
            dear.contains("there is no discount.")
                && dear.contains("Spot costs $30.00/h where on-demand costs $25.251286/h"))
        let hopeless = Self.text { AdviceFixture.set(window: 240, &$0) }
        #expect(hopeless.contains("even on-demand is too late."))
        #expect(hopeless.contains("recommended: nothing: On-demand alone needs 4 h 49 min, and the window is 4 h."))
        let old = Self.text { $0.resume = ResumeEvidence(.old, "drilled long ago") }
        #expect(old.contains("first: drill again (drilled long ago)"))
        let thin = Self.text { brief in
            var model = MarketModel.shipped
            model.recovery.factor = 0.3
            model.loss.factor = 3
            brief.terms.marketModels = [OfferModel(instanceType: "ml.p4d.24xlarge", zone: "eu-west-1a", model: model)]
        }
        #expect(thin.contains("the pool is thin.") && thin.contains("More zones or types make the pool deeper."))
    }

    @Test("Each price has its day, its age and its source; a missing one says how to get it, and none is 0")
    func prices() {
        let text = Self.text {
            $0.otherPrices = [ProductPrices(.hyperPod, of: $0.job.offers, in: PriceBook([]), on: $0.today)]
        }
        #expect(text.contains("ml.p4d.24xlarge eu-west-1a spot"))
        #expect(text.contains("2026-09-01  84 days  simulated market: a test"))
        #expect(
            text.contains(
                "sagemaker-hyperpod ml.p4d.24xlarge eu-west-1 on-demand: not found; run: nightshift prices refresh "
                    + "--region eu-west-1"))
        #expect(!text.contains("$0.00/h"))
    }

    @Test("Where a save's time is from is said, and what keeping costs by a dated price")
    func checkpoints() {
        let text = Self.text { brief in
            brief.job.checkpoint.expectedBytes = 1 << 30
            brief.job.checkpoint.writeBytesPerSecond = 10_000_000
            brief.save = SaveEstimate(brief.job.checkpoint, measuredBytes: nil)!
            brief.storage = StorageFact(
                region: "eu-west-1", pricePerGigabyteMonth: Money(microdollars: 23_000), asOf: LocalDate("2026-11-20")!,
                source: "a test")
        }
        #expect(text.contains("(1.1 GB at 10.0 MB/s, checkpointWriteSpeed)"))
        #expect(text.contains("a save of 1 min 47 s does not fit into the two minutes, of which 1 min 30 s are left"))
        #expect(text.contains("3 × 1.1 GB for each night: $0.07 a month"))
        #expect(text.contains("S3 Standard, eu-west-1, $0.023 a GB and month as of 2026-11-20, 4 days: a test"))
    }

    @Test("The page has one picture for each job and one for the ranking, and hostile names stay text")
    func pictures() {
        let hostile = Advice(AdviceFixture.brief { $0.job.name = "<script>&\"" })
        let page = AdvicePage(AdvicePortfolio([hostile, Advice(AdviceFixture.brief())])).html
        #expect(page.components(of: "<svg ") == 3 && !page.contains("<script"))
        #expect(page.contains("prefers-color-scheme:dark"))
        #expect(page.contains("in time in") && page.contains("a month on on-demand"))
        let one = AdvicePage(AdvicePortfolio([Advice(AdviceFixture.brief { $0.terms.offers = [] })])).html
        #expect(one.components(of: "<svg ") == 1 && one.contains("price not found"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
