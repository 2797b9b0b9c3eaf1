// SPDX-License-Identifier: Apache-2.0

import Foundation
package import TrainingJobs

/// A job file that was read and is consistent: the job, what somebody should look at, and where each key stands.
package struct JobFile: Sendable {
    /// As it was given, for printing.
    package var path: String
    package var job: TrainingJob
    /// Warnings only.
    package var warnings: [JobProblem]
    package var places: JobPlaces
    /// The lines of the file, so that later findings can show the one they are about.
    var lines: SourceLines

    /// Reads a file of this machine. Whether the directories and programs that it names exist is not asked here; that
    /// is `JobCheck`'s work.
    package static func read(path: String) throws(JobFileError) -> JobFile {
        func fail(_ complaint: JobComplaint) -> JobFileError {
            let draft = JobProblem.Draft(place: JobPlace(line: 1, column: 1), key: "", complaint: complaint)
            return JobFileError(problems: [JobProblem(draft, file: path, lines: SourceLines(""))])
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw fail(.unreadable("there is no such file"))
        }
        if isDirectory.boolValue { throw fail(.unreadable("this is a directory")) }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw fail(.unreadable("the file may not be read by this user"))
        }
        defer { try? handle.close() }  // Only read from: nothing is lost.
        let data: Data
        do {
            data = try handle.read(upToCount: YAMLDocument.sizeLimit + 1) ?? Data()
        } catch {
            throw fail(.unreadable("the file could not be read (\(error.localizedDescription))"))
        }
        if data.count > YAMLDocument.sizeLimit {
            throw fail(.tooLarge(bytes: data.count, limit: YAMLDocument.sizeLimit))
        }
        guard let text = String(data: data, encoding: .utf8) else { throw fail(.notUTF8) }
        return try parse(text: text, path: path)
    }

    /// Reads text as if it stood in the file `path`; relative paths in it are taken from that file's directory.
    package static func parse(text: String, path: String) throws(JobFileError) -> JobFile {
        let directory = URL(filePath: path).absoluteURL.deletingLastPathComponent()
        let resolve: @Sendable (String) -> String = { written in
            let url = written.hasPrefix("/") ? URL(filePath: written) : directory.appending(path: written)
            let path = url.standardizedFileURL.path(percentEncoded: false)
            return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        }
        let lines = SourceLines(text)
        let document = YAMLDocument(text: text)
        var drafts = document.drafts
        var job: TrainingJob?
        var places = JobPlaces()
        if let root = document.root {
            var reader = JobReader(resolve: resolve)
            let values = reader.read(root, keys: JobKeys.all)
            drafts += reader.drafts + JobRules.check(values, written: reader.places)
            places = reader.places
            job = JobBuilder.job(values, resolve: resolve)
        }
        let problems = drafts.enumerated()
            .sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map { JobProblem($0.element, file: path, lines: lines) }
        guard !problems.contains(where: { $0.severity == .error }) else { throw JobFileError(problems: problems) }
        guard let job else { preconditionFailure("\(path): no problem was found, and no job") }
        return JobFile(path: path, job: job, warnings: problems, places: places, lines: lines)
    }
}
