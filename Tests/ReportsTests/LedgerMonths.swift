// SPDX-License-Identifier: Apache-2.0

import Foundation
import Reports
import ScriptedNights
import TrainingJobs

/// Months of scripted nights for the ledger's views.
enum LedgerMonths {
    static let november = CalendarMonth("2026-11")!
    static let now = Instant(iso8601: "2026-11-25T09:00:00Z")!

    static func night(
        _ date: String, _ events: [NightEvent], number: Int = 1, isRehearsal: Bool = false, on backend: String = "ec2",
        at now: Instant = now
    ) -> LedgerNight {
        let id = "recommender-\(date)\(number == 1 ? "" : ".\(number)")"
        return LedgerNight(
            id: id, date: LocalDate(date)!, isRehearsal: isRehearsal, events: renamed(events, id, backend),
            at: now)!
    }

    /// Scripted nights all bear one name; keys of launches are made of it, and in a journal each is there once. They are
    /// local, which nobody bills.
    static func renamed(_ events: [NightEvent], _ id: String, _ backend: String) -> [NightEvent] {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let text = String(decoding: try! encoder.encode(events), as: UTF8.self)
            .replacing(ScriptedNights.terms().night, with: id)
            .replacing("\"backend\":\"local\"", with: "\"backend\":\"\(backend)\"")
        return try! decoder.decode([NightEvent].self, from: Data(text.utf8))
    }

    /// A night of which nothing came but its opening and refusals.
    static var neverLaunched: [NightEvent] {
        var night = NightScript(ScriptedNights.terms())
        night.launch(0, ScriptedNights.spotB, .noCapacity)
        night.launch(10, ScriptedNights.onDemand, .quota("0 instances"))
        night.finish(20, .failed(.refused("quota")))
        return night.events
    }

    static func ledger(_ nights: [LedgerNight]) -> Ledger {
        Ledger(november, nights, at: now, timeZone: "Europe/Dublin")
    }

    /// 24 dates with every way in which a night ends.
    static var eventful: Ledger {
        var nights: [LedgerNight] = []
        for day in 1...24 {
            let date = "2026-11-\(day < 10 ? "0" : "")\(day)"
            let events =
                switch day {
                case 4, 17: ScriptedNights.eventful
                case 9: ScriptedNights.late
                case 12: ScriptedNights.kept(.budget)
                case 15: neverLaunched
                case 20: ScriptedNights.failed(.training("exit code 1"))
                default: ScriptedNights.cheap
                }
            if day != 22 { nights.append(night(date, events)) }
        }
        nights.append(night("2026-11-24", ScriptedNights.kept(.outOfTime), number: 2, isRehearsal: true))
        nights.append(night("2026-12-01", ScriptedNights.cheap))
        var ledger = ledger(nights)
        ledger.forecasts = [
            LedgerForecast(job: "recommender", nightsLeft: 6, own: nights.prefix(23).map(\.cost))
        ]
        ledger.drills = [LedgerDrill(job: "recommender", text: "resuming was proven by a drill 3 days ago")]
        return ledger
    }
}
