/** Calm and close to how GitHub shows a job summary, on a light and on a dark screen. */
export const PAGE_STYLE = `
:root {
  --page: #ffffff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --link: #0969da;
  --good: #1a7f37; --warn: #9a6700; --bad: #cf222e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --quiet: #9198a1; --line: #3d444d; --soft: #151b23; --link: #4493f8;
    --good: #3fb950; --warn: #d29922; --bad: #f85149;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 32px 24px 96px; max-width: 1200px; background: var(--page); color: var(--text);
  font: 15px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
}
h1 { font-size: 28px; font-weight: 600; margin: 0 0 16px; }
h2 { font-size: 21px; font-weight: 600; margin: 0 0 16px; padding-bottom: 8px; border-bottom: 1px solid var(--line); }
h3 { font-size: 16px; font-weight: 600; margin: 28px 0 10px; }
p { margin: 0 0 12px; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
nav ul { margin: 0 0 32px; padding: 0; list-style: none; }
section { margin: 0 0 32px; padding: 24px; border: 1px solid var(--line); border-radius: 8px; }
.table { overflow-x: auto; margin: 0 0 12px; }
table { border-collapse: collapse; }
th, td { padding: 6px 12px; border: 1px solid var(--line); text-align: left; vertical-align: top; }
th { background: var(--soft); font-weight: 600; white-space: nowrap; }
th.right, td.right { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code {
  padding: .15em .35em; border-radius: 5px; background: var(--soft); font-size: 86%;
  font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
pre { overflow-x: auto; margin: 4px 0 12px; padding: 12px; border-radius: 6px; background: var(--soft); font-size: 12.5px; line-height: 1.45; }
pre code { padding: 0; background: none; }
pre.mermaid { background: none; padding: 0; text-align: center; }
details { margin: 12px 0; }
summary { cursor: pointer; }
details > :not(summary):first-of-type { margin-top: 12px; }
td details { margin: 2px 0 0; }
hr { height: 1px; border: 0; background: var(--line); margin: 24px 0 12px; }
sub { font-size: 12px; line-height: 1.5; vertical-align: baseline; color: var(--quiet); }
ul, ol { padding-left: 24px; margin: 0 0 12px; }
li > ul { margin: 0; }
.mark { font-weight: 600; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .quiet { color: var(--quiet); }
`;
