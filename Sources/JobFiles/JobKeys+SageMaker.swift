// SPDX-License-Identifier: Apache-2.0

extension JobKeys {
    /// What the backend `sagemaker` needs; jobs of other backends leave it out.
    static let sageMaker = JobKey(
        name: "sageMaker", presence: .optional,
        kind: .group(
            [
                JobKey(
                    name: "roleArn", presence: .required, kind: .text(.roleArn),
                    summary:
                        "The role that SageMaker takes: it reads data and source, and writes checkpoints and model.",
                    example: "arn:aws:iam::123456789012:role/nightshift-training"),
                JobKey(
                    name: "trainingImage", presence: .required, kind: .text(.plain),
                    summary:
                        "The container image, of the region of the offers; one that knows SageMaker's script mode.",
                    example: "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.3-gpu-py311"),
                JobKey(
                    name: "volumeSize", presence: .otherwise("30 GB"), kind: .size,
                    summary: "Disk of the machine: data, checkpoints and model together.", example: "30 GB"),
                JobKey(
                    name: "codeUri", presence: .optional, kind: .text(.s3Address),
                    summary: "Where the source is uploaded; without it, code below outputPath.",
                    example: "s3://my-bucket/recommender/code"),
                JobKey(
                    name: "spotDiscount", presence: .optional, kind: .percent,
                    summary:
                        "What managed Spot saved you lately, as SageMaker tells at the end of each job. There is no price "
                        + "list for it: without this, Spot has no price and is not used.",
                    example: "60 %"),
            ], exactlyOneOf: []),
        summary: "What SageMaker needs to know (docs/sagemaker.md); only with the backend sagemaker.",
        example:
            "{roleArn: 'arn:aws:iam::123456789012:role/nightshift-training', trainingImage: 'pytorch:2.3-gpu-py311'}")
}
