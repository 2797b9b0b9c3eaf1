// SPDX-License-Identifier: Apache-2.0

import Foundation
import JobFiles
import ProcessSupervision
import PublishedModels

extension Surroundings {
    /// This machine, with what stands where models are put into service.
    static var here: Surroundings {
        var surroundings = thisMachine(now: SystemClock.now(), environment: ProcessInfo.processInfo.environment)
        surroundings.foreignPointer = { outputPath in
            do {
                _ = try ModelShelf(outputPath: outputPath).inService()
                return nil
            } catch {
                return String(describing: error)
            }
        }
        return surroundings
    }
}
