// SPDX-License-Identifier: Apache-2.0

import Testing

/// A line of the whole sample replaced, and the sentence that must follow.
extension JobProblemTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var key: String
        var line: String
        var message: String
        var testDescription: String { line }

        init(_ key: String, _ line: String, _ message: String) {
            self.key = key
            self.line = line
            self.message = message
        }
    }

    static let cases: [Case] = [
        Case("name", "name: 123", "1:1: name: must be text, but it is the number 123; write it as \"123\""),
        Case(
            "name", "name: my_job",
            "1:1: name: \"my_job\" is not a job name (letters, digits and hyphens between them, 40 at most); "
                + "write it as recommender"),
        Case("name", "name:", "1:1: name: must be text, but it is empty; write it as recommender"),
        Case("name", "name: [a]", "1:1: name: must be text, but it is a list; write it as recommender"),
        Case("name", "", "2:1: the key `name` is missing; add `name: recommender`"),
        Case(
            "entryPoint", "entryPoint: ../train.py",
            "2:1: entryPoint: \"../train.py\" is not a path below sourceDir; write it as train.py"),
        Case("entryPoint", "entryPoint: \"a\\tb\"", "2:1: entryPoint: holds a control character; take it out"),
        Case(
            "entryPoint", "entryPoint: train.py\nentrypoint: x.py",
            "3:1: entrypoint: is not a key of the job file; did you mean `entryPoint`?"),
        Case(
            "maxRun", "maxRun: 6 h\ncheckpoint_interval: 3 min",
            "20:1: checkpoint_interval: is not a key of the job file; did you mean `checkpointInterval`?"),
        Case(
            "  start", "  begin: \"00:00\"\n  start: \"00:00\"",
            "15:3: schedule.begin: is not a key of the job file; the keys here are start, deadline, timeZone"),
        Case("maxRun", "maxRun: 6 h\n<<: {a: 1}", "20:1: \"<<\": merge keys are not read; write the keys out"),
        Case(
            "maxRun", "maxRun: 6 h\nmaxRun: 7 h",
            "20:1: maxRun: is written twice, first in line 19; keep one of the two"),
        Case(
            "  - {name: epoch", "  - {name: epoch, Name: e, regex: 'epoch=([0-9.]+)'}",
            "23:19: metricDefinitions[0].name: is written twice, first in line 23; keep one of the two"),
        Case(
            "checkpointLocalPath", "checkpointLocalPath: ckpt",
            "8:1: checkpointLocalPath: \"ckpt\" is not an absolute path; write it as /opt/ml/checkpoints"),
        Case(
            "checkpointUri", "checkpointUri: s3://bucket/x",
            "9:1: checkpointUri: \"s3://\" is not supported by this version; use a directory or file://"),
        Case(
            "checkpointUri", "checkpointUri: ~/x",
            "9:1: checkpointUri: \"~/x\" is not a path here; "
                + "write the home directory out; the file may run under another user"),
        Case(
            "checkpointUri", "checkpointUri: file://host/x",
            "9:1: checkpointUri: \"file://host/x\" is not a file:// address; write it as file:///data"),
        Case(
            "checkpointInterval", "checkpointInterval: 12",
            "10:1: checkpointInterval: must be a length of time, but it is the number 12; write it as 12 min"),
        Case(
            "checkpointInterval", "checkpointInterval: 12 m",
            "10:1: checkpointInterval: \"12 m\" is not a length of time; write it as 12 min"),
        Case(
            "checkpointInterval", "checkpointInterval: 0 s",
            "10:1: checkpointInterval: must be at least 1 s; write a longer time"),
        Case(
            "checkpointSize", "checkpointSize: 2 megs",
            "11:1: checkpointSize: \"2 megs\" is not a size; write it as 2 MB"),
        Case(
            "checkpointSize", "checkpointSize: 2 MB\ncheckpointWriteSpeed: 500 MB",
            "12:1: checkpointWriteSpeed: \"500 MB\" is not a size a second; write it as 500 MB/s"),
        Case(
            "checkpointKeep", "checkpointKeep: 0",
            "12:1: checkpointKeep: 0 is not between 1 and 100; write a whole number from 1 to 100"),
        Case(
            "checkpointKeep", "checkpointKeep: many",
            "12:1: checkpointKeep: must be a whole number, but it is text; write it as 3"),
        Case(
            "  deadline", "  deadline: \"8 o'clock\"",
            "16:3: schedule.deadline: \"8 o'clock\" is not a time of day; write it as \"08:00\""),
        Case(
            "  timeZone", "  timeZone: Dublin",
            "17:3: schedule.timeZone: \"Dublin\" is not a time zone; did you mean \"Europe/Dublin\"?"),
        Case(
            "  timeZone", "  timeZone: Mars/Olympus_Mons",
            "17:3: schedule.timeZone: \"Mars/Olympus_Mons\" is not a time zone; write a name such as Europe/Dublin"),
        Case(
            "budgetPerNight", "budgetPerNight: 120 EUR",
            "21:1: budgetPerNight: \"120 EUR\" is not an amount of US dollars; write it as 120 USD"),
        Case(
            "budgetPerNight", "budgetPerNight: 120",
            "21:1: budgetPerNight: must be an amount of US dollars, but it is the number 120; write it as 120 USD"),
        Case(
            "progress", "progress: {metric: epoch, total: 0}",
            "24:27: progress.total: \"0\" is not a number above 0; write it as 20"),
        Case(
            "progress", "progress: {total: 1}",
            "24:1: progress: needs `metric` or `checkpointName`; write one of them"),
        Case(
            "progress", "progress: {metric: epoch, checkpointName: '(a)', total: 1}",
            "24:1: progress: has both `metric` and `checkpointName`; keep `metric` or `checkpointName`"),
        Case("policy", "policy: gredy", "30:1: policy: \"gredy\" is not a choice here; did you mean \"greedy\"?"),
        Case(
            "policy", "policy: cheapest",
            "30:1: policy: \"cheapest\" is not a choice here; "
                + "write \"nightshift\", or another of docs/policy.md"
        ),
        Case(
            "  - backend", "  - backend: ec2",
            "32:5: offers[0].backend: \"ec2\" is not supported by this version; use local"),
        Case(
            "    zones", "    zones: []",
            "35:5: offers[0].zones: the list is empty; write at least one, e.g. [eu-west-1a, eu-west-1b]"),
        Case(
            "interpreter", "interpreter: [python3, [u]]",
            "4:24: interpreter[1]: must be text, but it is a list; write it as python3"),
        Case(
            "hyperparameters", "hyperparameters: [a]",
            "5:1: hyperparameters: must be names with values, but it is a list; "
                + "write it as {epochs: 20, learning-rate: 0.05}"),
        Case(
            "environment", "environment: {A-B: x}",
            "6:15: environment: the name \"A-B\" is not an environment variable (letters, digits and _); "
                + "rename it to an environment variable (letters, digits and _)"),
        Case(
            "environment", "environment: {A: [1]}",
            "6:15: environment.A: the value must be text, but it is a list; put quotes around it"),
        Case(
            "environment", "environment: {A: }",
            "6:15: environment.A: has no value; write \"\" for an empty text"),
        Case(
            "environment", "environment: {SM_MODEL_DIR: /x}",
            "6:15: warning: environment.SM_MODEL_DIR: is set by Nightshift itself; "
                + "choose another name; the value here is overwritten"),
        Case(
            "environment", "environment: {WANDB_API_KEY: abc}",
            "6:15: environment.WANDB_API_KEY: looks like a secret; set it in the environment of `nightshift run`: the "
                + "training process inherits that, and it is never recorded"),
        Case(
            "hyperparameters", "hyperparameters: {hub_token: abc}",
            "5:19: warning: hyperparameters.hub_token: looks like a secret; let the script read it from a file or a "
                + "secret store; this file and the night's record are kept"),
        Case(
            "inputs", "inputs: {a b: c}",
            "7:10: inputs: the name \"a b\" is not a channel name (letters, digits and . - _); "
                + "rename it to a channel name (letters, digits and . - _)"),
        Case(
            "hyperparameters", "hyperparameters: {x: .inf}",
            "5:19: hyperparameters.x: is infinite or not a number, which JSON can't carry; "
                + "write a large number, or a text in quotes"),
        Case(
            "hyperparameters", "hyperparameters: {x: no}",
            "5:19: warning: hyperparameters.x: \"no\" is read as text; write true or false for a truth value, or put "
                + "quotes around the text\n  because YAML 1.1 takes no for a truth value and YAML 1.2 for text"),
        Case(
            "hyperparameters", "hyperparameters: {x: 007}",
            "5:19: warning: hyperparameters.x: \"007\" is read as text, because of the leading zero; "
                + "take the zero away for a number, or put quotes around the text"),
        Case(
            "hyperparameters", "hyperparameters: {? \(String(repeating: "a", count: 257)) : 1}",
            "5:21: hyperparameters: the name has 257 characters, more than 256; shorten it\n"
                + "  because SageMaker has the same limit"),
        Case(
            "hyperparameters", "hyperparameters: {a: \(String(repeating: "b", count: 2499))}",
            "5:19: hyperparameters.a: the value has 2501 characters, more than 2500; "
                + "put it into a file and name the file here\n  because SageMaker has the same limit"),
        Case(
            "hyperparameters",
            "hyperparameters: {\((0..<101).map { "a\($0): 1" }.joined(separator: ", "))}",
            "5:1: hyperparameters: there are 101, but at most 100 are allowed; take some out\n"
                + "  because SageMaker has the same limit"),
        // Several keys together.
        Case(
            "expectedRuntime", "expectedRuntime: 5 h\nx-never: 1",
            "19:1: x-never: is not a key of the job file; the keys here are name, entryPoint, sourceDir, interpreter, "
                + "hyperparameters, environment, inputs, checkpointLocalPath, checkpointUri, checkpointInterval, "
                + "checkpointSize, checkpointWriteSpeed, checkpointKeep, outputPath, publish, schedule, expectedRuntime, maxRun, maxWait, "
                + "restartOverhead, onDemandWait, uploadTime, safetyMargin, metricDefinitions, progress, "
                + "tripwires, policy, requireDrill, budgetPerNight, failureCost, "
                + "engineeringCost, nightsPerMonth, runsOnce, otherUsage, offers, market, sageMaker"),
        Case(
            "  deadline", "  deadline: \"04:30\"",
            "16:3: schedule.deadline: the window is 4 h 30 min, but on-demand alone needs 4 h 49 min; "
                + "widen the window, shorten the job or lower the times it is made of\n"
                + "  because expectedRuntime 4 h + restartOverhead 10 min + onDemandWait 20 min + uploadTime 4 min + "
                + "safetyMargin 15 min"),
        Case(
            "maxRun", "maxRun: 3 h",
            "19:1: maxRun: 3 h is less than the expectedRuntime of 4 h; "
                + "write at least the expected runtime, and room for work that is done twice"),
        Case(
            "maxRun", "maxRun: 10 h\n# ",
            "21:1: maxWait: 9 h is less than the maxRun of 10 h; write at least as much as maxRun; it counts waiting too"
                + "\n  because SageMaker refuses such a job too"),
        Case(
            "maxWait", "maxWait: 7 h",
            "20:1: warning: maxWait: ends the night after 7 h, before its deadline, which comes after 8 h; "
                + "write at least 8 h"),
        Case(
            "checkpointInterval", "checkpointInterval: 4 h",
            "10:1: checkpointInterval: 4 h is not less than the expectedRuntime of 4 h; "
                + "save more often; a restart loses everything since the last checkpoint"),
        Case(
            "  - {name: epoch", "  - {name: epoch, regex: 'epoch=[0-9.]+'}",
            "23:19: metricDefinitions[0].regex: the expression has no capture group; "
                + "put parentheses around the number to be read"),
        Case(
            "  - {name: epoch", "  - {name: epoch, regex: '(a)(b)'}",
            "23:19: metricDefinitions[0].regex: the expression has 2 capture groups; "
                + "keep one pair and write (?:…) for the others"),
        Case(
            "  - {name: epoch", "  - {name: epoch, regex: '(a'}",
            "23:19: metricDefinitions[0].regex: this is not a regular expression (expected ')'); "
                + "try it in single quotes, where a backslash stays a backslash"),
        Case(
            "  - {name: epoch", "  - {name: epoch, regex: '(\(String(repeating: "a", count: 499)))'}",
            "23:19: metricDefinitions[0].regex: the expression has 501 characters, more than 500; shorten it\n"
                + "  because SageMaker has the same limit"),
        Case(
            "  - {name: epoch", "  - {name: epoch, regex: '(a)'}\n  - {name: epoch, regex: '(b)'}",
            "24:6: metricDefinitions[1].name: the metric \"epoch\" is defined twice, first in line 23; "
                + "keep one of the two"),
        Case(
            "progress", "progress: {metric: epochs, total: 2}",
            "24:12: progress.metric: no metric is named \"epochs\"; did you mean \"epoch\"?"),
        Case(
            "progress", "progress: {metric: steps, total: 2}",
            "24:12: progress.metric: no metric is named \"steps\"; the metrics are epoch"),
        Case(
            "policy", "policy: greedy\ntripwires: {badLoss: {metric: epochs}}",
            "31:23: tripwires.badLoss.metric: no metric is named \"epochs\"; did you mean \"epoch\"?"),
        Case(
            "policy", "policy: greedy\ntripwires: {lossJump: {above: half}}",
            "31:24: tripwires.lossJump.above: \"half\" is not a percentage; write it as 50 %"),
        Case(
            "policy", "policy: greedy\ntripwires: {noModel: {then: goOn}}",
            "31:23: tripwires.noModel.then: \"goOn\" is not a choice here; "
                + "write \"restart\" or \"stop\" or \"off\""),
        Case(
            "    purchaseOptions", "    purchaseOptions: [spot]",
            "31:1: offers: the policy greedy may need on-demand, but no offer has it; "
                + "add on-demand to the purchaseOptions of an offer"),
        Case(
            "    purchaseOptions", "    purchaseOptions: [on-demand]",
            "31:1: warning: offers: the policy greedy has no Spot offer to use; "
                + "add spot to the purchaseOptions of an offer, or write policy: on-demand"),
        Case(
            "policy", "policy: on-demand",
            "30:1: warning: policy: the policy on-demand never uses the Spot offers; "
                + "write policy: nightshift, or take spot out of purchaseOptions"),
        Case(
            "    zones", "    zones: [eu-west-1a, eu-west-1a]",
            "32:5: offers[0]: offers ml.p4d.24xlarge eu-west-1a spot a second time, first in line 32; "
                + "take it out of one of the two entries"),
        Case(
            "    zones", "    zones: [us-east-1a]",
            "35:13: warning: offers[0].zones[0]: the zone \"us-east-1a\" is not named after \"eu-west-1\"; "
                + "check both; a zone's name begins with its region"),
        Case(
            "checkpointUri", "checkpointUri: models",
            "9:1: checkpointUri: is the same directory as `outputPath`; give it a directory of its own"),
    ]
}
