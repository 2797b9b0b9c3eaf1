// SPDX-License-Identifier: Apache-2.0

/// Answers in the forms of the protocols, for what no service answers itself.
extension ServiceReply {
    /// JSON 1.1: clients read the code from `__type`.
    static func json(_ status: Int, _ code: String, _ message: String) -> ServiceReply {
        let body = "{\"__type\":\(quoted(code)),\"message\":\(quoted(message))}"
        return ServiceReply(status: status, contentType: "application/x-amz-json-1.1", body: Array(body.utf8))
    }

    /// The query protocol of STS and IAM.
    static func query(_ status: Int, _ code: String, _ message: String, namespace: String) -> ServiceReply {
        let type = status < 500 ? "Sender" : "Receiver"
        let error = XML.element(
            "Error", XML.element("Type", type), XML.element("Code", code), XML.element("Message", message))
        return xml(
            status,
            XML.document("ErrorResponse", namespace: namespace, error, XML.element("RequestId", RequestID.new())))
    }

    static func xml(_ status: Int, _ text: String) -> ServiceReply {
        ServiceReply(status: status, contentType: "text/xml", body: Array(text.utf8))
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
