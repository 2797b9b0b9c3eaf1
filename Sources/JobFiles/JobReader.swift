// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Reads a tree of YAML by a table of keys. It knows the types and no key by name.
struct JobReader {
    private(set) var drafts: [JobProblem.Draft] = []
    private(set) var places = JobPlaces()
    /// Makes a path of the file absolute.
    let resolve: @Sendable (String) -> String

    init(resolve: @escaping @Sendable (String) -> String) { self.resolve = resolve }

    /// The whole file.
    mutating func read(_ root: YAMLNode, keys: [JobKey]) -> JobValues {
        places.noteRoot(root.place)
        guard case .mapping(let entries) = root.content else {
            note(.notAMapping(found: root.kindInWords), at: root.place, key: "")
            return JobValues(values: [:])
        }
        return JobValues(values: group(entries, at: root.place, path: "", keys: keys, exactlyOneOf: []))
    }

    mutating func note(_ complaint: JobComplaint, at place: JobPlace, key: String) {
        drafts.append(JobProblem.Draft(place: place, key: key, complaint: complaint))
    }

    mutating func notePlace(_ place: JobPlace, of key: String) { places.note(key, at: place) }

    private mutating func group(
        _ entries: [YAMLNode.Entry], at place: JobPlace, path: String, keys: [JobKey],
        exactlyOneOf alternatives: [String]
    ) -> [String: JobValue] {
        var result: [String: JobValue] = [:]
        var written: [String: JobPlace] = [:]
        var mistyped: Set<String> = []
        for entry in entries {
            guard let key = keys.first(where: { $0.name == entry.key || $0.alias == entry.key }) else {
                let known = keys.map(\.name)
                let nearest = NearestName.of(entry.key, in: known)
                if let nearest { mistyped.insert(nearest) }
                let complaint: JobComplaint =
                    entry.key == "<<" ? .mergeKey : .unknownKey(name: entry.key, nearest: nearest, known: known)
                note(complaint, at: entry.place, key: Self.join(path, Self.shown(entry.key)))
                continue
            }
            let keyPath = Self.join(path, key.name)
            if let first = written[key.name] {
                note(.duplicateKey(name: key.name, firstLine: first.line), at: entry.place, key: keyPath)
                continue
            }
            written[key.name] = entry.place
            notePlace(entry.place, of: keyPath)
            if let content = value(entry.value, of: key, at: entry.place, path: keyPath) {
                result[key.name] = JobValue(place: entry.place, content: content)
            }
        }
        for key in keys where written[key.name] == nil {
            switch key.presence {
            case .required where mistyped.contains(key.name): break  // Said already: it is there, misspelt.
            case .required:
                note(.missingKey(name: key.name, example: "\(key.name): \(key.example)"), at: place, key: path)
            case .otherwise(let text):
                let node = YAMLNode(place: place, content: .scalar(YAMLScalar(text: text, isPlain: true)))
                let content = value(node, of: key, at: place, path: Self.join(path, key.name))
                result[key.name] = content.map { JobValue(place: place, content: $0) }
            case .optional: break
            }
        }
        if !alternatives.isEmpty {
            let found = alternatives.filter { written[$0] != nil }
            if found.count != 1 { note(.exactlyOneOf(alternatives, found: found.count), at: place, key: path) }
        }
        return result
    }

    /// `nil` when it was wrong and has been complained about.
    private mutating func value(
        _ node: YAMLNode, of key: JobKey, at place: JobPlace, path: String
    ) -> JobValue.Content? {
        switch key.kind {
        case .group(let keys, let alternatives):
            guard case .mapping(let entries) = node.content else { return wrongType(node, key, place, path) }
            return .group(group(entries, at: place, path: path, keys: keys, exactlyOneOf: alternatives))
        case .groups(let keys, let most):
            guard case .sequence(let items) = node.content else { return wrongType(node, key, place, path) }
            guard fits(items.count, 1...most, key, place, path) else { return nil }
            return .groups(
                items.enumerated().compactMap { index, item in
                    let itemPath = "\(path)[\(index)]"
                    notePlace(item.place, of: itemPath)
                    guard case .mapping(let entries) = item.content else {
                        let found = item.kindInWords
                        note(
                            .wrongType(expected: "a group of keys", found: found, example: key.example), at: item.place,
                            key: itemPath)
                        return nil
                    }
                    let values = group(entries, at: item.place, path: itemPath, keys: keys, exactlyOneOf: [])
                    return JobValue(place: item.place, content: .group(values))
                })
        case .pairs(let rule):
            guard case .mapping(let entries) = node.content else {
                // `hyperparameters:` with nothing below it is an empty group to everybody.
                if case .null? = node.scalar?.value { return .pairs([]) }
                return wrongType(node, key, place, path)
            }
            return .pairs(pairs(entries, rule: rule, at: place, path: path))
        case .words, .texts, .choices:
            return texts(node, of: key, at: place, path: path)
        default:
            guard let scalar = node.scalar else { return wrongType(node, key, place, path) }
            return self.scalar(scalar, of: key, at: place, path: path)
        }
    }

    private mutating func texts(
        _ node: YAMLNode, of key: JobKey, at place: JobPlace, path: String
    ) -> JobValue.Content? {
        var items: [YAMLNode]
        switch node.content {
        case .sequence(let list): items = list
        case .scalar where { if case .words = key.kind { true } else { false } }():
            items = [YAMLNode(place: place, content: node.content)]
        default: return wrongType(node, key, place, path)
        }
        guard fits(items.count, 1...50, key, place, path) else { return nil }
        var result: [JobValue.Item] = []
        for (index, item) in items.enumerated() {
            let itemPath = items.count == 1 && item.place == place ? path : "\(path)[\(index)]"
            notePlace(item.place, of: itemPath)
            let kind: JobKey.Kind =
                switch key.kind {
                case .choices(let choices): .choice(choices, later: [])
                case .texts(let text): .text(text)
                default: .text(.plain)
                }
            let one = JobKey(
                name: key.name, presence: .required, kind: kind, summary: key.summary, example: key.example)
            guard let scalar = item.scalar else {
                _ = wrongType(item, one, item.place, itemPath)
                continue
            }
            if case .text(let text)? = self.scalar(scalar, of: one, at: item.place, path: itemPath) {
                result.append(JobValue.Item(text: text, place: item.place))
            }
        }
        return result.count == items.count ? .texts(result) : nil
    }

    private mutating func fits(
        _ count: Int, _ range: ClosedRange<Int>, _ key: JobKey, _ place: JobPlace, _ path: String
    ) -> Bool {
        if count < range.lowerBound { note(.emptyList(example: key.example), at: place, key: path) }
        if count > range.upperBound { note(.tooMany(count: count, limit: range.upperBound), at: place, key: path) }
        return range.contains(count)
    }

    mutating func wrongType(
        _ node: YAMLNode, _ key: JobKey, _ place: JobPlace, _ path: String
    ) -> JobValue.Content? {
        var example = key.example
        // `name: 123` wants quotes, not another name.
        if case .text = key.kind, let scalar = node.scalar, scalar.value != .null, !scalar.text.isEmpty {
            example = quoted(scalar.text)
        }
        note(.wrongType(expected: key.kindInWords, found: node.kindInWords, example: example), at: place, key: path)
        return nil
    }

    static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// A name of the file's own, fit to be printed as part of a path of keys.
    static func shown(_ name: String) -> String {
        let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        return isPlain && !name.isEmpty && name.count <= 60 ? name : quoted(name)
    }
}
