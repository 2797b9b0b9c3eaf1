// SPDX-License-Identifier: Apache-2.0

/// The one style sheet of the night's page: light, dark and print.
enum PageStyle {
    static let css = """
        :root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#dfe3e8;--back:#f6f8fa;--card:#ffffff;
        --good:#1a7f37;--goodback:#dafbe1;--warn:#7d4e00;--warnback:#fff3c4;--bad:#b3121d;--badback:#ffe3e0;
        --live:#0550ae;--liveback:#ddf0ff}
        @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4af;--line:#2a313a;
        --back:#010409;--card:#0d1117;
        --good:#56d364;--goodback:#0f2a17;--warn:#e3b341;--warnback:#2e2405;--bad:#ff7b72;--badback:#35110f;
        --live:#79c0ff;--liveback:#0c2440}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--ink);
        font:15px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
        main{max-width:1040px;margin:0 auto;padding:28px 24px 40px}
        header{display:flex;flex-wrap:wrap;align-items:baseline;gap:6px 14px;margin-bottom:4px}
        h1{font-size:26px;line-height:1.2;margin:0;overflow-wrap:anywhere}
        h2{font-size:16px;margin:30px 0 10px}
        .badge{font-size:13px;font-weight:600;padding:2px 10px;border-radius:999px;white-space:nowrap}
        .good{color:var(--good);background:var(--goodback)}.warn{color:var(--warn);background:var(--warnback)}
        .bad{color:var(--bad);background:var(--badback)}.live{color:var(--live);background:var(--liveback)}
        .lead{margin:2px 0;overflow-wrap:anywhere}.soft{color:var(--soft)}
        dl.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0}
        .tiles div{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
        .tiles dt{font-size:12px;color:var(--soft)}
        .tiles dd{margin:0;font-size:22px;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.3}
        .tiles dd.small{font-size:12px;font-weight:400;color:var(--soft)}
        figure,.scroll{margin:0;background:var(--card);border:1px solid var(--line);border-radius:8px;overflow-x:auto}
        figure{padding:12px}figure svg{display:block;width:100%;min-width:680px;height:auto}
        figcaption{font-size:12px;color:var(--soft);padding:8px 4px 0}
        table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-size:12px;color:var(--soft);padding:8px 12px 4px}
        th,td{text-align:left;vertical-align:top;padding:6px 12px;border-top:1px solid var(--line)}
        td{overflow-wrap:anywhere}
        th{font-weight:600;color:var(--soft);border-top:0;white-space:nowrap}
        .number,.whole{white-space:nowrap;overflow-wrap:normal}.number{text-align:right}
        tfoot td{font-weight:600;border-top:2px solid var(--line)}
        tbody td:first-child{white-space:nowrap}
        details{margin-top:30px}summary{cursor:pointer;font-weight:600;font-size:16px;margin-bottom:10px}
        footer{margin-top:26px;font-size:12px;color:var(--soft);overflow-wrap:anywhere}
        @media print{:root{--back:#fff;--card:#fff}main{max-width:none;padding:0}body{font-size:11px}
        dl.tiles{grid-template-columns:repeat(3,1fr)}
        figure,.scroll,tr,.tiles div{break-inside:avoid}h2{break-after:avoid}}
        """
}
