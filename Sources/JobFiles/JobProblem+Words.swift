// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Every sentence about a job file. `what; remedy` makes one sentence, `why` goes on a line of its own.
extension JobProblem {
    package var what: String {
        switch complaint {
        case .unreadable(let reason): reason
        case .tooLarge(let bytes, let limit): "the file has \(bytes) bytes, more than the \(limit) that are read"
        case .notUTF8: "the file is not UTF-8 text"
        case .emptyDocument: "the file is empty"
        case .severalDocuments: "a second YAML document begins here"
        case .syntax(let problem): "this is not YAML (\(problem))"
        case .badCharacter: "a tab or a reserved character stands where YAML does not allow one"
        case .undefinedAlias: "no anchor has this name"
        case .tooDeep(let limit): "this is nested more than \(limit) levels deep"
        case .tooManyAliases(let limit): "the file uses more than \(limit) aliases, or repeats too much through them"
        case .tag(let tag): "the tag \(quoted(tag)) is not read"
        case .keyIsNotText: "a key must be plain text"
        case .duplicateKey(_, let first): "is written twice, first in line \(first)"
        case .notAMapping(let found): "the file must be a group of keys, but it is \(found)"
        case .mergeKey: "merge keys are not read"
        case .unknownKey: "is not a key of the job file"
        case .missingKey(let name, _): "the key `\(name)` is missing"
        case .wrongType(let expected, let found, _): "must be \(expected), but it is \(found)"
        case .badValue(let written, let expected, _): "\(quoted(written)) is not \(expected)"
        case .unknownChoice(let written, _, _): "\(quoted(written)) is not a choice here"
        case .notInThisVersion(let written, _): "\(quoted(written)) is not supported by this version"
        case .unknownTimeZone(let written, _): "\(quoted(written)) is not a time zone"
        case .notDollars(let written): "\(quoted(written)) is not an amount of US dollars"
        case .tooShort(let least): "must be at least \(least)"
        case .outOfRange(let written, let least, let most): "\(written) is not between \(least) and \(most)"
        case .emptyList: "the list is empty"
        case .tooMany(let count, let limit): "there are \(count), but at most \(limit) are allowed"
        case .exactlyOneOf(let keys, let found):
            found == 0 ? "needs \(either(keys))" : "has both \(keys.map { "`\($0)`" }.joined(separator: " and "))"
        case .controlCharacter: "holds a control character"
        case .tilde(let written): "\(quoted(written)) is not a path here"
        case .pairName(let written, let expected): "the name \(quoted(written)) is not \(expected)"
        case .pairNameTooLong(let length, let limit): "the name has \(length) characters, more than \(limit)"
        case .pairValueTooLong(let length, let limit): "the value has \(length) characters, more than \(limit)"
        case .pairValueIsNotText(let found): "the value must be text, but it is \(found)"
        case .pairValueIsEmpty: "has no value"
        case .notFinite: "is infinite or not a number, which JSON can't carry"
        case .oldBoolean(let written): "\(quoted(written)) is read as text"
        case .leadingZero(let written): "\(quoted(written)) is read as text, because of the leading zero"
        case .secret, .secretInEnvironment: "looks like a secret"
        case .reservedName: "is set by Nightshift itself"
        case .hopeless(let window, let needed, _):
            "the window is \(window.text), but on-demand alone needs \(needed.text)"
        case .maxRunTooShort(let maxRun, let expected):
            "\(maxRun.text) is less than the expectedRuntime of \(expected.text)"
        case .maxWaitTooShort(let maxWait, let maxRun): "\(maxWait.text) is less than the maxRun of \(maxRun.text)"
        case .maxWaitBeforeDeadline(let maxWait, let window):
            "ends the night after \(maxWait.text), before its deadline, which comes after \(window.text)"
        case .intervalTooLong(let interval, let expected):
            "\(interval.text) is not less than the expectedRuntime of \(expected.text)"
        case .regexTooLong(let length, let limit): "the expression has \(length) characters, more than \(limit)"
        case .regexBroken(let problem): "this is not a regular expression (\(problem))"
        case .regexGroups(0): "the expression has no capture group"
        case .regexGroups(let found): "the expression has \(found) capture groups"
        case .duplicateMetric(let name, let first):
            "the metric \(quoted(name)) is defined twice, first in line \(first)"
        case .undefinedMetric(let name, _, _): "no metric is named \(quoted(name))"
        case .emptyGate: "asks neither a metric nor a command"
        case .noOnDemandOffer(let policy): "the policy \(policy.rawValue) may need on-demand, but no offer has it"
        case .noSpotOffer(let policy): "the policy \(policy.rawValue) has no Spot offer to use"
        case .spotOffersUnused: "the policy on-demand never uses the Spot offers"
        case .duplicateOffer(let offer, let first): "offers \(offer.name) a second time, first in line \(first)"
        case .zoneOutsideRegion(let zone, let region): "the zone \(quoted(zone)) is not named after \(quoted(region))"
        case .severalBackends(let first, let other): "the offers are of two backends, \(first) and \(other)"
        case .samePlace(let other): "is the same directory as `\(other)`"
        }
    }

