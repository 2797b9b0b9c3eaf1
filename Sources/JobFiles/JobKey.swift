// SPDX-License-Identifier: Apache-2.0

/// One key of the job file. The table of them, `JobKeys.all`, drives the reader, its messages, the file that `init`
/// writes, the JSON Schema and the page in the documentation.
package struct JobKey: Sendable {
    package var name: String
    /// SageMaker's own spelling, accepted as well.
    package var alias: String? = nil
    package var presence: Presence
    package var kind: Kind
    /// One or two plain sentences.
    package var summary: String
    /// A value as it is written in YAML, on one line; used in messages, in `init` and in the schema.
    package var example: String

    package enum Presence: Hashable, Sendable {
        case required
        case optional
        /// The value, as it would be written, that a missing key has.
        case otherwise(String)
    }

    package indirect enum Kind: Sendable {
        case text(Text)
        /// `later` are words of other versions: refused, but not as if they were nonsense.
        case choice([String], later: [String])
        /// A policy's name, in the spelling of records.
        case policy
        case duration(least: Duration)
        case size
        /// Bytes a second, above 0.
        case speed
        case money
        case count(ClosedRange<Int>)
        case positiveNumber
        case number
        /// `2%`, as a number of percent.
        case percent
        case flag
        case timeOfDay
        case timeZone
        case path
        /// A path, or a prefix in a bucket.
        case place
        /// A program and its arguments: one text, or a list.
        case words
        case texts(Text)
        case choices([String])
        /// Names that the user invents, each with a value.
        case pairs(Pairs)
        case group([JobKey], exactlyOneOf: [String])
        case groups([JobKey], most: Int)
    }

    package enum Text: Hashable, Sendable {
        case jobName
        case relativePath
        case absolutePath
        case roleArn
        case s3Address
        case metricName
        case regex
        case plain

        /// For the schema; the reader checks with it too. `nil` is any text but the empty one.
        package var pattern: String? {
            switch self {
            case .jobName: "^(?=.{1,40}$)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,39}$"
            case .relativePath: #"^(?!/)(?!\.\.(/|$))(?!.*/\.\.(/|$)).+$"#
            case .absolutePath: "^/.*$"
            case .roleArn: #"^arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$"#
            case .s3Address: JobText.s3Address
            case .metricName, .regex, .plain: nil
            }
        }

        /// Completes "is not …".
        package var inWords: String {
            switch self {
            case .jobName: "a job name (letters, digits and hyphens between them, 40 at most)"
            case .relativePath: "a path below sourceDir"
            case .absolutePath: "an absolute path"
            case .roleArn: "the ARN of a role"
            case .s3Address: "an address as s3://bucket/prefix"
            case .metricName: "a metric name"
            case .regex: "a regular expression"
            case .plain: "a name"
            }
        }
    }

    package struct Pairs: Hashable, Sendable {
        package enum Value: Hashable, Sendable {
            /// Anything that JSON can carry.
            case json
            case text
            case place
        }

        package var value: Value
        package var namePattern: String?
        package var nameInWords: String
        package var nameLimit: Int
        package var valueLimit: Int
        package var limit: Int
    }

    /// Short, for tables and for "must be …".
    package var kindInWords: String {
        switch kind {
        case .text(.regex): "a regular expression"
        case .text, .choice, .policy: "text"
        case .duration: "a length of time"
        case .size: "a size"
        case .speed: "a size a second"
        case .money: "an amount of US dollars"
        case .count: "a whole number"
        case .positiveNumber: "a number above 0"
        case .number: "a number"
        case .percent: "a percentage"
        case .flag: "true or false"
        case .timeOfDay: "a time of day"
        case .timeZone: "a time zone"
        case .path: "a path"
        case .place: "a path or an s3:// address"
        case .words: "text or a list of texts"
        case .texts, .choices: "a list of texts"
        case .pairs: "names with values"
        case .group: "a group of keys"
        case .groups: "a list of groups of keys"
        }
    }

    package var isRequired: Bool { presence == .required }
}
