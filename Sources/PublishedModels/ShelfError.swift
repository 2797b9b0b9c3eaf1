// SPDX-License-Identifier: Apache-2.0

/// What keeps a model from being put into service, for a person.
package enum ShelfError: Error, Hashable, CustomStringConvertible {
    case io(what: String, path: String, code: Int32)
    /// `latest` is something that was not made here; it is never replaced.
    case foreignPointer(path: String, what: String)
    /// A name that could not be a night's.
    case badNight(String)
    case noModel(night: String, path: String)
    case noRecord(night: String, path: String)
    case badRecord(path: String, why: String)
    case newerRecord(path: String, version: Int)
    case damaged(night: String, why: String)
    /// Another process has held the lock for longer than it takes.
    case busy(path: String)
    case cannotPack(String)
    case nothingInService(path: String)
    case nothingReplaced(night: String)
    case neverInService(night: String)
    case inServiceAlready(night: String)

    /// Whether the same try may go better a moment later: the disk has room again, another process lets go.
    var mayPass: Bool {
        switch self {
        case .io, .busy, .cannotPack: true
        case .foreignPointer, .badNight, .noModel, .noRecord, .badRecord, .newerRecord, .damaged, .nothingInService,
            .nothingReplaced, .neverInService, .inServiceAlready:
            false
        }
    }

    package var description: String {
        switch self {
        case .io(let what, let path, let code): "cannot \(what) \(path): \(systemMessage(code))"
        case .foreignPointer(let path, let what):
            "\(path) is \(what), not a link that Nightshift made, so it is left as it is"
        case .badNight(let night): "\(night.debugDescription) cannot be the name of a night"
        case .noModel(let night, let path): "\(night) has no model: there is no directory \(path)"
        case .noRecord(let night, let path): "\(night) has no record: there is no file \(path)"
        case .badRecord(let path, let why): "\(path) is not a model's record: \(why)"
        case .newerRecord(let path, let version):
            "\(path) is of version \(version), which a newer nightshift wrote; use that one"
        case .damaged(let night, let why): "the model of \(night) is not what its record says: \(why)"
        case .busy(let path): "another process is changing what is in service and holds \(path); try again"
        case .cannotPack(let why): "the model could not be packed: \(why)"
        case .nothingInService(let path): "no model is in service: there is no \(path)"
        case .nothingReplaced(let night):
            "\(night) replaced no other model, so there is none to go back to; name one with --to"
        case .neverInService(let night):
            "\(night) was never in service; to put it there: nightshift models publish \(night)"
        case .inServiceAlready(let night): "\(night) is in service already"
        }
    }
}
