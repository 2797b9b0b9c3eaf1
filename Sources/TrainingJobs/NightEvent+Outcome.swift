// SPDX-License-Identifier: Apache-2.0

extension BidirectionalCollection where Element == NightEvent {
    /// How the night ended; `nil` while it goes on.
    package var outcome: NightOutcome? {
        for event in reversed() {
            if case .finished(let outcome) = event.kind { return outcome }
        }
        return nil
    }

    /// What the night opened with; every journal begins with it.
    package var terms: NightTerms? {
        if case .opened(let terms)? = first?.kind { terms } else { nil }
    }
}
