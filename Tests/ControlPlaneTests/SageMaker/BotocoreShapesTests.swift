// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import ControlPlane

/// The stage's constraints beside the service's own description, as the botocore at hand has it.
@Suite struct BotocoreShapesTests {
    @Test("Every constraint of a request is the service's own")
    func constraints() throws {
        let script = """
            import gzip, json, os, sys
            import botocore
            place = os.path.join(os.path.dirname(botocore.__file__), "data/sagemaker/2017-07-24/service-2.json")
            data = open(place, "rb").read() if os.path.exists(place) else gzip.open(place + ".gz").read()
            shapes = json.loads(data)["shapes"]
            # A time is a number on the wire, and some texts have their limits in the service alone.
            def told(name):
                shape = shapes[name]
                kind = shape["type"]
                if kind == "structure":
                    return {m: [m in shape.get("required", []), told(s["shape"])] for m, s in shape["members"].items()}
                if kind == "list": return ["list", told(shape["member"]["shape"]), shape.get("min", 0), shape.get("max")]
                if kind == "map":
                    return ["map", told(shape["key"]["shape"]), told(shape["value"]["shape"]), shape.get("max")]
                if "enum" in shape: return ["choice", shape["enum"]]
                if kind == "string": return ["text", shape.get("min", 0), shape.get("max"), shape.get("pattern")]
                if kind in ("integer", "long"): return ["whole", shape.get("min"), shape.get("max")]
                return [kind]
            def compare(ours, theirs, path):
                if isinstance(ours, dict):
                    for member, (required, shape) in ours.items():
                        assert member in theirs, path + "." + member
                        assert required == theirs[member][0], path + "." + member + " is required or not"
                        compare(shape, theirs[member][1], path + "." + member)
                elif ours[0] in ("list", "map"):
                    assert ours[0] == theirs[0] and ours[len(ours) - 1] == theirs[len(theirs) - 1], (path, ours, theirs)
                    for a, b in zip(ours[1:], theirs[1:]):
                        if isinstance(a, (list, dict)): compare(a, b, path + "[]")
                        else: assert a == b, (path, ours, theirs)
                elif ours[0] == "text":
                    assert theirs[0] == "text" and ours[1:3] == theirs[1:3], (path, ours, theirs)
                    assert ours[3] in (theirs[3], None), (path, ours, theirs)
                else: assert ours == theirs, (path, ours, theirs)
            for name, ours in json.load(sys.stdin).items(): compare(ours, told(name), name)
            print("alike")
            """
        let ours: [String: Any] = [
            "CreateTrainingJobRequest": RequestShapes.createTrainingJob.told,
            "StopTrainingJobRequest": RequestShapes.nameOnly.told,
            "ListTrainingJobsRequest": RequestShapes.listTrainingJobs.told,
            "AddTagsInput": RequestShapes.addTags.told, "DeleteTagsInput": RequestShapes.deleteTags.told,
            "ListTagsInput": RequestShapes.listTags.told,
        ]
        let file = NSTemporaryDirectory() + UUID().uuidString + ".json"
        try JSONSerialization.data(withJSONObject: ours).write(to: URL(filePath: file))
        defer { unlink(file) }
        guard try ServedStage.run([ServedStage.python, "-c", "import botocore"]).status == 0 else {
            return print("skipped: Python has no botocore")
        }
        let ran = try ServedStage.run(["sh", "-c", "exec \"$0\" -c \"$1\" < \"$2\"", ServedStage.python, script, file])
        #expect(ran.output == "alike\n", "\(ran.errors)")
    }
}

extension Shape {
    /// As the script above tells a shape.
    fileprivate var told: Any {
        func number(_ value: Int?) -> Any { value.map { $0 as Any } ?? NSNull() }
        switch self {
        case .text(let least, let most, let pattern):
            return ["text", least, number(most), pattern.map { $0 as Any } ?? NSNull()]
        case .choice(let names): return ["choice", names]
        case .whole(let least, let most): return ["whole", number(least), number(most)]
        case .flag: return ["boolean"]
        case .time: return ["timestamp"]
        case .list(let element, let least, let most): return ["list", element.told, least, number(most)]
        case .map(let key, let value, let most): return ["map", key.told, value.told, most]
        case .structure(let members):
            return Dictionary(
                uniqueKeysWithValues: members.map { ($0.name, [$0.isRequired, $0.shape.told] as [Any]) })
        }
    }
}
