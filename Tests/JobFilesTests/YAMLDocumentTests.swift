// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JobFiles

@Suite struct YAMLDocumentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var message: String
        var testDescription: String { String(text.prefix(60)) }
    }

    @Test(arguments: [
        Case(text: "", message: "1:1: the file is empty; write one with `nightshift init`"),
        Case(text: "# nothing\n", message: "1:1: the file is empty; write one with `nightshift init`"),
        Case(
            text: "a: 1\n---\nb: 2\n",
            message:
                "2:1: a second YAML document begins here; keep each job in a file of its own and delete the `---` line"
        ),
        Case(
            text: "a:\n\tb: 1\n",
            message: "2:1: a tab or a reserved character stands where YAML does not allow one; "
                + "indent with spaces, and put quotes around a text that begins with one of @ ` %"),
        Case(
            text: "a: @b\n",
            message: "1:4: a tab or a reserved character stands where YAML does not allow one; "
                + "indent with spaces, and put quotes around a text that begins with one of @ ` %"),
        Case(
            text: "a: *b\n", message: "1:4: no anchor has this name; put quotes around a text that begins with *"),
        Case(
            text: "a: [1, 2\nb: 3\n",
            message: "2:2: this is not YAML (while parsing a flow sequence: did not find expected ',' or ']'); "
                + "compare the line with its neighbours: colons, quotes, brackets and indentation"),
        Case(
            text: "a: \"b\n",
            message: "2:1: this is not YAML (while scanning a quoted scalar: found unexpected end of stream); "
                + "compare the line with its neighbours: colons, quotes, brackets and indentation"),
        Case(
            text: "a: b\u{1}\n",
            message: "1:5: this is not YAML (control characters are not allowed); "
                + "compare the line with its neighbours: colons, quotes, brackets and indentation"),
        Case(
            text: "- a\n",
            message: "1:1: the file must be a group of keys, but it is a list; "
                + "write lines such as `name: recommender`"),
        Case(
            text: "a\n",
            message: "1:1: the file must be a group of keys, but it is text; "
                + "write lines such as `name: recommender`"),
        Case(
            text: "a: \(String(repeating: "[", count: 20))\(String(repeating: "]", count: 20))\n",
            message: "1:19: this is nested more than 16 levels deep; a job file needs five"),
        Case(
            text: "a: \(String(repeating: "[", count: 5000))",
            message: "1:132: this is nested more than 16 levels deep; a job file needs five"),
        Case(
            text: String(repeating: "- ", count: 10000),
            message: "1:1: this is nested more than 16 levels deep; a job file needs five"),
        Case(
            text: String(repeating: "{a: ", count: 50000),
            message: "1:513: this is nested more than 16 levels deep; a job file needs five"),
        Case(
            text: "a: 1\n" + String(repeating: "#", count: 262_144),
            message: "1:1: the file has 262149 bytes, more than the 262144 that are read; "
                + "keep data and long texts in files of their own"),
        Case(
            text: "a: !!int \"5\"\n",
            message: "1:4: a: the tag \"tag:yaml.org,2002:int\" is not read; "
                + "leave it out; quotes make a text"),
        Case(text: "[a, b]: c\n", message: "1:1: a key must be plain text; write `key: value`"),
    ])
    func `bad YAML is one clear sentence`(_ test: Case) {
        let problems = Samples.problems(test.text).filter { problem in
            switch problem.complaint {
            case .missingKey, .unknownKey: false
            default: true
            }
        }
        let lines = problems.map { String($0.description.split(separator: "\n")[0]) }
        #expect(lines == ["nightshift.yaml:" + test.message])
    }

    @Test func `aliases can't blow the file up`() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<9 {
            bomb += "a\(level): &a\(level) [\(String(repeating: "*a\(level - 1), ", count: 9))]\n"
        }
        #expect(
            Samples.problems(bomb).map(\.what) == [
                "the file uses more than 10 aliases, or repeats too much through them"
            ])
        #expect(Samples.problems(bomb).map(\.remedy) == ["write the values out"])
        // Within the number of aliases, but three times as much each time.
        var tripling = "a0: &a0 [\(String(repeating: "x,", count: 3000))]\n"
        for level in 1..<4 {
            tripling += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
        }
        #expect(Samples.problems(tripling).contains { $0.what.hasPrefix("the file uses more than 10 aliases") })
        // As a key, which the parser hashes.
        #expect(!Samples.problems(tripling + "? *a3\n: 1\n").isEmpty)
    }

    @Test func `all keys that are written twice are found, wherever they are`() {
        let document = YAMLDocument(
            text: "a: 1\nb: {c: 1, d: 2, c: 3}\na: 2\n\"e\": 1\n'e': 2\na: 3\nf:\n  - {g: 1, g: 2}\n")
        #expect(
            document.drafts.map { "\($0.place.line):\($0.place.column) \($0.key)" }.sorted() == [
                "2:17 b.c", "3:1 a", "5:1 e", "6:1 a", "8:12 f[0].g",
            ])
    }

    @Test func `line ends and a byte order mark of other systems change nothing`() throws {
        let job = try JobFile.parse(text: Samples.whole, path: "/j/n.yaml").job
        let dos = Samples.whole.replacing("\n", with: "\r\n")
        #expect(try JobFile.parse(text: dos, path: "/j/n.yaml").job == job)
        #expect(try JobFile.parse(text: "\u{FEFF}" + Samples.whole, path: "/j/n.yaml").job == job)
        let wrong = Samples.whole("policy", "policy: x").replacing("\n", with: "\r\n")
        #expect(Samples.problems(wrong).map { "\($0.line) \($0.sourceLine ?? "")" } == ["30 policy: x"])
    }

    /// Whatever the bytes are, there is a job or at least one problem with a place inside the file, and no crash.
    @Test func `any text is either a job or has a problem`() {
        for seed in UInt64(0)..<200 {
            var random = SplitMix64(seed: seed)
            var scalars = Array(Samples.whole.unicodeScalars)
            let pieces: [Unicode.Scalar] = [
                "\t", "\n", "\"", "'", "{", "[", "]", "}", ":", "-", "&", "*", "!", "|", ">", "%", "@", "#", "?", " ",
                "\u{0}", "é", "\u{2028}", "0", ",", "<", "~", "/", "\u{F0000}", "\r",
            ]
            for _ in 0..<Int(random.next() % 6 + 1) {
                let index = Int(random.next() % UInt64(scalars.count))
                switch random.next() % 3 {
                case 0: scalars[index] = pieces[Int(random.next() % UInt64(pieces.count))]
                case 1: scalars.insert(pieces[Int(random.next() % UInt64(pieces.count))], at: index)
                default:
                    let end = min(scalars.count, index + Int(random.next() % 40))
                    scalars.removeSubrange(index..<end)
                }
                if scalars.isEmpty { scalars = ["a"] }
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let text = String(view)
            let lines = SourceLines(text).lines.count
            do throws(JobFileError) {
                _ = try JobFile.parse(text: text, path: "n.yaml")
            } catch {
                #expect(!error.problems.isEmpty, "seed \(seed)")
                for problem in error.problems {
                    #expect((1...lines + 1).contains(problem.line), "seed \(seed): \(problem)")
                    #expect(!problem.description.isEmpty)
                }
            }
        }
    }
}

/// Steele, Lea and Flood's generator: the same numbers on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
