// SPDX-License-Identifier: Apache-2.0

/// The frame of every page: nothing is loaded, nothing is run, and it prints.
enum HTMLPage {
    /// `title` is escaped here; the sections are HTML.
    static func text(title: String, _ sections: [String]) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(NightPage.contentSecurityPolicy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(HTMLText.escaped(title))</title>
        <style>
        \(PageStyle.css)
        </style>
        </head>
        <body>
        <main>
        \(sections.joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }
}
