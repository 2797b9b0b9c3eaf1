// SPDX-License-Identifier: Apache-2.0

/// An element of the XML that AWS's services answer with: names, text, children. Attributes and namespaces are read
/// over; document types and with them entities of one's own are refused.
package struct XMLElement: Hashable, Sendable {
    package private(set) var name: String
    package private(set) var text = ""
    package private(set) var children: [XMLElement] = []

    /// `nil` when it is not well-formed, too deep or anything but one element.
    package init?(_ bytes: [UInt8]) {
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

    package func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The first of that name anywhere below.
    package func first(_ name: String) -> XMLElement? {
        for child in children {
            if child.name == name { return child }
            if let found = child.first(name) { return found }
        }
        return nil
    }
}

/// Reads bytes, not characters: text may begin with a combining mark, which would make one character with the `>` before.
private struct XMLReader {
    private var rest: ArraySlice<UInt8>
    private static let deepest = 64

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func document() -> XMLElement? {
        skipBetween()
        guard let root = element(depth: 0) else { return nil }
        skipBetween()
        return rest.isEmpty ? root : nil
    }

    /// White space, comments, the declaration; not a document type.
    private mutating func skipBetween() {
        while true {
            rest = rest.drop(while: Self.isSpace)
            if begins("<?") {
                guard skip(past: "?>") else { return }
            } else if begins("<!--") {
                guard skip(past: "-->") else { return }
            } else {
                return
            }
        }
    }

    private func begins(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { rest.starts(with: $0) }
    }

    private mutating func skip(past end: StaticString) -> Bool {
        while !rest.isEmpty {
            if begins(end) {
                rest = rest.dropFirst(end.utf8CodeUnitCount)
                return true
            }
            rest = rest.dropFirst()
        }
        return false
    }

    private mutating func element(depth: Int) -> XMLElement? {
        guard depth < Self.deepest, begins("<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let tag = rest[(rest.startIndex + 1)..<end]
        guard let first = tag.first, Self.isNameStart(first) else { return nil }
        let word = tag.prefix { !Self.isSpace($0) && $0 != UInt8(ascii: "/") }
        rest = rest[(end + 1)...]
        let local = word.split(separator: UInt8(ascii: ":")).last ?? word
        guard let name = String(validating: local, as: UTF8.self) else { return nil }
        var element = XMLElement(name: name)
        if tag.last == UInt8(ascii: "/") { return element }
        while let mark = rest.firstIndex(of: UInt8(ascii: "<")) {
            guard let text = Self.unescaped(rest[..<mark]) else { return nil }
            element.add(text)
            rest = rest[mark...]
            if begins("</") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")),
                    rest[(mark + 2)..<end].filter({ !Self.isSpace($0) }) == Array(word)
                else { return nil }
                rest = rest[(end + 1)...]
                return element
            } else if begins("<!--") {
                guard skip(past: "-->") else { return nil }
            } else {
                guard let child = self.element(depth: depth + 1) else { return nil }
                element.add(child)
            }
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return (97...122).contains(letter) || byte == UInt8(ascii: "_") || byte >= 128
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> String? {
        var result = ""
        var rest = text
        while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
            guard let before = String(validating: rest[..<mark], as: UTF8.self),
                let end = rest[mark...].firstIndex(of: UInt8(ascii: ";")),
                let scalar = scalar(String(decoding: rest[(mark + 1)..<end], as: UTF8.self))
            else { return nil }
            result += before
            result.unicodeScalars.append(scalar)
            rest = rest[(end + 1)...]
        }
        guard let last = String(validating: rest, as: UTF8.self) else { return nil }
        return result + last
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            let code =
                name.hasPrefix("#x")
                ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            return code.flatMap(Unicode.Scalar.init)
        }
    }
}
