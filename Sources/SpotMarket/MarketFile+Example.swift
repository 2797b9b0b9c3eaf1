// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

extension MarketFile {
    /// A market to begin with: Spot by the seeded model, a stream for each offer, and on-demand that comes after half
    /// an hour to an hour, as was measured for GPU types.
    ///
    /// The prices are those of ml.p4d.24xlarge and say so; whoever trains on something else writes their own.
    package static func example(for offers: [Offer]) -> MarketFile {
        let onDemand = Money(microdollars: 25_251_286)
        let spot = Money(microdollars: 7_575_386)
        var entries: [Entry] = []
        for (index, offer) in offers.enumerated() {
            entries.append(
                Entry(
                    instanceType: offer.instanceType, zone: offer.zone, purchase: offer.purchase,
                    pricePerHour: offer.purchase == .spot ? spot : onDemand, priceChanges: nil, available: nil,
                    model: offer.purchase == .spot
                        ? Model(seed: UInt64(index + 1), upScale: nil, downScale: nil, noticeShare: nil) : nil,
                    waitMinutes: offer.purchase == .spot ? nil : [28, 45, 58]))
        }
        return MarketFile(
            format: "nightshift-market", version: 1, priceAsOf: "2026-09-01",
            priceSource:
                "on-demand: ml.p4d.24xlarge us-west-2 as SageMaker's JupyterLab component, training's may differ; "
                + "Spot: assumed 70 % below it, not a quote; "
                + "put your own prices here",
            offers: entries)
    }
}
