// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import Testing

@Test("A reply keeps its bytes as they are")
func replyKeepsBytes() {
    #expect(ServiceReply(status: 200, contentType: "application/x-amz-json-1.1", body: [0, 255]).body == [0, 255])
}
