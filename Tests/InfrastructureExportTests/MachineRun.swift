// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// A task's failure, by the name that Step Functions gives it.
struct TaskFailure: Error {
    var name: String
    var cause: String
}

/// What a state machine's tasks call.
protocol TaskWorld {
    var now: Instant { get set }
    mutating func call(_ resource: String, _ arguments: JSON) throws(TaskFailure) -> JSON
}

/// Executes a state machine in virtual time: the states and fields that exported machines use, any other is an error.
struct MachineRun<World: TaskWorld> {
    enum End: Equatable {
        case succeeded(JSON)
        case failed(error: String, cause: String)
    }

    let definition: JSON
    let name: String
    var world: World
    private let startedAt: Instant
    private let parsed: ParsedExpressions
    private var variables: [String: JSON] = [:]
    /// The states in the order in which they were entered.
    private(set) var states: [String] = []

    init(_ definition: JSON, name: String, world: World, parsed: ParsedExpressions = ParsedExpressions()) {
        self.definition = definition
        self.name = name
        self.world = world
        startedAt = world.now
        self.parsed = parsed
    }

    mutating func run(input: JSON) throws -> End {
        var input = input
        var next = try field(definition, "StartAt")
        while true {
            guard states.count < 20000 else { throw JSONataError(description: "it does not end: \(states.suffix(9))") }
            if let limit = definition["TimeoutSeconds"]?.number, (world.now - startedAt).realSeconds > limit {
                return .failed(error: "States.Timeout", cause: "")
            }
            guard let state = definition["States"]?[next] else { throw JSONataError(description: "no state \(next)") }
            states.append(next)
            switch try field(state, "Type") {
            case "Pass":
                try assign(state["Assign"], ["input": input])
                next = try field(state, "Next")
            case "Wait":
                guard let seconds = state["Seconds"]?.number else { throw JSONataError(description: "Wait: Seconds") }
                world.now += .seconds(Int(seconds))
                next = try field(state, "Next")
            case "Choice": next = try choose(state, input)
            case "Task": (next, input) = try perform(state, input)
            case "Succeed": return .succeeded(try state["Output"].map { try fill($0, ["input": input]) } ?? input)
            case "Fail":
                let words = try ["Error", "Cause"].map { try fill(state[$0] ?? .text(""), [:]).text ?? "" }
                return .failed(error: words[0], cause: words[1])
            case let type: throw JSONataError(description: "no type \(type)")
            }
        }
    }

    private func field(_ value: JSON, _ name: String) throws -> String {
        guard let text = value[name]?.text else { throw JSONataError(description: "no \(name) in \(value.written)") }
        return text
    }

    private mutating func choose(_ state: JSON, _ input: JSON) throws -> String {
        for rule in state["Choices"]?.list ?? [] {
            guard try fill(rule["Condition"] ?? .null, ["input": input]) == .bool(true) else { continue }
            try assign(rule["Assign"], ["input": input])
            return try field(rule, "Next")
        }
        // As the language has it: the state's own assignments belong to the default.
        try assign(state["Assign"], ["input": input])
        return try field(state, "Default")
    }

    private mutating func perform(_ state: JSON, _ input: JSON) throws -> (String, JSON) {
        let resource = try field(state, "Resource")
        var tries: [Int: Double] = [:]
        while true {
            let arguments = try fill(state["Arguments"] ?? .object([:]), ["input": input])
            do {
                let result = try world.call(resource, arguments)
                let output = try state["Output"].map { try fill($0, ["input": input, "result": result]) } ?? result
                try assign(state["Assign"], ["input": input, "result": result])
                return (try field(state, "Next"), output)
            } catch let failure as TaskFailure {
                if let wait = pause(after: failure, state["Retry"]?.list ?? [], &tries) {
                    world.now += .milliseconds(Int64(wait * 1000))
                    continue
                }
                let told = JSON.object(["Error": .text(failure.name), "Cause": .text(failure.cause)])
                guard let catcher = (state["Catch"]?.list ?? []).first(where: { matches($0, failure) }) else {
                    throw JSONataError(description: "\(failure) is not caught in \(states.last!)")
                }
                try assign(catcher["Assign"], ["input": input, "errorOutput": told])
                return (try field(catcher, "Next"), told)
            }
        }
    }

    private func matches(_ rule: JSON, _ failure: TaskFailure) -> Bool {
        let names = (rule["ErrorEquals"]?.list ?? []).compactMap(\.text)
        return names.contains("States.ALL") || names.contains(failure.name)
    }

    private func pause(after failure: TaskFailure, _ rules: [JSON], _ tries: inout [Int: Double]) -> Double? {
        guard let index = rules.firstIndex(where: { matches($0, failure) }) else { return nil }
        let rule = rules[index], count = tries[index, default: 0]
        guard count < rule["MaxAttempts"]?.number ?? 3 else { return nil }
        tries[index] = count + 1
        let factor = (0..<Int(count)).reduce(1.0) { product, _ in product * (rule["BackoffRate"]?.number ?? 2) }
        return (rule["IntervalSeconds"]?.number ?? 1) * factor
    }

    // MARK: - Expressions

    /// All of a state's assignments see the values from before it.
    private mutating func assign(_ assignments: JSON?, _ states: [String: JSON]) throws {
        guard let assignments else { return }
        let values = try fill(assignments, states).members ?? [:]
        variables.merge(values) { $1 }
    }

    private func fill(_ template: JSON, _ states: [String: JSON]) throws -> JSON {
        switch template {
        case .text(let text) where text.hasPrefix("{%") && text.hasSuffix("%}"):
            var all = variables
            let execution: JSON = .object([
                "Id": .text("arn:execution:\(name)"), "Name": .text(name), "StartTime": .text(startedAt.iso8601),
            ])
            all["states"] = .object(states.merging(["context": .object(["Execution": execution])]) { $1 })
            let expression = try parsed.expression(String(text.dropFirst(2).dropLast(2)))
            guard let value = try JSONata(variables: all, now: world.now).value(expression) else {
                throw JSONataError(description: "States.QueryEvaluationError: nothing comes of \(text)")
            }
            parsed.evaluations[text] = .init(variables: all, now: world.now, value: value)
            return value
        case .list(let items): return .list(try items.map { try fill($0, states) })
        case .object(let members): return .object(try members.mapValues { try fill($0, states) })
        default: return template
        }
    }
}
