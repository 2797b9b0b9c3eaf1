// SPDX-License-Identifier: Apache-2.0

/// The frame of every page: nothing is loaded, nothing is run, and it prints.
enum HTMLPage {
    /// For pages of many columns and of pictures whose labels must stay readable: these scroll on a narrow screen.
    static let wideStyle = """
        main{max-width:1400px}figure svg{min-width:860px}th,td{padding:6px 9px}th{white-space:normal;vertical-align:bottom}
        .legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:0 0 10px;padding:0;font-size:13px}
        .legend svg{vertical-align:middle}.warning{color:var(--warn)}
        @media (max-width:600px){main{padding:20px 12px}}
        """

    /// `title` is escaped here; `style` and the sections are CSS and HTML.
    static func text(title: String, style: String = "", _ sections: [String]) -> String {
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
        \(PageStyle.css)\(style.isEmpty ? "" : "\n\(style)")
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
