// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct DocumentPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: ["status", "report", "decision"])
    func `docs json names every key of the documents`(name: String) throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/json.md"), encoding: .utf8)
        let golden = Self.root.appending(path: "Tests/ReportsTests/Golden/\(name).json")
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: golden))
        for key in Self.keys(of: document).sorted() {
            #expect(page.contains("`\(key)`"), "\(name).json has \(key), docs/json.md does not")
        }
    }

    private static func keys(of value: Any) -> Set<String> {
        switch value {
        case let object as [String: Any]: Set(object.keys).union(object.values.flatMap { keys(of: $0) })
        case let array as [Any]: Set(array.flatMap { keys(of: $0) })
        default: []
        }
    }
}
