// SPDX-License-Identifier: Apache-2.0

import Foundation
import TrainingAgent
import TrainingJobs

/// What a job wants run, and where its source comes from.
struct ScriptPlan: Sendable {
    enum Source: Hashable, Sendable {
        /// The archive that SDK v2 uploads, as it was when the job was created.
        case archive(S3Place)
        /// The channel that SDK v3 uploads; its drivers say what to run.
        case channel(String)
    }

    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    static let driversChannel = "sm_drivers"

    var source: Source
    /// Empty until the channel's drivers are there to say it.
    var entryPoint: String
    var requirements = "requirements.txt"

    init(_ request: TrainingJobRequest) throws {
        if let program = request.toolkitText("program"), let directory = request.toolkitText("submit_directory") {
            guard let place = S3Place(directory) else {
                throw Refused(
                    description: "ClientError: sagemaker_submit_directory is \(directory); the stage reads source from "
                        + "s3:// places only")
            }
            guard SafePath.parts(of: program) != nil else {
                throw Refused(description: "ClientError: sagemaker_program \(program) is no path inside the source")
            }
            source = .archive(place)
            entryPoint = program
        } else if request.channels.contains(where: { $0.mode.name == Self.driversChannel }),
            request.channels.contains(where: { $0.mode.name == "code" })
        {
            source = .channel("code")
            entryPoint = ""
        } else {
            throw Refused(
                description:
                    "ClientError: the stage runs training scripts, not container images: the job has neither the "
                    + "hyperparameters sagemaker_program and sagemaker_submit_directory (SDK v2) nor the channels code "
                    + "and sm_drivers (SDK v3)")
        }
    }

    /// SDK v3's `sourcecode.json`, once the channels are there.
    mutating func readDrivers(below inputData: String) throws {
        let path = "\(inputData)/\(Self.driversChannel)/sourcecode.json"
        guard let data = FileManager.default.contents(atPath: path),
            let value = JSONText.value(of: String(decoding: data, as: UTF8.self))
        else { throw Refused(description: "ClientError: the channel sm_drivers has no sourcecode.json") }
        guard let script = value["entry_script"]?.text, SafePath.parts(of: script) != nil else {
            throw Refused(
                description: "ClientError: the stage runs an entry_script; a SourceCode with a command alone needs the "
                    + "container")
        }
        entryPoint = script
        if let name = value["requirements"]?.text, SafePath.parts(of: name) != nil { requirements = name }
    }

    /// The words that start the script in its directory.
    func words(python: String, arguments: [String], code: String) -> [String] {
        let files = FileManager.default
        if entryPoint.hasSuffix(".py") {
            let module = String(entryPoint.dropLast(3)).replacing("/", with: ".")
            let isPackage = files.fileExists(atPath: code + "/setup.py")
            return [python] + (isPackage ? ["-m", module] : [entryPoint]) + arguments
        }
        // One fixed program text: what was sent are its words, never a part of it.
        return ["/bin/sh", "-c", "\"$0\" \"$@\"", "./" + entryPoint] + arguments
    }

    /// Places where the source names the container's directories in so many words; at most three.
    static func hardCodedPaths(in code: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: code) else { return [] }
        var found: [String] = []
        for path in walk.compactMap({ $0 as? String }).sorted() where path.hasSuffix(".py") || path.hasSuffix(".sh") {
            guard let data = FileManager.default.contents(atPath: code + "/" + path), data.count < 1 << 20 else {
                continue
            }
            let lines = String(decoding: data, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() where line.contains("/opt/ml/") && !line.contains("environ") {
                if line.drop(while: { $0 == " " }).hasPrefix("#") { continue }
                found.append("\(path):\(index + 1)")
                if found.count == 3 { return found }
            }
        }
        return found
    }
}
