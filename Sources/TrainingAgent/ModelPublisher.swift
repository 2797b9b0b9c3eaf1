// SPDX-License-Identifier: Apache-2.0

import CheckpointStore
import FoundationEssentials
import Glibc
import TrainingJobs

/// Puts a finished model into its place: copied aside, made durable, renamed. It is there whole or not at all.
struct ModelPublisher {
    let outputPath: String
    let night: String
    let epoch: Int

    private var nightDirectory: String { outputPath + "/" + night }
    private var place: String { nightDirectory + "/model" }

    /// May be repeated. When another attempt's model is in place already, that one is the answer: the first whole model
    /// wins. Answers besides which entries of the model directory could not be part of it.
    func publish(
        from source: String, at now: @Sendable () async -> Instant
    ) async throws -> (ModelArtifact, leftOut: [String]) {
        let files = FileManager.default
        try files.createDirectory(atPath: nightDirectory, withIntermediateDirectories: true)
        try synchronize(outputPath)
        if files.fileExists(atPath: place) {
            try settle()
            return (try artifact(at: await now()), [])
        }
        var tree = ModelTree()
        try tree.walk(source)
        guard !tree.files.isEmpty else { throw NoModel() }
        let aside = nightDirectory + "/.model-\(epoch).writing"
        // What an earlier try left behind.
        if FileKind(of: aside) != nil { try files.removeItem(atPath: aside) }
        for name in tree.files {
            try Task.checkCancellation()
            let target = aside + "/" + name
            try files.createDirectory(
                atPath: String(target[..<(target.lastIndex(of: "/") ?? target.endIndex)]),
                withIntermediateDirectories: true)
            try files.copyItem(atPath: source + "/" + name, toPath: target)
            try synchronize(target)
        }
        try synchronizeDirectories(below: aside)
        try Task.checkCancellation()
        if rename(aside, place) != 0 {
            guard errno == ENOTEMPTY || errno == EEXIST else { throw AgentIOError(path: place, code: errno) }
        }
        try settle()
        return (try artifact(at: await now()), tree.leftOut)
    }

    /// Makes the rename durable, also one that a killed attempt did, and removes what such attempts left. An older
    /// machine that is still at it finds the model in place and takes that.
    private func settle() throws {
        try synchronize(nightDirectory)
        for name in try FileManager.default.contentsOfDirectory(atPath: nightDirectory) {
            guard let number = name.wholeMatch(of: /\.model-([0-9]+)\.writing/)?.output.1, let other = Int(number),
                other <= epoch
            else { continue }
            try FileManager.default.removeItem(atPath: nightDirectory + "/" + name)
        }
    }

    private func artifact(at now: Instant) throws -> ModelArtifact {
        var tree = ModelTree()
        try tree.walk(place)
        var bytes: Int64 = 0
        for name in tree.files {
            var status = stat()
            guard lstat(place + "/" + name, &status) == 0 else {
                throw AgentIOError(path: place + "/" + name, code: errno)
            }
            bytes += Int64(status.st_size)
        }
        return ModelArtifact(at: now, digest: try TreeDigest.of(directory: place), bytes: bytes, path: place)
    }

    private func synchronizeDirectories(below directory: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            var status = stat()
            guard lstat(directory + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            try synchronizeDirectories(below: directory + "/" + name)
        }
        try synchronize(directory)
    }

    private func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw AgentIOError(path: path, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw AgentIOError(path: path, code: errno) }
    }
}

/// Training ended well but there is nothing in the model directory.
struct NoModel: Error, CustomStringConvertible {
    var description: String { "the training process ended with exit code 0 but wrote nothing to SM_MODEL_DIR" }
}

/// Everything in a model directory, as SageMaker would pack it: hidden files too.
private struct ModelTree {
    /// Relative paths of the regular files, in order.
    var files: [String] = []
    /// Links, pipes and the like.
    var leftOut: [String] = []

    mutating func walk(_ root: String) throws {
        var open = [""]
        while let prefix = open.popLast() {
            for name in try FileManager.default.contentsOfDirectory(atPath: root + "/" + prefix) {
                let path = prefix.isEmpty ? name : prefix + "/" + name
                switch FileKind(of: root + "/" + path) {
                case .directory: open.append(path)
                case .regular: files.append(path)
                case .symbolicLink, .other: leftOut.append(path)
                case nil: throw AgentIOError(path: root + "/" + path, code: ENOENT)
                }
            }
        }
        files.sort()
        leftOut.sort()
    }
}
