/** The style of the report page: one column, system fonts, both colour schemes, paper. No colour says anything that words do not. */
export const reportStyle = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1d2126; --soft: #59616b; --line: #e3e0da;
  --good: #1f6f4a; --warn: #8a5300; --bad: #b3261e; --calm: #2f5d8c;
  --good-wash: #e6f2ec; --warn-wash: #fbf0dc; --bad-wash: #fbe9e7; --calm-wash: #e8eff6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1b1f23; --ink: #e7e5e1; --soft: #a3abb4; --line: #2e343a;
    --good: #7cc9a0; --warn: #e5b566; --bad: #f2948b; --calm: #93bbe3;
    --good-wash: #1a2b23; --warn-wash: #2e2616; --bad-wash: #321e1c; --calm-wash: #1b2733;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 5rem; max-width: 52rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1 { margin: .5rem 0 .75rem; font-size: 2rem; line-height: 1.22; font-weight: 650; letter-spacing: -.015em; text-wrap: balance; overflow-wrap: break-word; }
h2 { margin: 3.25rem 0 .75rem; font-size: 1.25rem; line-height: 1.3; font-weight: 650; letter-spacing: -.005em; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1rem; font-weight: 650; }
h2 small, h3 small, summary small { font-size: .875rem; font-weight: 400; color: var(--soft); letter-spacing: 0; }
p { margin: .5rem 0; max-width: 40rem; }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .2em; }
code, .key { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .8125rem; }
.soft, .key { color: var(--soft); }
.eyebrow { display: flex; flex-wrap: wrap; align-items: center; gap: .375rem .75rem; margin: 0; max-width: none; color: var(--soft); }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .calm { color: var(--calm); }
.badge { padding: .125rem .625rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; }
.badge.good { background: var(--good-wash); } .badge.warn { background: var(--warn-wash); }
.badge.bad { background: var(--bad-wash); } .badge.calm { background: var(--calm-wash); }
.new { margin-left: .375rem; padding: .0625rem .4375rem; border-radius: 1rem; background: var(--calm-wash); color: var(--calm); font-size: .75rem; font-weight: 600; white-space: nowrap; }

.figures { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 1px; margin: 2rem 0 0; padding: 0; border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; background: var(--line); }
.figures div { padding: .875rem 1rem 1rem; background: var(--card); }
.figures dt { font-size: .8125rem; color: var(--soft); }
.figures dd { margin: .125rem 0 0; font-size: 1.25rem; line-height: 1.35; font-weight: 600; letter-spacing: -.01em; white-space: nowrap; }
.figures dd small { display: block; font-size: .8125rem; font-weight: 400; letter-spacing: 0; line-height: 1.4; white-space: normal; color: var(--soft); }

.note { margin: 1.25rem 0; padding: .875rem 1.125rem; border-left: .25rem solid var(--line); border-radius: .25rem .75rem .75rem .25rem; background: var(--card); }
.note.good { border-color: var(--good); } .note.warn { border-color: var(--warn); } .note.bad { border-color: var(--bad); }
.note, .note p { color: var(--ink); max-width: none; } .note p { margin: 0; } .note p + p { margin-top: .375rem; }
ol.todo { margin: .5rem 0; padding-left: 1.75rem; } ol.todo li { margin: .5rem 0; padding-left: .25rem; max-width: 42rem; } ol.todo li::marker { color: var(--soft); }
ul.plain { margin: .5rem 0; padding-left: 1.25rem; } ul.plain li { margin: .25rem 0; max-width: 42rem; }

table { width: 100%; border-collapse: collapse; margin: .5rem 0; font-size: .9375rem; line-height: 1.45; }
caption { text-align: left; padding: 0 0 .5rem; color: var(--soft); font-size: .875rem; }
th, td { padding: .5625rem .75rem .5625rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead th { padding-bottom: .375rem; font-size: .8125rem; font-weight: 500; color: var(--soft); white-space: nowrap; }
tbody th { font-weight: 500; }
tfoot th, tfoot td { border-bottom: 0; font-weight: 600; }
td.n, th.n { text-align: right; white-space: nowrap; width: 1%; }
.steps th[scope=row] { position: relative; padding-left: 2rem; } .steps td:last-child { white-space: nowrap; width: 1%; padding-left: .75rem; }
.steps .no { position: absolute; left: 0; width: 1.375rem; text-align: right; color: var(--soft); font-weight: 400; }
.steps .sub { display: block; font-size: .8125rem; font-weight: 400; color: var(--soft); }
.state { white-space: nowrap; font-weight: 500; } .state::before { display: inline-block; width: 1.375em; font-weight: 700; }
.state.good::before { content: "✓"; } .state.warn::before { content: "!"; text-indent: .25em; } .state.bad::before { content: "✕"; }
.state.calm::before { content: "→"; } .state.soft::before { content: "–"; } .state.soft { font-weight: 400; }
.assets { table-layout: fixed; margin-top: 0; } .assets thead th, .assets thead { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); } .assets col:first-child { width: 42%; } .assets .key { display: block; font-weight: 400; }
.assets .also { display: block; color: var(--warn); }

.bar { display: flex; gap: 2px; height: 1.5rem; margin: 1rem 0 .25rem; border-radius: .5rem; overflow: hidden; }
.bar i { flex: 1 1 0; min-width: 3px; background: var(--calm); } .bar i.alt { opacity: .62; } .bar i.wait { background: repeating-linear-gradient(135deg, var(--line) 0 .375rem, transparent .375rem .625rem), var(--card); }
.dot { display: inline-block; width: .75rem; height: .75rem; margin-right: .625rem; border-radius: .1875rem; background: var(--calm); vertical-align: -.0625rem; }
.dot.alt { opacity: .62; } .dot.wait { background: repeating-linear-gradient(135deg, var(--soft) 0 .125rem, transparent .125rem .25rem); }

details { margin: .5rem 0; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); }
summary { padding: .75rem 1rem; font-weight: 600; cursor: pointer; border-radius: .75rem; }
summary:focus-visible, a:focus-visible { outline: .1875rem solid var(--calm); outline-offset: .125rem; }
details > div { padding: 0 1rem .75rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--soft); }

@media (max-width: 36rem) {
  body { padding: 1.5rem 1rem 4rem; } h1 { font-size: 1.5rem; } h2 { margin-top: 2.5rem; }
  .figures { grid-auto-flow: row; grid-template-columns: 1fr 1fr; } .figures div:last-child:nth-child(odd) { grid-column: 1 / -1; } .figures dd { font-size: 1.1875rem; }
  .steps thead th:first-child { padding-left: 0; }
  .assets col:first-child { width: 46%; } .steps .n { display: none; } th, td { padding-right: .5rem; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --good: #1f6f4a; --warn: #8a5300; --bad: #b3261e; --calm: #2f5d8c; --good-wash: #e6f2ec; --warn-wash: #fbf0dc; --bad-wash: #fbe9e7; --calm-wash: #e8eff6; color-scheme: light; }
  body { padding: 0; max-width: none; font-size: 10pt; } h1 { font-size: 18pt; } h2 { break-after: avoid; margin-top: 1.5rem; }
  tr, .note, .figures { break-inside: avoid; } thead { display: table-header-group; } a { text-decoration: none; }
  .bar, .dot, .badge, .figures, .note { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
