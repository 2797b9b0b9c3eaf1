// SPDX-License-Identifier: Apache-2.0

package import TrainingAgent

/// The tags of one job: a key once, in the order in which it was first set.
package enum TagList {
    private static let most = 50

    package static func adding(_ new: [JSONValue], to tags: [JSONValue]) throws(ServiceFault) -> [JSONValue] {
        var all = tags
        for tag in new {
            if let place = all.firstIndex(where: { $0["Key"] == tag["Key"] }) {
                all[place] = tag
            } else {
                all.append(tag)
            }
        }
        guard all.count <= most else {
            throw ServiceFault("ResourceLimitExceeded", "A resource can have at most \(most) tags")
        }
        return all
    }

    package static func removing(_ keys: [JSONValue], from tags: [JSONValue]) -> [JSONValue] {
        let names = Set(keys.compactMap(\.text))
        return tags.filter { tag in !names.contains(tag["Key"]?.text ?? "") }
    }
}
