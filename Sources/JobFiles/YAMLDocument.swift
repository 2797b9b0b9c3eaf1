// SPDX-License-Identifier: Apache-2.0

import Yams

/// Turns text into one `YAMLNode`, or says what is wrong with the YAML itself.
///
/// A job file may come from somebody else's repository, so size, depth and the use of aliases are limited before and
/// while it is read.
struct YAMLDocument {
    static let sizeLimit = 256 * 1024
    static let depthLimit = 16
    /// Low, because the parser looks at every node behind an alias before we do: ten of them can make 36 out of one,
    /// so the largest file is at most some millions of nodes.
    static let aliasLimit = 10
    static let nodeLimit = 50000

    /// `nil` when the text could not be read at all.
    private(set) var root: YAMLNode?
    private(set) var drafts: [JobProblem.Draft] = []

    init(text: String) {
        guard text.utf8.count <= Self.sizeLimit else {
            note(.tooLarge(bytes: text.utf8.count, limit: Self.sizeLimit), at: JobPlace(line: 1, column: 1))
            return
        }
        if let (place, complaint) = Self.firstTrap(in: text) {
            note(complaint, at: place)
            return
        }
        guard let node = parse(SourceLines(text).text) else { return }
        var nodes = 0
        root = convert(node, path: "", depth: 1, nodes: &nodes)
        if nodes > Self.nodeLimit { root = nil }
    }

    private mutating func note(_ complaint: JobComplaint, at place: JobPlace, key: String = "") {
        drafts.append(JobProblem.Draft(place: place, key: key, complaint: complaint))
    }

    // MARK: - Before the parser

    /// What could exhaust the parser's stack or memory, judged from the characters alone and generously: an honest
    /// file has no hundred open brackets and no hundred nested dashes.
    private static func firstTrap(in text: String) -> (JobPlace, JobComplaint)? {
        var open = 0
        var aliases = 0
        for (index, line) in SourceLines(text).lines.enumerated() {
            if line.prefix(while: { " -?\t".contains($0) }).count > 200 {
                return (JobPlace(line: index + 1, column: 1), .tooDeep(limit: depthLimit))
            }
            var previous: Unicode.Scalar = " "
            for (column, scalar) in line.unicodeScalars.enumerated() {
                if scalar == "[" || scalar == "{" { open += 1 }
                if scalar == "]" || scalar == "}" { open = max(0, open - 1) }
                if open > 128 { return (JobPlace(line: index + 1, column: column + 1), .tooDeep(limit: depthLimit)) }
                if scalar == "*", " [{,:-?".unicodeScalars.contains(previous) { aliases += 1 }
                if aliases > aliasLimit {
                    return (JobPlace(line: index + 1, column: column + 1), .tooManyAliases(limit: aliasLimit))
                }
                previous = scalar
            }
        }
        return nil
    }

    // MARK: - The parser

    /// Plain scalars get this tag, so that `!!str 5` and `5` can be told apart.
    private static let plain = Tag.Name(rawValue: "plain")
    // The pattern is a constant that a test compiles.
    private static let resolver = try? Resolver.basic.appending(plain, "^")
    /// Stands in for the first character of a key that is written twice; see `parse`.
    private static let firstMarker: UInt32 = 0xF0000

    /// Yams gives up at the first key that is written twice. To report them all, and everything else with them, the
    /// earlier of the two is marked with a private character and the text is read again.
    private mutating func parse(_ original: String) -> Node? {
        var text = original
        for round in 0..<64 {
            do {
                let parser = try Parser(yaml: text, resolver: Self.resolver ?? .basic, encoding: .utf8)
                guard let node = try parser.singleRoot() else {
                    note(.emptyDocument, at: JobPlace(line: 1, column: 1))
                    return nil
                }
                return node
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let place = JobPlace(line: context.mark.line, column: context.mark.column)
                guard let marker = Unicode.Scalar(Self.firstMarker + UInt32(round)),
                    let marked = Self.mark(text, at: place, with: marker)
                else {
                    note(.duplicateKey(name: names.first ?? "", firstLine: place.line), at: place)
                    return nil
                }
                duplicates[marker] = marked.replaced
                text = marked.text
            } catch {
                note(Self.complaint(error), at: Self.place(error, in: text))
                return nil
            }
        }
        note(.duplicateKey(name: "", firstLine: 1), at: JobPlace(line: 1, column: 1))
        return nil
    }

    /// Markers and the characters they stand for.
    private var duplicates: [Unicode.Scalar: Unicode.Scalar] = [:]

    private static func mark(
        _ text: String, at place: JobPlace, with marker: Unicode.Scalar
    ) -> (text: String, replaced: Unicode.Scalar)? {
        var scalars = Array(text.unicodeScalars)
        var line = 1
        var index = 0
        while line < place.line, index < scalars.count {
            if scalars[index] == "\n" { line += 1 }
            index += 1
        }
        index += place.column - 1
        if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard index < scalars.count, scalars[index].properties.isAlphabetic || scalars[index] == "_" else { return nil }
        let replaced = scalars[index]
        scalars[index] = marker
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return (String(result), replaced)
    }

