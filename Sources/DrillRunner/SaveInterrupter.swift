// SPDX-License-Identifier: Apache-2.0

import Drills
import Foundation
import Glibc
import ProcessSupervision
import Synchronization
import TrainingAgent
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
    /// A process that waits for a disk stands still only after it.
    private static let standstill = Duration.seconds(1)

    private struct Book {
        let names: UnitsInName?
        var state = State.watching
        var saves = SaveTracker()
        var named: [ProgressMark] = []
        var torn: TornWrite?
        var letThrough = 0
        /// The last change after which every checkpoint was whole.
        var wholeAt: Duration?
    }

    private let book: Mutex<Book>
    private let directory: String
    private let started: ContinuousClock.Instant
    private let agent: Int32
    private let watch = Mutex<CheckpointWatch?>(nil)
    /// Throws when the directory is not there (yet).
    init(of machine: DrillMachine) throws {
        directory = machine.checkpoints
        book = Mutex(Book(names: UnitsInName(machine.order.job.progress)))
        started = machine.started
        agent = machine.agent.pid
        let watch = try CheckpointWatch(directory: directory) { [weak self] changes, next in
            self?.changed(changes, next)
        }
        self.watch.withLock { $0 = watch }
    }

    var state: State { book.withLock { $0.state } }
    var saves: [SaveSpan] { book.withLock { $0.saves.spans } }
    /// When the newest whole checkpoint was complete; a writing that was cut short is not counted.
    var wholeAt: Duration? { book.withLock { $0.wholeAt } }
    /// Progress that the names of checkpoints told as they appeared.
    var named: [ProgressMark] { book.withLock { $0.named } }

    /// Waits for a pause between two savings; to be repeated until then, and afterwards without effect.
    func arm() {
        book.withLock { book in
            let now = ContinuousClock.now - started
            guard book.state == .watching, now - (book.saves.spans.last?.until ?? .zero) > book.saves.pause else {
                return
            }
            book.state = .armed
            book.torn = TornWrite(whole: Set(Self.files(below: directory).filter { !$0.isEmpty }.map(\.path)))
        }
    }

    func stop() { watch.withLock { $0?.stop() } }

    private func changed(_ changes: [CheckpointWatch.Change], _ next: () -> [CheckpointWatch.Change]) {
        let changes = changes.filter { !Self.isLog($0.path) }
        let isSaving = book.withLock { book in
            // The kill closes what was open: no save.
            if case .frozen = book.state { return false }
            note(changes, in: &book)
            // A checkpoint that is written elsewhere only ever comes by a rename.
            return book.state == .armed && (book.torn?.path != nil || changes.contains { $0.kind == .movedHere })
        }
        guard isSaving else { return }
        let writers = ProcessTable.descendants(of: agent)
        for pid in writers { kill(pid, SIGSTOP) }
        // A signal is sent before it works: until then a file may still get its final name.
        let limit = ContinuousClock.now + Self.standstill
        while !writers.allSatisfy(ProcessTable.isStopped), ContinuousClock.now < limit { usleep(100) }
        let isFrozen = book.withLock { book in
            // What was done until it stood still.
            var more = next()
            while !more.isEmpty {
                note(more.filter { !Self.isLog($0.path) }, in: &book)
                more = next()
            }
            if let path = book.torn?.path, !isShared(path) {
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

    private func note(_ changes: [CheckpointWatch.Change], in book: inout Book) {
        guard !changes.isEmpty else { return }
        let now = ContinuousClock.now - started
        book.saves.changed(at: now)
        book.torn?.follow(changes)
        // Once armed, what a save begins with (a directory, say) makes nothing whole; what it ends with does.
        let isWhole = book.torn.map { $0.path == nil && changes.contains { $0.kind == .movedHere } } ?? true
        if isWhole { book.wholeAt = now }
        for change in changes where change.kind == .created || change.kind == .movedHere {
            if let units = book.names?.units(in: change.path), units != book.named.last?.units {
                book.named.append(ProgressMark(at: now, units: units))
            }
        }
    }

    /// A script may keep its log beside its checkpoints; that one is written all the time and is no part of them.
    private static func isLog(_ path: String) -> Bool {
        let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
        return [".log", ".txt", ".csv", ".jsonl", ".out", ".err"].contains { name.hasSuffix($0) }
            || name.contains("tfevents")
    }

    /// A file with a second name is no file that is being written: cut, the other one would be cut too.
    private func isShared(_ path: String) -> Bool {
        var status = stat()
        return lstat(directory + "/" + path, &status) == 0 && status.st_nlink > 1
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
