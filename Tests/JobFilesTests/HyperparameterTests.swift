// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import JobFiles

@Suite struct HyperparameterTests {
    private func json(_ yaml: String) throws -> String {
        let text = Samples.whole("hyperparameters", "hyperparameters: {x: \(yaml)}")
        return try JobFile.parse(text: text, path: "j.yaml").job.hyperparameters[0].json
    }

    @Test(arguments: [
        ("20", "20"), ("-3", "-3"), ("+3", "3"), ("0", "0"), ("-0", "0"), ("0x1F", "31"), ("0o17", "15"),
        ("123456789012345678901234567890", "123456789012345678901234567890"), ("0.05", "0.05"), ("1.0", "1.0"),
        ("1e-3", "0.001"), ("1e-5", "1e-05"), ("1E5", "100000.0"), ("1e16", "1e+16"), (".5", "0.5"), ("5.", "5.0"),
        ("-0.0", "-0.0"), ("true", "true"), ("False", "false"), ("null", "null"), ("~", "null"), ("", "null"),
        ("adam", "\"adam\""), ("\"20\"", "\"20\""), ("'true'", "\"true\""), ("no", "\"no\""), ("on", "\"on\""),
        ("22:00", "\"22:00\""), ("2026-11-24", "\"2026-11-24\""), ("007", "\"007\""), ("1_000", "\"1_000\""),
        ("!!str 5", "\"5\""), ("1.2.3", "\"1.2.3\""), ("[1, 2]", "[1, 2]"),
        ("[a, [0.1, null]]", "[\"a\", [0.1, null]]"),
        ("{b: 1, a: 2}", "{\"b\": 1, \"a\": 2}"), ("\"é\\n\\\"😀\"", "\"\\u00e9\\n\\\"\\ud83d\\ude00\""), ("[]", "[]"),
    ])
    func `a value becomes the JSON text that Python would send`(_ yaml: String, _ expected: String) throws {
        #expect(try json(yaml) == expected)
    }

    @Test func `the order of the file is kept`() throws {
        let text = Samples.whole("hyperparameters", "hyperparameters:\n  z: 1\n  a: 2\n  m: 3")
        let names = try JobFile.parse(text: text, path: "j.yaml").job.hyperparameters.map(\.name)
        #expect(names == ["z", "a", "m"])
        let none = Samples.whole("hyperparameters", "hyperparameters:")
        #expect(try JobFile.parse(text: none, path: "j.yaml").job.hyperparameters.isEmpty)
    }

    @Test func `numbers are laid out as Python does`() throws {
        var random = SplitMix64(seed: 7)
        var numbers: [Double] = [
            1e22, 1e15, 9_007_199_254_740_992, 123_456_789_012_345_680, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude,
        ]
        for exponent in -20..<25 { numbers += ["1", "1.5", "12.345"].compactMap { Double("\($0)e\(exponent)") } }
        for _ in 0..<500 {
            let number = Double(bitPattern: random.next())
            if number.isFinite { numbers.append(number) }
        }
        let script =
            "import struct,sys\nfor l in sys.stdin: print(repr(struct.unpack('<d', struct.pack('<Q', int(l)))[0]))"
        let input = numbers.map { String($0.bitPattern) }.joined(separator: "\n")
        // Without Python there is nothing to compare with; the table above still holds.
        guard let output = try Python.run(script, input: input) else { return }
        let expected = output.split(separator: "\n").map(String.init)
        #expect(expected.count == numbers.count)
        for (number, text) in zip(numbers, expected) { #expect(PythonJSON.number(number) == text) }
    }

    @Test func `text is escaped as Python does`() throws {
        let texts = ["", "a/b", "\u{7F}", "\u{0}\u{1F}", "\u{2028}", "Straße", "👩‍🚀", "\\\"\t\r\n\u{8}\u{C}"]
        let script = "import json,sys\nfor l in sys.stdin: print(json.dumps(bytes.fromhex(l.strip()).decode()))"
        func hex(_ text: String) -> String {
            text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        guard let output = try Python.run(script, input: texts.map(hex).joined(separator: "\n") + "\n") else { return }
        #expect(texts.map(PythonJSON.string) == output.split(separator: "\n").map(String.init))
    }

    @Test func `environment values are the text as it is written`() throws {
        let text = Samples.whole("environment", "environment: {A: 1e-3, B: 007, C: true, D: \"\", E: 22:00, F: ' x '}")
        let environment = try JobFile.parse(text: text, path: "j.yaml").job.environment
        #expect(environment == ["A": "1e-3", "B": "007", "C": "true", "D": "", "E": "22:00", "F": " x "])
    }
}