    private static func complaint(_ error: any Error) -> JobComplaint {
        switch error {
        case YamlError.scanner(_, let problem, _, _) where problem.contains("cannot start any token"):
            .badCharacter
        case YamlError.composer(_, let problem, _, _) where problem.contains("another document"):
            .severalDocuments
        case YamlError.composer(_, let problem, _, _) where problem.contains("undefined alias"):
            .undefinedAlias
        case YamlError.scanner(let context, let problem, _, _), YamlError.parser(let context, let problem, _, _),
            YamlError.composer(let context, let problem, _, _):
            .syntax([context?.text, problem].compactMap(\.self).joined(separator: ": "))
        case YamlError.reader(let problem, _, _, _):
            .syntax(problem)
        case YamlError.memory:
            .tooDeep(limit: depthLimit)
        default:
            .syntax("not YAML")
        }
    }

    private static func place(_ error: any Error, in text: String) -> JobPlace {
        switch error {
        case YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _):
            return JobPlace(line: mark.line, column: mark.column)
        case YamlError.reader(_, let offset?, _, _):
            let before = text.prefix(offset)
            let line = before.count(where: { $0 == "\n" }) + 1
            let column = before.reversed().prefix { $0 != "\n" }.count + 1
            return JobPlace(line: line, column: column)
        default:
            return JobPlace(line: 1, column: 1)
        }
    }

    // MARK: - After the parser

    private mutating func convert(_ node: Node, path: String, depth: Int, nodes: inout Int) -> YAMLNode {
        let place = node.mark.map { JobPlace(line: $0.line, column: $0.column) } ?? JobPlace(line: 1, column: 1)
        let nothing = YAMLNode(place: place, content: .scalar(YAMLScalar(text: "", isPlain: true)))
        nodes += 1
        guard nodes <= Self.nodeLimit else {
            if nodes == Self.nodeLimit + 1 { note(.tooManyAliases(limit: Self.aliasLimit), at: place) }
            return nothing
        }
        guard depth <= Self.depthLimit else {
            note(.tooDeep(limit: Self.depthLimit), at: place)
            return nothing
        }
        switch node {
        case .scalar(let scalar):
            let tag = node.tag.rawValue
            let isText = tag == Tag.Name.str.rawValue
            if !isText, tag != Self.plain.rawValue { note(.tag(tag), at: place, key: path) }
            let isPlain = !isText && scalar.style == .plain
            return YAMLNode(place: place, content: .scalar(YAMLScalar(text: scalar.string, isPlain: isPlain)))
        case .sequence(let sequence):
            let items = sequence.enumerated().map { index, item in
                convert(item, path: "\(path)[\(index)]", depth: depth + 1, nodes: &nodes)
            }
            return YAMLNode(place: place, content: .sequence(items))
        case .mapping(let mapping):
            let entries = mapping.compactMap { key, value -> YAMLNode.Entry? in
                let keyPlace = key.mark.map { JobPlace(line: $0.line, column: $0.column) } ?? place
                guard case .scalar(let scalar) = key else {
                    note(.keyIsNotText, at: keyPlace, key: path)
                    return nil
                }
                let keyPath = JobReader.join(path, JobReader.shown(scalar.string))
                let value = convert(value, path: keyPath, depth: depth + 1, nodes: &nodes)
                return YAMLNode.Entry(key: scalar.string, place: keyPlace, value: value)
            }
            return YAMLNode(place: place, content: .mapping(withoutDuplicates(entries, path: path)))
        case .alias:
            return nothing
        }
    }

    /// Takes the marked keys out and complains at the later of the two, which is the one that would have won.
    private mutating func withoutDuplicates(_ entries: [YAMLNode.Entry], path: String) -> [YAMLNode.Entry] {
        guard !duplicates.isEmpty else { return entries }
        var firstPlaces: [String: JobPlace] = [:]
        var kept: [YAMLNode.Entry] = []
        for entry in entries {
            if let first = entry.key.unicodeScalars.first, let original = duplicates[first] {
                let name = String(Character(original)) + String(entry.key.unicodeScalars.dropFirst())
                if let first = firstPlaces[name] {
                    noteDuplicate(name, first: first, at: entry.place, path: path)
                } else {
                    firstPlaces[name] = entry.place
                }
            } else {
                if let first = firstPlaces[entry.key] {
                    noteDuplicate(entry.key, first: first, at: entry.place, path: path)
                }
                kept.append(entry)
            }
        }
        return kept
    }

    private mutating func noteDuplicate(_ name: String, first: JobPlace, at place: JobPlace, path: String) {
        let key = JobReader.join(path, JobReader.shown(name))
        note(.duplicateKey(name: name, firstLine: first.line), at: place, key: key)
    }
}
