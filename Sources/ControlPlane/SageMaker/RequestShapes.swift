// SPDX-License-Identifier: Apache-2.0

/// The requests of SageMaker's training part, as far as the stage looks at them.
///
/// Source: the service's description in botocore 1.43.11; a test compares every constraint with the botocore at hand.
package enum RequestShapes {
    private static let jobName = Shape.text(least: 1, most: 63, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
    private static let roleArn = Shape.text(
        least: 20, most: 2048, pattern: #"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"#)
    private static let place = Shape.text(most: 1024, pattern: "(https|s3)://([^/]+)/?(.*)")
    private static let key = Shape.text(most: 2048, pattern: "[a-zA-Z0-9:/_-]*")
    private static let inputMode = Shape.choice(["Pipe", "File", "FastFile"])
    private static let resourceArn = Shape.text(most: 256, pattern: "arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+")
    private static let token = Shape.text(most: 8192)
    private static let tagKey = Shape.text(least: 1, most: 128, pattern: #"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"#)

    private static let tags = Shape.list(
        .structure([
            .required("Key", tagKey),
            .required("Value", .text(most: 256, pattern: #"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"#)),
        ]), most: 50)

    private static let algorithm = Shape.structure([
        .optional("TrainingImage", .text(most: 255, pattern: ".*")),
        .required("TrainingInputMode", inputMode),
        .optional(
            "MetricDefinitions",
            .list(
                .structure([
                    .required("Name", .text(least: 1, most: 255, pattern: ".+")),
                    .required("Regex", .text(least: 1, most: 500, pattern: ".+")),
                ]), most: 40)),
        .optional("EnableSageMakerMetricsTimeSeries", .flag),
        .optional("ContainerEntrypoint", .list(.text(most: 256, pattern: ".*"), least: 1, most: 100)),
        .optional("ContainerArguments", .list(.text(most: 256, pattern: ".*"), least: 1, most: 100)),
    ])

    private static let dataSource = Shape.structure([
        .optional(
            "S3DataSource",
            .structure([
                .required("S3DataType", .choice(["ManifestFile", "S3Prefix", "AugmentedManifestFile", "Converse"])),
                .required("S3Uri", place),
                .optional("S3DataDistributionType", .choice(["FullyReplicated", "ShardedByS3Key"])),
            ])),
        .optional(
            "FileSystemDataSource",
            .structure([
                .required("FileSystemId", .text(least: 11, most: 21, pattern: "(fs-[0-9a-f]{8,})")),
                .required("FileSystemAccessMode", .choice(["rw", "ro"])),
                .required("FileSystemType", .choice(["EFS", "FSxLustre"])),
                .required("DirectoryPath", .text(most: 4096, pattern: ".*")),
            ])),
    ])

    private static let channels = Shape.list(
        .structure([
            .required("ChannelName", .text(least: 1, most: 64, pattern: #"[A-Za-z0-9\.\-_]+"#)),
            .required("DataSource", dataSource),
            .optional("ContentType", .text(most: 256, pattern: ".*")),
            .optional("CompressionType", .choice(["None", "Gzip"])),
            .optional("RecordWrapperType", .choice(["None", "RecordIO"])),
            .optional("InputMode", inputMode),
        ]), least: 1, most: 20)

    private static let resources = Shape.structure([
        .optional("InstanceType", .choice(TrainingInstanceTypes.all)),
        .optional("InstanceCount", .whole(least: 0)),
        .optional("VolumeSizeInGB", .whole(least: 0)),
        .optional("VolumeKmsKeyId", key),
        .optional("KeepAlivePeriodInSeconds", .whole(least: 0, most: 21600)),
    ])

    private static let network = Shape.structure([
        .required("SecurityGroupIds", .list(.text(most: 32, pattern: "[-0-9a-zA-Z]+"), least: 1, most: 5)),
        .required("Subnets", .list(.text(most: 32, pattern: "[-0-9a-zA-Z]+"), least: 1, most: 16)),
    ])

    package static let createTrainingJob = Shape.structure([
        .required("TrainingJobName", jobName),
        .optional(
            "HyperParameters",
            .map(key: .text(most: 256, pattern: ".*"), value: .text(most: 2500, pattern: ".*"), most: 100)),
        .optional("AlgorithmSpecification", algorithm),
        .required("RoleArn", roleArn),
        .optional("InputDataConfig", channels),
        .required(
            "OutputDataConfig",
            .structure([
                .optional("KmsKeyId", key), .required("S3OutputPath", place),
                .optional("CompressionType", .choice(["GZIP", "NONE"])),
            ])),
        .optional("ResourceConfig", resources),
        .optional("VpcConfig", network),
        .optional(
            "StoppingCondition",
            .structure([
                .optional("MaxRuntimeInSeconds", .whole(least: 1)),
                .optional("MaxWaitTimeInSeconds", .whole(least: 1)),
                .optional("MaxPendingTimeInSeconds", .whole(least: 7200, most: 2_419_200)),
            ])),
        .optional("Tags", tags),
        .optional("EnableNetworkIsolation", .flag),
        .optional("EnableInterContainerTrafficEncryption", .flag),
        .optional("EnableManagedSpotTraining", .flag),
        .optional(
            "CheckpointConfig",
            .structure([
                .required("S3Uri", place), .optional("LocalPath", .text(most: 4096, pattern: ".*")),
            ])),
        .optional(
            "Environment",
            .map(
                key: .text(most: 512, pattern: "[a-zA-Z_][a-zA-Z0-9_]*"),
                value: .text(most: 512, pattern: #"[\S\s]*"#), most: 100)),
        .optional(
            "RetryStrategy", .structure([.required("MaximumRetryAttempts", .whole(least: 1, most: 30))])),
    ])

    package static let nameOnly = Shape.structure([.required("TrainingJobName", jobName)])

    package static let listTrainingJobs = Shape.structure([
        .optional("NextToken", token), .optional("MaxResults", .whole(least: 1, most: 100)),
        .optional("CreationTimeAfter", .time), .optional("CreationTimeBefore", .time),
        .optional("LastModifiedTimeAfter", .time), .optional("LastModifiedTimeBefore", .time),
        .optional("NameContains", .text(most: 63, pattern: #"[a-zA-Z0-9\-]+"#)),
        .optional("StatusEquals", .choice(TrainingJobStatus.allCases.map(\.rawValue))),
        .optional("SortBy", .choice(["Name", "CreationTime", "Status"])),
        .optional("SortOrder", .choice(["Ascending", "Descending"])),
    ])

    package static let addTags = Shape.structure([.required("ResourceArn", resourceArn), .required("Tags", tags)])
    package static let deleteTags = Shape.structure([
        .required("ResourceArn", resourceArn), .required("TagKeys", .list(tagKey, least: 1, most: 50)),
    ])
    package static let listTags = Shape.structure([
        .required("ResourceArn", resourceArn), .optional("NextToken", token),
        .optional("MaxResults", .whole(least: 50)),
    ])

    package static let search = Shape.structure([
        .required("Resource", .text()), .optional("NextToken", token),
        .optional("MaxResults", .whole(least: 1, most: 100)),
        .optional("SortBy", .text(least: 1, most: 255)),
        .optional("SortOrder", .choice(["Ascending", "Descending"])),
    ])
}
