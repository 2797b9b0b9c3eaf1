// SPDX-License-Identifier: Apache-2.0

/// The one table of keys, in the order in which a job file is written and read.
package enum JobKeys {
    package static let all: [JobKey] =
        what + checkpoints + [publish, schedule] + times + measures + [tripwires] + buying + [sageMaker]

    private static let what: [JobKey] = [
        JobKey(
            name: "name", presence: .required, kind: .text(.jobName),
            summary: "The job's name; it becomes part of file names and of the ids of nights.", example: "recommender"),
        JobKey(
            name: "entryPoint", presence: .required, kind: .text(.relativePath),
            summary: "The training script, relative to sourceDir.", example: "train.py"),
        JobKey(
            name: "sourceDir", presence: .otherwise("."), kind: .path,
            summary: "The directory with the script and what it imports. Paths in this file are relative to the file.",
            example: "."),
        JobKey(
            name: "interpreter", presence: .otherwise("python3"), kind: .words,
            summary: "The program that runs the script; a list when it needs arguments. No shell reads it.",
            example: "python3"),
        JobKey(
            name: "hyperparameters", presence: .optional,
            kind: .pairs(
                .init(
                    value: .json, namePattern: nil, nameInWords: "a hyperparameter's name", nameLimit: 256,
                    valueLimit: 2500, limit: 100)),
            summary: "Given to the script as `--name value` and in SM_HPS, as SageMaker does.",
            example: "{epochs: 20, learning-rate: 0.05}"),
        JobKey(
            name: "environment", presence: .optional,
            kind: .pairs(
                .init(
                    value: .text, namePattern: "^[a-zA-Z_][a-zA-Z0-9_]*$",
                    nameInWords: "an environment variable (letters, digits and _)", nameLimit: 512, valueLimit: 512,
                    limit: 100)),
            summary: "Environment variables of the script. No secrets: this file and the night's record are kept.",
            example: "{OMP_NUM_THREADS: \"1\"}"),
        JobKey(
            name: "inputs", presence: .optional,
            kind: .pairs(
                .init(
                    value: .place, namePattern: "^[A-Za-z0-9.\\-_]+$",
                    nameInWords: "a channel name (letters, digits and . - _)", nameLimit: 64, valueLimit: 4096,
                    limit: 20)),
            summary:
                "Input channels: the script finds each directory in SM_CHANNEL_ and the name in capitals. s3:// prefixes with "
                + "the backend sagemaker.",
            example: "{train: data/train}"),
    ]

    private static let checkpoints: [JobKey] = [
        JobKey(
            name: "checkpointLocalPath", presence: .otherwise("/opt/ml/checkpoints"), kind: .text(.absolutePath),
            summary: "Where the script saves checkpoints and looks for them, as it sees it; also in SM_CHECKPOINT_DIR.",
            example: "/opt/ml/checkpoints"),
        JobKey(
            name: "checkpointUri", presence: .otherwise(".nightshift/checkpoints"), kind: .place,
            summary:
                "Where checkpoints are kept so that they outlive a machine: a directory or a file:// address; an s3:// "
                + "prefix with the backend sagemaker.",
            example: ".nightshift/checkpoints"),
        JobKey(
            name: "checkpointInterval", presence: .required, kind: .duration(least: .seconds(1)),
            summary:
                "How often the script saves. An interruption loses at most this much work and the unfinished save.",
            example: "12 min"),
        JobKey(
            name: "checkpointSize", presence: .optional, kind: .size,
            summary: "The size of one checkpoint, to check the disk before the night.", example: "2 MB"),
        JobKey(
            name: "checkpointWriteSpeed", presence: .optional, kind: .speed,
            summary:
                "How fast the script writes a checkpoint. With checkpointSize it says how long a save takes; advice uses "
                + "it, and without it what drills and nights have shown.", example: "500 MB/s"),
        JobKey(
            name: "checkpointKeep", presence: .otherwise("3"), kind: .count(1...100),
            summary: "How many whole checkpoints of a night are kept.", example: "3"),
        JobKey(
            name: "outputPath", presence: .otherwise("models"), kind: .place,
            summary:
                "Where each night's model is put, in a directory named after the night; an s3:// prefix with the backend "
                + "sagemaker.",
            example: "models"),
    ]

    private static let schedule = JobKey(
        name: "schedule", presence: .required,
        kind: .group(
            [
                JobKey(
                    name: "start", presence: .required, kind: .timeOfDay,
                    summary: "The earliest time at which the night may begin.", example: "\"00:00\""),
                JobKey(
                    name: "deadline", presence: .required, kind: .timeOfDay,
                    summary: "The time by which the model must be in place.", example: "\"08:00\""),
                JobKey(
                    name: "timeZone", presence: .required, kind: .timeZone,
                    summary: "The zone of both times, by its IANA name.", example: "Europe/Dublin"),
            ], exactlyOneOf: []),
        summary: "The night's window. A start later than the deadline is on the evening before.",
        example: "{start: \"00:00\", deadline: \"08:00\", timeZone: Europe/Dublin}")

    private static let times: [JobKey] = [
        JobKey(
            name: "expectedRuntime", presence: .required, kind: .duration(least: .seconds(1)),
            summary: "Training time of the whole job on one machine that nobody interrupts.", example: "4 h"),
        JobKey(
            name: "maxRun", presence: .required, kind: .duration(least: .seconds(1)),
            summary: "The most training time that is paid for in one night, all attempts together.", example: "8 h"),
        JobKey(
            name: "maxWait", presence: .required, kind: .duration(least: .seconds(1)),
            summary: "The most time from the night's start to its end, waiting included. No machine lives longer.",
            example: "9 h"),
        JobKey(
            name: "restartOverhead", presence: .required, kind: .duration(least: .zero),
            summary: "From a granted machine to training that makes progress: boot, data, restoring a checkpoint.",
            example: "10 min"),
        JobKey(
            name: "onDemandWait", presence: .required, kind: .duration(least: .zero),
            summary: "How long on-demand capacity lets one wait on a bad day (the 95th percentile, not the mean).",
            example: "1 h"),
        JobKey(
            name: "uploadTime", presence: .required, kind: .duration(least: .zero),
            summary: "From the last training step to the model being in place.", example: "4 min"),
        JobKey(
            name: "safetyMargin", presence: .required, kind: .duration(least: .zero),
            summary: "Kept free before the deadline, on top of all that is known.", example: "15 min"),
    ]

    private static let measures: [JobKey] = [
        JobKey(
            name: "metricDefinitions", presence: .optional,
            kind: .groups(
                [
                    JobKey(
                        name: "name", alias: "Name", presence: .required, kind: .text(.metricName),
                        summary: "The metric's name.", example: "epoch"),
                    JobKey(
                        name: "regex", alias: "Regex", presence: .required, kind: .text(.regex),
                        summary: "Finds the number in the script's output with its one capture group.",
                        example: "'epoch=([0-9.]+)'"),
                ], most: 40),
            summary: "Numbers to read from the script's output.",
            example: "[{name: epoch, regex: 'epoch=([0-9.]+)'}]"),
        JobKey(
            name: "progress", presence: .required,
            kind: .group(
                [
                    JobKey(
                        name: "metric", presence: .optional, kind: .text(.metricName),
                        summary: "The metric that says how far training is.", example: "epoch"),
                    JobKey(
                        name: "checkpointName", presence: .optional, kind: .text(.regex),
                        summary: "Or: the number in the newest checkpoint's name, by its one capture group.",
                        example: "'checkpoint-(\\d+)'"),
                    JobKey(
                        name: "total", presence: .required, kind: .positiveNumber,
                        summary: "The value at which training is done.", example: "20"),
                ], exactlyOneOf: ["metric", "checkpointName"]),
            summary: "How far training is, in units of your own such as epochs or steps.",
            example: "{metric: epoch, total: 20}"),
    ]

    private static let buying: [JobKey] = [
        JobKey(
            name: "policy", presence: .otherwise("nightshift"), kind: .policy,
            summary:
                "Who decides between Spot, on-demand and waiting; the deadline is kept whatever it wants. nightshift: "
                + "the least expected cost. on-demand: no Spot at all. greedy: Spot until the last safe moment. "
                + "uniform-progress: on-demand whenever the night falls behind an even pace. docs/policy.md has all.",
            example: "nightshift"),
        JobKey(
            name: "requireDrill", presence: .optional, kind: .duration(least: .seconds(1)),
            summary:
                "Use Spot only if a drill no older than this has proven that this very code resumes; else the night "
                + "runs on on-demand alone.", example: "14 d"),
        JobKey(
            name: "budgetPerNight", presence: .optional, kind: .money,
            summary: "The most that a night may cost; without it there is no limit.", example: "120 USD"),
        JobKey(
            name: "failureCost", presence: .optional, kind: .money,
            summary: "What a night without a new model costs you. Advice uses it, the night itself does not.",
            example: "0 USD"),
        JobKey(
            name: "engineeringCost", presence: .optional, kind: .money,
            summary:
                "What it costs you to bring this job to Spot, once. Advice uses it; without it a week is taken.",
            example: "5000 USD"),
        JobKey(
            name: "nightsPerMonth", presence: .optional, kind: .count(1...31),
            summary: "How many nights a month it runs, for advice about a month; without it 30.",
            example: "30"),
        JobKey(
            name: "runsOnce", presence: .optional, kind: .flag,
            summary: "It is trained one single time: the work for Spot must pay with that night.", example: "true"),
        JobKey(
            name: "otherUsage", presence: .optional, kind: .path,
            summary:
                "What else the account uses hour by hour, for advice on a commitment: 24 or 168 dollars an hour, or an "
                + "hourly CUR 2.0 or FOCUS export (docs/savings-plans.md).", example: "usage.csv"),
        JobKey(
            name: "offers", presence: .required, kind: .groups(offer, most: 50),
            summary: "What may be bought: each entry stands for its types times its zones times its purchase options.",
            example: "[{backend: local, instanceTypes: [ml.p4d.24xlarge], region: eu-west-1, zones: [eu-west-1a], "
                + "purchaseOptions: [spot, on-demand]}]"),
        JobKey(
            name: "market", presence: .optional, kind: .path,
            summary: "The simulated market's file (docs/market-file.md); the backend local needs it.",
            example: "market.json"),
    ]

    private static let offer: [JobKey] = [
        JobKey(
            name: "backend", presence: .required,
            kind: .choice(["local", "sagemaker"], later: ["ec2", "batch", "slurm"]),
            summary:
                "Who provides the machine; local is this computer with a simulated market. One for all offers of a job.",
            example: "local"),
        JobKey(
            name: "instanceTypes", presence: .required, kind: .texts(.plain),
            summary: "Instance types, the preferred one first.", example: "[ml.p4d.24xlarge]"),
        JobKey(
            name: "region", presence: .required, kind: .text(.plain), summary: "The region.", example: "eu-west-1"),
        JobKey(
            name: "zones", presence: .required, kind: .texts(.plain),
            summary: "Zones of the region; with sagemaker also `any`, since it picks the zone itself.",
            example: "[eu-west-1a, eu-west-1b]"),
        JobKey(
            name: "purchaseOptions", presence: .required, kind: .choices(["spot", "on-demand"]),
            summary: "How it may be bought.", example: "[spot, on-demand]"),
    ]
}
