// SPDX-License-Identifier: Apache-2.0

import Testing
import TrainingJobs

@testable import JobFiles

@Suite struct ValueTextTests {
    @Test(arguments: [
        ("90 s", 90), ("12 min", 720), ("4 h", 14400), ("4 h 30 min", 16200), ("1 d", 86400), ("1d2h3min4s", 93784),
        ("0 s", 0), ("4h 30min", 16200), ("007 s", 7),
    ])
    func `a length of time is read`(_ text: String, _ seconds: Int) {
        #expect(Duration(text: text) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "4", "h", "4 m", "30 min 4 h", "4 h 4 h", "4  h", " 4 h", "4 h ", "-4 h", "1.5 h", "4 H", "1000000 h",
        "PT4H",
        "٤ h",
    ])
    func `what is not a length of time is refused`(_ text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test func `a length of time reads back what it writes`() {
        for seconds in [0, 1, 59, 60, 61, 90, 119, 120, 121, 3600, 3661, 86400, 90061, 604_800] {
            let duration = Duration.seconds(seconds)
            #expect(Duration(text: duration.text) == duration, "\(duration.text)")
        }
        #expect(Duration.seconds(16200).text == "4 h 30 min")
        #expect(Duration.seconds(90).text == "90 s")
    }

    @Test(arguments: [
        ("2 MB", 2_000_000), ("1.5 GiB", 1_610_612_736), ("0 B", 0), ("10kB", 10000), ("10 KB", 10000),
        ("1 TiB", 1_099_511_627_776), ("0.001 kB", 1),
    ])
    func `a size is read`(_ text: String, _ bytes: Int64) {
        #expect(JobText.bytes(text) == bytes)
    }

    @Test(arguments: [("120 USD", 120_000_000), ("$120", 120_000_000), ("0.5USD", 500_000), ("$0.000001", 1)])
    func `money is read`(_ text: String, _ microdollars: Int64) {
        #expect(JobText.money(text) == Money(microdollars: microdollars))
    }

    @Test(arguments: [
        "120", "120 EUR", "$120 USD", "$ 120", "-1 USD", "$-1", "1e3 USD", "$1.0000001", "$", "USD", "$.5",
    ])
    func `what is not money is refused`(_ text: String) {
        #expect(JobText.money(text) == nil)
    }

    @Test func `times of day are those of a clock`() {
        #expect(JobText.timeOfDay("00:00") == 0)
        #expect(JobText.timeOfDay("23:59") == 1439)
        for text in ["24:00", "8:00", "08:60", "08:0", "0800", "08:00:00", "०८:००", ""] {
            #expect(JobText.timeOfDay(text) == nil, "\(text)")
        }
        #expect(JobText.timeOfDayText(485) == "08:05")
    }

    /// The schema's patterns and the reader's functions are the same languages.
    @Test func `patterns and functions agree on random text`() {
        let languages: [(pattern: String, alphabet: [String], reads: (String) -> Bool)] = [
            (JobText.duration, ["1", "20", " ", "d", "h", "min", "s", "m", "1234567"], { Duration(text: $0) != nil }),
            (JobText.size, ["1", "23", ".", " ", "B", "kB", "MB", "GiB", "b", "1234"], { JobText.bytes($0) != nil }),
            (JobText.money, ["1", "23", ".", " ", "$", "USD", "EUR", "-", "4567"], { JobText.money($0) != nil }),
            (JobText.timeOfDay, ["0", "1", "2", "3", "5", "9", ":"], { JobText.timeOfDay($0) != nil }),
        ]
        var accepted = 0
        for (number, language) in languages.enumerated() {
            for seed in UInt64(0)..<600 {
                var random = SplitMix64(seed: seed &* 31 &+ UInt64(number))
                let length = Int(random.next() % 6) + 1
                let text = (0..<length).map { _ in
                    language.alphabet[Int(random.next() % UInt64(language.alphabet.count))]
                }.joined()
                let byFunction = language.reads(text)
                #expect(byFunction == JobReader.matches(text, language.pattern), "seed \(seed): \(text)")
                if byFunction { accepted += 1 }
            }
        }
        #expect(accepted > 30)
    }

    @Test func `every pattern of the table compiles`() throws {
        func visit(_ keys: [JobKey]) throws {
            for key in keys {
                switch key.kind {
                case .text(let rule), .texts(let rule): if let pattern = rule.pattern { _ = try Regex(pattern) }
                case .pairs(let rule): if let pattern = rule.namePattern { _ = try Regex(pattern) }
                case .group(let inner, _), .groups(let inner, _): try visit(inner)
                default: break
                }
            }
        }
        try visit(JobKeys.all)
        for pattern in [JobText.path, JobText.line] { _ = try Regex(pattern) }
    }

    @Test(arguments: [
        ("a", 1), ("(a)", 1), ("a(b)?", 1), ("(?:a)(?<n>b)", 1), ("(a)(b)", 2), ("((a)b)", 2), ("(a)|(b)", 2),
        ("(?x) (a) # comment", 1), (#"loss=([0-9.]+)"#, 1), (#"\((\d+)\)"#, 1),
    ])
    func `capture groups are counted`(_ pattern: String, _ count: Int) throws {
        #expect(try CaptureGroups.count(in: pattern) == (pattern == "a" ? 0 : count))
    }
}

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("checkpoint_interval", "checkpointInterval"), ("entrypoint", "entryPoint"), ("schedul", "schedule"),
        ("maxrunn", "maxRun"), ("polciy", "policy"), ("hyper-parameters", "hyperparameters"), ("ofers", "offers"),
    ])
    func `a slip of the finger is recognised`(_ written: String, _ meant: String) {
        #expect(NearestName.of(written, in: JobKeys.all.map(\.name)) == meant)
    }

    @Test(arguments: ["x", "", "cluster", "instance_count", "role", "…"])
    func `what is far from every name gets no suggestion`(_ written: String) {
        #expect(NearestName.of(written, in: JobKeys.all.map(\.name)) == nil)
    }

    @Test func `the distance is the one of the slow definition`() {
        func slow(_ a: ArraySlice<Character>, _ b: ArraySlice<Character>) -> Int {
            guard let x = a.last, let y = b.last else { return a.count + b.count }
            var best = min(slow(a.dropLast(), b) + 1, slow(a, b.dropLast()) + 1)
            best = min(best, slow(a.dropLast(), b.dropLast()) + (x == y ? 0 : 1))
            if a.count > 1, b.count > 1, x == b.dropLast().last, y == a.dropLast().last {
                best = min(best, slow(a.dropLast(2), b.dropLast(2)) + 1)
            }
            return best
        }
        for seed in UInt64(0)..<200 {
            var random = SplitMix64(seed: seed)
            func word() -> [Character] {
                (0..<Int(random.next() % 5)).map { _ in "abc".randomElement(using: &random) ?? "a" }
            }
            let (left, right) = (word(), word())
            #expect(NearestName.distance(left, right) == slow(left[...], right[...]), "seed \(seed)")
        }
    }
}
