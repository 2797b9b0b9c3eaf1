// SPDX-License-Identifier: Apache-2.0

package import TrainingJobs

/// Everything that can be wrong with a job file, as data. The words are in `JobProblem+Words.swift`.
package enum JobComplaint: Hashable, Sendable {
    // The file and its YAML.
    case unreadable(String)
    case tooLarge(bytes: Int, limit: Int)
    case notUTF8
    case emptyDocument
    case severalDocuments
    case syntax(String)
    case badCharacter
    case undefinedAlias
    case tooDeep(limit: Int)
    case tooManyAliases(limit: Int)
    case tag(String)
    case keyIsNotText
    case duplicateKey(name: String, firstLine: Int)

    // One key by itself.
    case notAMapping(found: String)
    case mergeKey
    case unknownKey(name: String, nearest: String?, known: [String])
    case missingKey(name: String, example: String)
    case wrongType(expected: String, found: String, example: String)
    case badValue(written: String, expected: String, example: String)
    case unknownChoice(written: String, nearest: String?, known: [String])
    case notInThisVersion(written: String, instead: String)
    case unknownTimeZone(written: String, nearest: String?)
    case notDollars(written: String)
    case tooShort(least: String)
    case outOfRange(written: String, least: Int, most: Int)
    case emptyList(example: String)
    case tooMany(count: Int, limit: Int)
    case exactlyOneOf([String], found: Int)
    case controlCharacter
    case tilde(written: String)

    // Names and values in a group that the user names.
    case pairName(written: String, expected: String)
    case pairNameTooLong(length: Int, limit: Int)
    case pairValueTooLong(length: Int, limit: Int)
    case pairValueIsNotText(found: String)
    case pairValueIsEmpty
    case notFinite
    case oldBoolean(written: String)
    case leadingZero(written: String)
    case secret(name: String)
    case secretInEnvironment(name: String)
    case reservedName(name: String)

    // Several keys together.
    case hopeless(window: Duration, needed: Duration, parts: [Part])
    case maxRunTooShort(maxRun: Duration, expected: Duration)
    case maxWaitTooShort(maxWait: Duration, maxRun: Duration)
    case maxWaitBeforeDeadline(maxWait: Duration, window: Duration)
    case intervalTooLong(interval: Duration, expected: Duration)
    case regexTooLong(length: Int, limit: Int)
    case regexBroken(String)
    case regexGroups(found: Int)
    case duplicateMetric(name: String, firstLine: Int)
    case undefinedMetric(name: String, nearest: String?, known: [String])
    case emptyGate
    case noOnDemandOffer(policy: PolicyName)
    case noSpotOffer(policy: PolicyName)
    case spotOffersUnused
    case duplicateOffer(Offer, firstLine: Int)
    case zoneOutsideRegion(zone: String, region: String)
    case samePlace(other: String)
    case severalBackends(String, String)

    package struct Part: Hashable, Sendable {
        package var key: String
        package var duration: Duration
    }

    var isWarning: Bool {
        switch self {
        case .oldBoolean, .leadingZero, .secret, .reservedName, .maxWaitBeforeDeadline, .noSpotOffer,
            .spotOffersUnused, .zoneOutsideRegion:
            true
        default: false
        }
    }
}
