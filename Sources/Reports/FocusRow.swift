// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// One row of a FOCUS export: one piece of a night's bill.
struct FocusRow {
    let night: LedgerNight
    let piece: NightAccount.Piece
    /// The launch's place in its night, from 1.
    let attempt: Int

    /// At nine places, so that list price × quantity is exact.
    var quantity: FocusDecimal { FocusDecimal(hours: piece.duration) }

    /// On-demand's price of the same type and region, frozen on the night; `nil` where it was not found.
    var list: PricedOffer? {
        night.summary.terms.offers.first {
            $0.offer.purchase == .onDemand && $0.offer.instanceType == piece.offer.instanceType
                && $0.offer.region == piece.offer.region
        }
    }

    var listCost: FocusDecimal? { list.map { .product($0.rate, quantity) } }

    /// The price that this piece was billed at.
    var price: PricedOffer? { night.summary.terms.offers.first { $0.offer == piece.offer } }

    var service: (provider: String, name: String, category: String, subcategory: String) {
        switch piece.offer.backend {
        case "sagemaker": ("AWS", "Amazon SageMaker", "AI and Machine Learning", "Machine Learning Platforms")
        case "ec2", "batch": ("AWS", "Amazon EC2", "Compute", "Virtual Machines")
        default: ("Nightshift", "Simulated machines on \(piece.offer.backend)", "Other", "Other (Other)")
        }
    }

    /// The calendar month, UTC, in which the piece begins.
    var billingPeriod: CalendarMonth {
        let day = Int((Double(piece.from.milliseconds) / 86_400_000).rounded(.down))
        return CalendarMonth(containing: LocalDate(dayNumber: day))
    }
}
