// SPDX-License-Identifier: Apache-2.0

/// XML as text. Whatever is put in as text is escaped.
enum XML {
    struct Node: Sendable {
        fileprivate var text: String
    }

    static func element(_ name: String, _ text: String) -> Node { Node(text: "<\(name)>\(escaped(text))</\(name)>") }

    static func element(_ name: String, _ children: Node...) -> Node { element(name, children) }

    static func element(_ name: String, _ children: [Node]) -> Node {
        Node(text: "<\(name)>" + children.map(\.text).joined() + "</\(name)>")
    }

    static func document(_ name: String, namespace: String?, _ children: Node...) -> String {
        document(name, namespace: namespace, children)
    }

    static func document(_ name: String, namespace: String?, _ children: [Node]) -> String {
        let attribute = namespace.map { " xmlns=\"\($0)\"" } ?? ""
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(name)\(attribute)>" + children.map(\.text).joined()
            + "</\(name)>"
    }

    /// Control characters become references, which XML 1.0 forbids but S3 sends too: clients that must read such keys
    /// ask for them percent-encoded.
    private static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += "&quot;".utf8
            case 0..<9, 11..<32: result += "&#x\(String(byte, radix: 16));".utf8
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
