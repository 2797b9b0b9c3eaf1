// SPDX-License-Identifier: Apache-2.0

import Drills
import Foundation
import Glibc
import ProcessSupervision
import Synchronization
import TrainingJobs

/// Watches one stay's checkpoint directory: notes when checkpoints are written, and, once armed, freezes the training
/// process in the middle of writing one.
final class SaveInterrupter: Sendable {
    enum State: Hashable, Sendable {
        case watching
        /// From now on the next writing is to be interrupted.
        case armed
        /// The training process stands still in, or right after, the writing of a checkpoint.
        case frozen(torn: TornFile?)
    }

    /// A save that is over before the process stands still is let through, but not for ever.
    private static let savesLetThrough = 1

    private struct Book {
        var state = State.watching
        var saves = SaveTracker()
        var torn: TornWrite?
        var letThrough = 0
    }

    private let book = Mutex(Book())
    private let directory: String
    private let started: ContinuousClock.Instant
    private let agent: Int32
    private let watch = Mutex<CheckpointWatch?>(nil)

    /// Throws when the directory is not there (yet).
    init(directory: String, of machine: DrillMachine) throws {
        self.directory = directory
        started = machine.started
        agent = machine.agent.pid
        let watch = try CheckpointWatch(directory: directory) { [weak self] changes, next in
            self?.changed(changes, next)
        }
        self.watch.withLock { $0 = watch }
    }

    var state: State { book.withLock { $0.state } }
    var saves: [SaveSpan] { book.withLock { $0.saves.spans } }

    /// May be repeated.
    func arm() {
        book.withLock { book in
            guard book.state == .watching else { return }
            book.state = .armed
            book.torn = TornWrite(whole: Set(Self.files(below: directory).filter { !$0.isEmpty }.map(\.path)))
        }
    }

    func stop() { watch.withLock { $0?.stop() } }

    private func changed(_ changes: [CheckpointWatch.Change], _ next: () -> [CheckpointWatch.Change]) {
        let isArmed = book.withLock { book in
            book.saves.changed(at: ContinuousClock.now - started)
            book.torn?.follow(changes)
            return book.state == .armed && book.torn?.path != nil
        }
        guard isArmed else { return }
        let writers = ProcessTable.descendants(of: agent)
        for pid in writers { kill(pid, SIGSTOP) }
        let isFrozen = book.withLock { book in
            // What was done until it stood still.
            book.torn?.follow(next())
            if let path = book.torn?.path {
                book.state = .frozen(
                    torn: TornFile(path: path, replacedWholeFile: book.torn?.replacesWholeFile ?? false))
                return true
            }
            book.letThrough += 1
            guard book.letThrough > Self.savesLetThrough else { return false }
            book.state = .frozen(torn: nil)
            return true
        }
        if !isFrozen { for pid in writers { kill(pid, SIGCONT) } }
    }

    /// Regular files below a directory, by path.
    static func files(below directory: String) -> [(path: String, isEmpty: Bool)] {
        // A directory that is not there has no files.
        ((try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []).sorted().compactMap { path in
            var status = stat()
            guard lstat(directory + "/" + path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return (path, status.st_size == 0)
        }
    }
}
