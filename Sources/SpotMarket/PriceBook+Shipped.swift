// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

extension PriceBook {
    /// The facts that come with the program (`Resources/prices.csv`, made by `Scripts/prices`): a start for plans, too
    /// old for bills before long.
    package static let shipped = table(PackageResources.prices_csv)

    /// Lines of `product,type,region,zone id,purchase,dollars an hour,as of,source`; `#` begins a comment. In a
    /// line of `s3` the price is of a gigabyte and month. What it carries is ours and tested, so a line that cannot be
    /// read is a bug.
    static func table(_ bytes: [UInt8]) -> PriceBook {
        var facts: [PriceFact] = []
        var storage: [StorageFact] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let cells = line.split(separator: ",", maxSplits: 7, omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 8, let price = Money(dollars: cells[5]), let asOf = LocalDate(cells[6]) else {
                preconditionFailure("the shipped price table has a bad line: \(line)")
            }
            if cells[0] == "s3" {
                storage.append(
                    StorageFact(region: cells[2], pricePerGigabyteMonth: price, asOf: asOf, source: cells[7]))
                continue
            }
            guard let product = PriceProduct(rawValue: cells[0]), let purchase = PurchaseOption(rawValue: cells[4])
            else { preconditionFailure("the shipped price table has a bad line: \(line)") }
            facts.append(
                PriceFact(
                    product: product, instanceType: cells[1], region: cells[2], zone: nil,
                    zoneId: cells[3].isEmpty ? nil : cells[3], purchase: purchase, pricePerHour: price, asOf: asOf,
                    source: cells[7], origin: .list))
        }
        return PriceBook(facts, storage: storage.isEmpty ? nil : storage)
    }
}
