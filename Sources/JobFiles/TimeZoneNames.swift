// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingJobs

/// The zones a schedule may name: IANA's, with their rules for clock changes. Abbreviations such as EST are refused,
/// because they stay on one side of the change.
enum TimeZoneNames {
    static func contains(_ name: String) -> Bool {
        name == "UTC" || name == "GMT" || (name.contains("/") && TimeZone(identifier: name) != nil)
    }

    static func nearest(to name: String) -> String? {
        let known = TimeZone.knownTimeZoneIdentifiers.sorted()
        if let near = NearestName.of(name, in: known) { return near }
        // `Dublin` alone: a city is most of what people remember.
        let city = name.lowercased().replacing(" ", with: "_")
        return known.first { $0.lowercased().hasSuffix("/" + city) }
    }
}
