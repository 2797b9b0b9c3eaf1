// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Service quotas of a stage, as they are typed: `NAME=N` with AWS's names.
struct StageQuotas: ParsableArguments {
    @Option(
        name: .customLong("quota"),
        help: ArgumentHelp(
            "A service quota by AWS's name, such as \"ml.p4d.24xlarge for spot training job usage=0\"; may be "
                + "repeated. What is not named has no limit.", valueName: "name=n"))
    var words: [String] = []

    /// Every problem at once.
    func validate() throws {
        let problems = words.filter { Self.limit($0) == nil }.map { word in
            "--quota \(word): expected NAME=N, with a name such as \"ml.p4d.24xlarge for training job usage\" or "
                + "\"ml.p4d.24xlarge for spot training job usage\" and a whole number from 0 on"
        }
        if !problems.isEmpty { throw ValidationError(problems.joined(separator: "\n")) }
    }

    /// The last of two words for one name counts.
    var limits: [String: Int] {
        Dictionary(words.compactMap(Self.limit)) { $1 }
    }

    private static func limit(_ word: String) -> (name: String, most: Int)? {
        guard let equals = word.lastIndex(of: "=") else { return nil }
        let name = String(word[..<equals])
        guard name.wholeMatch(of: /ml\.[a-z0-9.-]+ for (?:spot )?training job usage/) != nil,
            let most = Int(word[word.index(after: equals)...]), most >= 0
        else { return nil }
        return (name, most)
    }
}
