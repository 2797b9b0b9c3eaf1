// SPDX-License-Identifier: Apache-2.0

/// What the job file says before anybody knows what it means: YAML's three shapes, each with its place.
struct YAMLNode: Hashable, Sendable {
    var place: JobPlace
    var content: Content

    indirect enum Content: Hashable, Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry: Hashable, Sendable {
        var key: String
        var place: JobPlace
        var value: YAMLNode
    }

    var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// "a list", "the number 3": for messages about a wrong type.
    var kindInWords: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a group of keys"
        case .scalar(let scalar): scalar.kindInWords
        }
    }
}