    package var remedy: String {
        switch complaint {
        case .unreadable: "name another file, or write one with `nightshift init`"
        case .tooLarge: "keep data and long texts in files of their own"
        case .notUTF8: "save it as UTF-8"
        case .emptyDocument: "write one with `nightshift init`"
        case .severalDocuments: "keep each job in a file of its own and delete the `---` line"
        case .syntax: "compare the line with its neighbours: colons, quotes, brackets and indentation"
        case .badCharacter: "indent with spaces, and put quotes around a text that begins with one of @ ` %"
        case .undefinedAlias: "put quotes around a text that begins with *"
        case .tooDeep: "a job file needs five"
        case .tooManyAliases: "write the values out"
        case .tag: "leave it out; quotes make a text"
        case .keyIsNotText: "write `key: value`"
        case .duplicateKey: "keep one of the two"
        case .notAMapping: "write lines such as `name: recommender`"
        case .mergeKey: "write the keys out"
        case .unknownKey(_, let nearest?, _): "did you mean `\(nearest)`?"
        case .unknownKey(_, nil, let known): "the keys here are \(known.joined(separator: ", "))"
        case .missingKey(_, let example): "add `\(example)`"
        case .wrongType(_, _, let example), .badValue(_, _, let example): "write it as \(example)"
        case .unknownChoice(_, let nearest?, _): "did you mean \(quoted(nearest))?"
        case .unknownChoice(_, nil, let known) where known.count > 4:
            "write \(quoted(known[0])), or another of docs/policy.md"
        case .unknownChoice(_, nil, let known): "write \(known.map { quoted($0) }.joined(separator: " or "))"
        case .notInThisVersion(_, let instead): "use \(instead)"
        case .unknownTimeZone(_, let nearest?): "did you mean \(quoted(nearest))?"
        case .unknownTimeZone(_, nil): "write a name such as Europe/Dublin"
        case .notDollars: "write it as 120 USD"
        case .tooShort: "write a longer time"
        case .outOfRange(_, let least, let most): "write a whole number from \(least) to \(most)"
        case .emptyList(let example): "write at least one, e.g. \(example)"
        case .tooMany: "take some out"
        case .exactlyOneOf(let keys, let found): found == 0 ? "write one of them" : "keep \(either(keys))"
        case .controlCharacter: "take it out"
        case .tilde: "write the home directory out; the file may run under another user"
        case .pairName(_, let expected): "rename it to \(expected)"
        case .pairNameTooLong: "shorten it"
        case .pairValueTooLong: "put it into a file and name the file here"
        case .pairValueIsNotText: "put quotes around it"
        case .pairValueIsEmpty: "write \"\" for an empty text"
        case .notFinite: "write a large number, or a text in quotes"
        case .oldBoolean: "write true or false for a truth value, or put quotes around the text"
        case .leadingZero: "take the zero away for a number, or put quotes around the text"
        case .secretInEnvironment:
            "set it in the environment of `nightshift run`: the training process inherits that, and it is never recorded"
        case .secret: "let the script read it from a file or a secret store; this file and the night's record are kept"
        case .reservedName: "choose another name; the value here is overwritten"
        case .hopeless: "widen the window, shorten the job or lower the times it is made of"
        case .maxRunTooShort: "write at least the expected runtime, and room for work that is done twice"
        case .maxWaitTooShort: "write at least as much as maxRun; it counts waiting too"
        case .maxWaitBeforeDeadline(_, let window): "write at least \(window.text)"
        case .intervalTooLong: "save more often; a restart loses everything since the last checkpoint"
        case .regexTooLong: "shorten it"
        case .regexBroken: "try it in single quotes, where a backslash stays a backslash"
        case .regexGroups(0): "put parentheses around the number to be read"
        case .regexGroups: "keep one pair and write (?:…) for the others"
        case .duplicateMetric: "keep one of the two"
        case .undefinedMetric(_, let nearest?, _): "did you mean \(quoted(nearest))?"
        case .undefinedMetric(let name, nil, let known):
            known.isEmpty
                ? "add it to metricDefinitions, e.g. {name: \(name), regex: '\(name)=([0-9.]+)'}"
                : "the metrics are \(known.joined(separator: ", "))"
        case .emptyGate: "write metric and a bound, e.g. {metric: epoch, atLeast: 20}, or a command"
        case .noOnDemandOffer: "add on-demand to the purchaseOptions of an offer"
        case .noSpotOffer: "add spot to the purchaseOptions of an offer, or write policy: on-demand"
        case .spotOffersUnused: "write policy: nightshift, or take spot out of purchaseOptions"
        case .duplicateOffer: "take it out of one of the two entries"
        case .zoneOutsideRegion: "check both; a zone's name begins with its region"
        case .severalBackends: "make a job of its own for each"
        case .samePlace: "give it a directory of its own"
        }
    }

    package var why: String? {
        switch complaint {
        case .hopeless(_, _, let parts):
            parts.map { "\($0.key) \($0.duration.text)" }.joined(separator: " + ")
        case .oldBoolean(let written): "YAML 1.1 takes \(written) for a truth value and YAML 1.2 for text"
        case .maxWaitTooShort: "SageMaker refuses such a job too"
        case .regexTooLong, .pairNameTooLong, .pairValueTooLong, .tooMany: "SageMaker has the same limit"
        default: nil
        }
    }

    private func either(_ keys: [String]) -> String {
        keys.map { "`\($0)`" }.joined(separator: " or ")
    }
}

/// Text from the file in double quotes: cut when long, control characters made visible, so that a file can't write
/// to the terminal.
func quoted(_ text: String, limit: Int = 60) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            shown += "\\u{\(String(scalar.value, radix: 16))}"
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return "\"\(shown)\(text.unicodeScalars.count > limit ? "…" : "")\""
}
