// SPDX-License-Identifier: Apache-2.0

extension SageMaker {
    /// An input channel.
    package struct Channel: Codable, Hashable, Sendable {
        package var channelName: String
        package var dataSource: DataSource
        package var contentType: String?
        package var compressionType: String?
        package var recordWrapperType: String?
        package var inputMode: String?

        package init(
            channelName: String, dataSource: DataSource, contentType: String? = nil, compressionType: String? = nil,
            recordWrapperType: String? = nil, inputMode: String? = nil
        ) {
            self.channelName = channelName
            self.dataSource = dataSource
            self.contentType = contentType
            self.compressionType = compressionType
            self.recordWrapperType = recordWrapperType
            self.inputMode = inputMode
        }

        private enum CodingKeys: String, CodingKey {
            case channelName = "ChannelName"
            case dataSource = "DataSource"
            case contentType = "ContentType"
            case compressionType = "CompressionType"
            case recordWrapperType = "RecordWrapperType"
            case inputMode = "InputMode"
        }
    }

    /// Where a channel comes from: one of them.
    package struct DataSource: Codable, Hashable, Sendable {
        package var s3DataSource: S3DataSource?
        package var fileSystemDataSource: FileSystemDataSource?

        package init(s3DataSource: S3DataSource? = nil, fileSystemDataSource: FileSystemDataSource? = nil) {
            self.s3DataSource = s3DataSource
            self.fileSystemDataSource = fileSystemDataSource
        }

        private enum CodingKeys: String, CodingKey {
            case s3DataSource = "S3DataSource"
            case fileSystemDataSource = "FileSystemDataSource"
        }
    }

    /// Objects below a prefix.
    package struct S3DataSource: Codable, Hashable, Sendable {
        package var s3DataType: String
        package var s3Uri: String
        package var s3DataDistributionType: String?
        package var attributeNames: [String]?
        package var instanceGroupNames: [String]?

        package init(
            s3DataType: String, s3Uri: String, s3DataDistributionType: String? = nil, attributeNames: [String]? = nil,
            instanceGroupNames: [String]? = nil
        ) {
            self.s3DataType = s3DataType
            self.s3Uri = s3Uri
            self.s3DataDistributionType = s3DataDistributionType
            self.attributeNames = attributeNames
            self.instanceGroupNames = instanceGroupNames
        }

        private enum CodingKeys: String, CodingKey {
            case s3DataType = "S3DataType"
            case s3Uri = "S3Uri"
            case s3DataDistributionType = "S3DataDistributionType"
            case attributeNames = "AttributeNames"
            case instanceGroupNames = "InstanceGroupNames"
        }
    }

    /// A directory of a shared file system.
    package struct FileSystemDataSource: Codable, Hashable, Sendable {
        package var fileSystemId: String
        package var fileSystemAccessMode: String
        package var fileSystemType: String
        package var directoryPath: String

        package init(fileSystemId: String, fileSystemAccessMode: String, fileSystemType: String, directoryPath: String)
        {
            self.fileSystemId = fileSystemId
            self.fileSystemAccessMode = fileSystemAccessMode
            self.fileSystemType = fileSystemType
            self.directoryPath = directoryPath
        }

        private enum CodingKeys: String, CodingKey {
            case fileSystemId = "FileSystemId"
            case fileSystemAccessMode = "FileSystemAccessMode"
            case fileSystemType = "FileSystemType"
            case directoryPath = "DirectoryPath"
        }
    }

    /// Where the model goes.
    package struct OutputDataConfig: Codable, Hashable, Sendable {
        package var s3OutputPath: String
        package var kmsKeyId: String?
        package var compressionType: String?

        package init(s3OutputPath: String, kmsKeyId: String? = nil, compressionType: String? = nil) {
            self.s3OutputPath = s3OutputPath
            self.kmsKeyId = kmsKeyId
            self.compressionType = compressionType
        }

        private enum CodingKeys: String, CodingKey {
            case s3OutputPath = "S3OutputPath"
            case kmsKeyId = "KmsKeyId"
            case compressionType = "CompressionType"
        }
    }

    /// Where checkpoints are copied to while training runs.
    package struct CheckpointConfig: Codable, Hashable, Sendable {
        package var s3Uri: String
        package var localPath: String?

        package init(s3Uri: String, localPath: String? = nil) {
            self.s3Uri = s3Uri
            self.localPath = localPath
        }

        private enum CodingKeys: String, CodingKey {
            case s3Uri = "S3Uri"
            case localPath = "LocalPath"
        }
    }

    /// Where the model lies.
    package struct ModelArtifacts: Codable, Hashable, Sendable {
        package var s3ModelArtifacts: String

        package init(s3ModelArtifacts: String) {
            self.s3ModelArtifacts = s3ModelArtifacts
        }

        private enum CodingKeys: String, CodingKey {
            case s3ModelArtifacts = "S3ModelArtifacts"
        }
    }
}
