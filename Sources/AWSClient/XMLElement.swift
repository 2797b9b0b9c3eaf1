// SPDX-License-Identifier: Apache-2.0

/// An element of the XML that AWS's services answer with: names, text, children. Attributes and namespaces are read
/// over; document types and with them entities of one's own are refused.
struct XMLElement: Hashable, Sendable {
    private(set) var name: String
    private(set) var text = ""
    private(set) var children: [XMLElement] = []

    /// `nil` when it is not well-formed, too deep or anything but one element.
    init?(_ bytes: [UInt8]) {
        var reader = XMLReader(bytes)
        guard let root = reader.document() else { return nil }
        self = root
    }

    fileprivate init(name: String) { self.name = name }
    fileprivate mutating func add(_ text: String) { self.text += text }
    fileprivate mutating func add(_ child: XMLElement) { children.append(child) }

    /// For text between tags.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The first of that name anywhere below.
    func first(_ name: String) -> XMLElement? {
        for child in children {
            if child.name == name { return child }
            if let found = child.first(name) { return found }
        }
        return nil
    }
}

private struct XMLReader {
    private var rest: Substring
    private static let deepest = 64

    init(_ bytes: [UInt8]) { rest = Substring(String(decoding: bytes, as: UTF8.self)) }

    mutating func document() -> XMLElement? {
        skipBetween()
        guard rest.hasPrefix("<"), let root = element(depth: 0) else { return nil }
        skipBetween()
        return rest.isEmpty ? root : nil
    }

    /// White space, comments, the declaration; not a document type.
    private mutating func skipBetween() {
        while true {
            rest = rest.drop(while: \.isWhitespace)
            if rest.hasPrefix("<?") {
                guard skip(past: "?>") else { return }
            } else if rest.hasPrefix("<!--") {
                guard skip(past: "-->") else { return }
            } else {
                return
            }
        }
    }

    private mutating func skip(past end: String) -> Bool {
        guard let range = rest.firstRange(of: end) else { return false }
        rest = rest[range.upperBound...]
        return true
    }

    private mutating func element(depth: Int) -> XMLElement? {
        guard depth < Self.deepest, rest.hasPrefix("<"), let end = rest.firstIndex(of: ">") else { return nil }
        let tag = rest[rest.index(after: rest.startIndex)..<end]
        guard let first = tag.first, first.isLetter,
            let word = tag.split(whereSeparator: { $0.isWhitespace || $0 == "/" }).first
        else { return nil }
        rest = rest[rest.index(after: end)...]
        let name = String(word.split(separator: ":").last ?? word)
        var element = XMLElement(name: name)
        if tag.hasSuffix("/") { return element }
        while let mark = rest.firstIndex(of: "<") {
            guard let text = Self.unescaped(rest[..<mark]) else { return nil }
            element.add(text)
            rest = rest[mark...]
            if rest.hasPrefix("</") {
                guard let end = rest.firstIndex(of: ">") else { return nil }
                let closing = rest[rest.index(rest.startIndex, offsetBy: 2)..<end].filter { !$0.isWhitespace }
                guard closing == word else { return nil }
                rest = rest[rest.index(after: end)...]
                return element
            } else if rest.hasPrefix("<!--") {
                guard skip(past: "-->") else { return nil }
            } else {
                guard let child = self.element(depth: depth + 1) else { return nil }
                element.add(child)
            }
        }
        return nil
    }

    private static func unescaped(_ text: Substring) -> String? {
        guard text.contains("&") else { return String(text) }
        var result = ""
        var rest = text
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            guard let end = rest[mark...].firstIndex(of: ";") else { return nil }
            let name = rest[rest.index(after: mark)..<end]
            switch name {
            case "amp": result += "&"
            case "lt": result += "<"
            case "gt": result += ">"
            case "quot": result += "\""
            case "apos": result += "'"
            default:
                let code =
                    name.hasPrefix("#x")
                    ? UInt32(name.dropFirst(2), radix: 16)
                    : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
                guard let scalar = code.flatMap(Unicode.Scalar.init) else { return nil }
                result.unicodeScalars.append(scalar)
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
