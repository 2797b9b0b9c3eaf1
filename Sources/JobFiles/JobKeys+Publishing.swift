// SPDX-License-Identifier: Apache-2.0

extension JobKeys {
    /// What a finished model must pass, and what else is made of it.
    static let publish = JobKey(
        name: "publish", presence: .optional,
        kind: .group(
            [
                JobKey(
                    name: "pack", presence: .otherwise("false"), kind: .flag,
                    summary: "Also makes model.tar.gz of each model, as SageMaker does.", example: "true"),
                JobKey(
                    name: "whenLate", presence: .otherwise("keepPrevious"),
                    kind: .choice(["keepPrevious", "publish"], later: []),
                    summary: "What becomes of a model that comes after the deadline.", example: "keepPrevious"),
                JobKey(
                    name: "gate", presence: .optional, kind: .group(gate, exactlyOneOf: []),
                    summary: "What a model must pass to be put into service; otherwise the previous one stays.",
                    example: "{metric: epoch, atLeast: 20, worseThanPrevious: 2%}"),
            ], exactlyOneOf: []),
        summary: "How a finished model is put into service: the link `latest` in outputPath leads to it.",
        example: "{pack: true, gate: {metric: epoch, atLeast: 20}}")

    private static let gate: [JobKey] = [
        JobKey(
            name: "metric", presence: .optional, kind: .text(.metricName),
            summary: "A metric of metricDefinitions; its last value counts.", example: "epoch"),
        JobKey(
            name: "atMost", presence: .optional, kind: .number,
            summary: "The most that the metric may be; lower is better then.", example: "0.5"),
        JobKey(
            name: "atLeast", presence: .optional, kind: .number,
            summary: "Or: the least that the metric may be; higher is better then.", example: "0.9"),
        JobKey(
            name: "worseThanPrevious", presence: .optional, kind: .percent,
            summary: "How much worse than that of the model in service the metric may be.", example: "2%"),
        JobKey(
            name: "command", presence: .optional, kind: .words,
            summary: "A program that ends with 0 when the model in SM_MODEL_DIR may be put into service. It runs in a "
                + "copy of the source; no shell reads it.",
            example: "[python3, gate.py]"),
        JobKey(
            name: "timeout", presence: .otherwise("10 min"), kind: .duration(least: .seconds(1)),
            summary: "The most time that the command may take; it counts as part of uploadTime.", example: "10 min"),
    ]
}
