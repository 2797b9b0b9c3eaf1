// SPDX-License-Identifier: Apache-2.0

/// Cuts a path of the operator's into the directory above and the last component.
enum PathSplit {
    static func parentAndName(_ path: String) -> (parent: String, name: String) {
        let absolute = path.hasPrefix("/")
        var components = path.split(separator: "/").map(String.init)
        let name = components.popLast() ?? "."
        let above = components.joined(separator: "/")
        return ((absolute ? "/" : "") + (above.isEmpty && !absolute ? "." : above), name)
    }
}
