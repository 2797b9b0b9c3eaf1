// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Puts a `TrainingJob` together from values that are all there and agree.
enum JobBuilder {
    /// `nil` when a required value is missing; that has been complained about then.
    static func job(_ values: JobValues, resolve: (String) -> String) -> TrainingJob? {
        guard let name = values.text("name"), let entryPoint = values.text("entryPoint"),
            let sourceDirectory = values.text("sourceDir"), let outputPath = values.text("outputPath"),
            let checkpoint = checkpoint(values), let schedule = schedule(values), let progress = progress(values),
            let expectedRuntime = values.duration("expectedRuntime"), let maxRun = values.duration("maxRun"),
            let maxWait = values.duration("maxWait"), let restartOverhead = values.duration("restartOverhead"),
            let onDemandWait = values.duration("onDemandWait"), let uploadTime = values.duration("uploadTime"),
            let safetyMargin = values.duration("safetyMargin")
        else { return nil }
        let policy = values.text("policy").flatMap(PolicyName.init(rawValue:)) ?? .nightshift
        var interpreter = values.texts("interpreter").map(\.text)
        if let program = interpreter.first, program.contains("/") { interpreter[0] = resolve(program) }
        let environment = values.pairs("environment").map { ($0.name, $0.value) }
        var job = TrainingJob(
            name: name, entryPoint: entryPoint, sourceDirectory: sourceDirectory, interpreter: interpreter,
            hyperparameters: values.pairs("hyperparameters").map { Hyperparameter(name: $0.name, json: $0.value) },
            environment: Dictionary(environment) { first, _ in first },
            inputChannels: values.pairs("inputs").map { InputChannel(name: $0.name, path: $0.value) },
            checkpoint: checkpoint, outputPath: outputPath, schedule: schedule, expectedRuntime: expectedRuntime,
            maxRun: maxRun, maxWait: maxWait, budgetPerNight: values.money("budgetPerNight"),
            metricDefinitions: values.groups("metricDefinitions").compactMap(metric), progress: progress,
            restartOverhead: restartOverhead, onDemandWait: onDemandWait, uploadTime: uploadTime,
            safetyMargin: safetyMargin, failureCost: values.money("failureCost"), tripwires: tripwires(values),
            policy: policy,
            offers: values.groups("offers").flatMap { offers(of: $0) ?? [] }, market: values.text("market"))
        job.requireDrill = values.duration("requireDrill").map { JSONSeconds(wrappedValue: $0) }
        job.engineeringCost = values.money("engineeringCost")
        job.nightsPerMonth = values.count("nightsPerMonth")
        job.runsOnce = values.flag("runsOnce")
        job.otherUsage = values.text("otherUsage")
        job.publish = values.group("publish").flatMap(publish)
        job.sageMaker = values.group("sageMaker").flatMap(sageMaker)
        return job
    }

    /// The product of an entry's types, zones and purchase options, types outermost; `nil` when a list is missing.
    static func offers(of entry: JobValues) -> [Offer]? {
        let types = entry.texts("instanceTypes")
        let zones = entry.texts("zones")
        let options = entry.texts("purchaseOptions").compactMap { PurchaseOption(rawValue: $0.text) }
        guard let backend = entry.text("backend"), let region = entry.text("region"), !types.isEmpty, !zones.isEmpty,
            !options.isEmpty
        else { return nil }
        return types.flatMap { type in
            zones.flatMap { zone in
                options.map { option in
                    Offer(
                        backend: backend, instanceType: type.text, region: region,
                        // The platform picks one: the region stands for it, which tells offers of two regions apart.
                        zone: zone.text == "any" ? region : zone.text, purchase: option)
                }
            }
        }
    }

    private static func checkpoint(_ values: JobValues) -> CheckpointSettings? {
        guard let localPath = values.text("checkpointLocalPath"), let uri = values.text("checkpointUri"),
            let interval = values.duration("checkpointInterval"), let keep = values.count("checkpointKeep")
        else { return nil }
        return CheckpointSettings(
            localPath: localPath, uri: uri, interval: interval, expectedBytes: values.bytes("checkpointSize"),
            writeBytesPerSecond: values.bytes("checkpointWriteSpeed"), keep: keep)
    }

    private static func schedule(_ values: JobValues) -> NightSchedule? {
        guard let group = values.group("schedule"), let start = group.minutes("start"),
            let deadline = group.minutes("deadline"), let timeZone = group.text("timeZone")
        else { return nil }
        return NightSchedule(startMinutes: start, deadlineMinutes: deadline, timeZone: timeZone)
    }

    private static func publish(_ values: JobValues) -> PublishSettings? {
        guard let pack = values.flag("pack"),
            let whenLate = values.text("whenLate").flatMap(PublishSettings.WhenLate.init(rawValue:))
        else { return nil }
        return PublishSettings(pack: pack, whenLate: whenLate, gate: values.group("gate").flatMap(gate))
    }

    private static func sageMaker(_ values: JobValues) -> SageMakerSettings? {
        guard let role = values.text("roleArn"), let image = values.text("trainingImage"),
            let volume = values.bytes("volumeSize")
        else { return nil }
        return SageMakerSettings(
            roleArn: role, trainingImage: image, volumeGigabytes: max(1, Int((volume + 999_999_999) / 1_000_000_000)),
            codeUri: values.text("codeUri"), spotDiscountPercent: values.number("spotDiscount"))
    }

    private static func gate(_ values: JobValues) -> PublishGate? {
        guard let timeout = values.duration("timeout") else { return nil }
        let bound: MetricGate.Bound? =
            values.number("atMost").map { .atMost($0) } ?? values.number("atLeast").map { .atLeast($0) }
        let metric = values.text("metric").flatMap { name in
            bound.map { MetricGate(name: name, bound: $0, percentWorse: values.number("worseThanPrevious")) }
        }
        return PublishGate(metric: metric, command: values.texts("command").map(\.text), timeout: timeout)
    }

    private static func metric(_ values: JobValues) -> MetricDefinition? {
        guard let name = values.text("name"), let regex = values.text("regex") else { return nil }
        return MetricDefinition(name: name, regex: regex)
    }

    private static func progress(_ values: JobValues) -> ProgressSource? {
        guard let group = values.group("progress"), let total = group.number("total") else { return nil }
        if let name = group.text("metric") { return .metric(name: name, total: total) }
        return group.text("checkpointName").map { .checkpointName(regex: $0, total: total) }
    }
}
