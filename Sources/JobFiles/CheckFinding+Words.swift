// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// Every sentence of `nightshift check` about the job and its surroundings.
extension CheckFinding {
    package var what: String {
        switch concern {
        case .missingDirectory(let path): "the directory \(Self.whole(path)) does not exist"
        case .notADirectory(let path): "\(Self.whole(path)) is not a directory"
        case .missingScript(let path): "there is no script \(Self.whole(path))"
        case .missingMarket(let path), .missingUsage(let path): "there is no file \(Self.whole(path))"
        case .programNotFound(let program): "the program \(Self.whole(program)) is not found"
        case .programNotExecutable(let program): "\(Self.whole(program)) is not a program that this user may run"
        case .emptyChannel(let name, let path): "the channel \(name) is empty: there is nothing in \(Self.whole(path))"
        case .notWritable(let path): "this user may not write to \(Self.whole(path))"
        case .foreignPointer(let what): what
        case .inMemory(let path, let fileSystem):
            "\(Self.whole(path)) is kept in memory (\(fileSystem)) and lost when the machine restarts"
        case .diskFull(let path, let needed, let free, let generations):
            "\(generations) checkpoints need \(Self.size(needed)), but \(Self.whole(path)) has \(Self.size(free)) free"
        case .neverReadsCheckpoints(let localPath):
            "the script mentions neither SM_CHECKPOINT_DIR nor \(localPath), so it may start from zero after each "
                + "interruption"
        case .neverSavesModel: "the script never mentions SM_MODEL_DIR, so the night may end without a model"
        case .fixedPath(let literal, _):
            "\(quoted(literal)) is written into the script, but a local machine has its own directory instead"
        case .clock(let now): "this machine's clock says \(now.iso8601), which can't be right"
        case .unknownZone(let zone): "this machine does not know the time zone \(quoted(zone))"
        case .shortNight(let date, let window, let needed):
            "the night of \(date) has \(window.text), because the clock changes; on-demand alone needs \(needed.text)"
        case .tripwiresOff(let off):
            Self.watched(without: off)
        case .littleRoomForSpot(let maxRun, _):
            "\(maxRun.text) leaves little room for Spot: on-demand's share of it is kept back, so after an interruption or "
                + "two no further try is made"
        case .lateTonight(let date, let left, let needed):
            "the night of \(date) has \(left.text) left, but on-demand alone needs \(needed.text)"
        }
    }

    package var remedy: String {
        switch concern {
        case .missingDirectory: "create it or correct the path"
        case .notADirectory: "name a directory"
        case .missingScript: "correct entryPoint or sourceDir"
        case .missingUsage: "correct the path; docs/savings-plans.md describes the file"
        case .missingMarket: "correct the path; docs/market-file.md describes the file"
        case .programNotFound: "install it, or name it by its full path"
        case .programNotExecutable: "correct the path, or run `chmod +x` on it"
        case .emptyChannel: "fetch the data first"
        case .notWritable: "change its owner or mode, or name another directory"
        case .foreignPointer: "move it away, or name another directory"
        case .inMemory: "name a directory on a disk"
        case .diskFull: "free some space, lower checkpointKeep or name another disk"
        case .neverReadsCheckpoints:
            "load the newest checkpoint at the start, then prove it with `nightshift drill`"
        case .neverSavesModel: "save it under os.environ[\"SM_MODEL_DIR\"]"
        case .fixedPath(let literal, let variable): "write os.environ.get(\"\(variable)\", \"\(literal)\")"
        case .clock: "set it, e.g. with `timedatectl set-ntp true`"
        case .unknownZone: "install the tzdata package"
        case .shortNight: "move start or deadline for that night"
        case .tripwiresOff: "write `then: goOn` to hear of them without anything being done"
        case .littleRoomForSpot(_, let least): "write \(least.text) or more, and Spot may be tried at least twice more"
        case .lateTonight: "start it earlier; the next night has the whole window"
        }
    }

    private static func watched(without off: [Tripwire]) -> String {
        let left = Tripwire.allCases.filter { !off.contains($0) }.map(\.rawValue).joined(separator: ", ")
        let names = off.map(\.rawValue).joined(separator: ", ")
        return "\(names) \(off.count == 1 ? "is" : "are") off; what is watched is \(left.isEmpty ? "nothing" : left)"
    }

    /// A path is of no use when it is cut.
    private static func whole(_ path: String) -> String { quoted(path, limit: 4096) }

    /// `2.4 GB`, rounded down to one place; `900 B`.
    private static func size(_ bytes: Int64) -> String {
        let units: [(Int64, String)] = [
            (1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB"),
        ]
        for (factor, name) in units where bytes >= factor {
            let tenths = bytes / (factor / 10)
            return "\(tenths / 10).\(tenths % 10) \(name)"
        }
        return "\(bytes) B"
    }
}
