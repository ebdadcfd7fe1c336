// The look of the panel, inside its own shadow root. Dark unless it is on a page that follows the system
// (data-theme="page") or in a light element (data-theme="light").

const kDark = `
  --ground: #1c1d21;
  --raised: #26272d;
  --field: #2c2d34;
  --text: #eeeef1;
  --quiet: #b0b4bf;
  --line: #3b3d45;
  --edge: #7d808b;
  --accent: #6cb2ff;
  --on-accent: #10131a;
  --chosen: #20374f;
  --error: #ff9a92;
  --warning: #ffc266;
  color-scheme: dark;`;
const kLight = `
  --ground: #ffffff;
  --raised: #f4f5f7;
  --field: #ffffff;
  --text: #1b1c20;
  --quiet: #565a64;
  --line: #d5d8df;
  --edge: #7b7f89;
  --accent: #0b63c5;
  --on-accent: #ffffff;
  --chosen: #dceafb;
  --error: #b3261e;
  --warning: #8a5a00;
  color-scheme: light;`;

export const kPanelStyle = `
:host { display: block; height: 100%; min-height: 0; ${kDark} }
:host([data-theme="light"]) { ${kLight} }
@media (prefers-color-scheme: light) { :host([data-theme="page"]) { ${kLight} } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.sheet {
  height: 100%;
  display: flex;
  flex-direction: column;
  min-height: 0;
  background: var(--ground);
  color: var(--text);
  font: 14px/1.45 system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
  container: sheet / size;
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
header { display: flex; align-items: center; gap: 6px; padding: 0 8px 0 4px; border-bottom: 1px solid var(--line); flex: none; background: var(--raised); }
[role="tablist"] { display: flex; }
[role="tab"] { background: none; border: 0; border-bottom: 2px solid transparent; border-radius: 0; padding: 9px 11px 7px; color: var(--quiet); font-weight: 500; }
[role="tab"]:hover { color: var(--text); background: none; }
[role="tab"][aria-selected="true"] { color: var(--text); border-color: var(--accent); font-weight: 600; }
[role="tab"]:focus-visible { outline-offset: -3px; }
.view { flex: 1; min-height: 0; overflow: auto; padding: 10px 12px 14px; overscroll-behavior: contain; }
.chooser { flex: none; padding: 8px 12px 0; }
.gap { flex: 1; }
h2.hidden-text { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h3 { font-size: 13px; font-weight: 600; margin: 0 0 6px; }
p { margin: 0; }
p + p { margin-top: 4px; }
.quiet { color: var(--quiet); }
.warn { color: var(--warning); }
.problem { color: var(--error); }
.problem:empty, [role="status"]:empty { display: none; }
bdi { overflow-wrap: anywhere; }
.plain { list-style: none; margin: 0; padding: 0; }

button, select, input:not([type="checkbox"]):not([type="range"]):not([type="color"]) {
  font: inherit;
  color: inherit;
  background: var(--field);
  border: 1px solid var(--edge);
  border-radius: 5px;
  padding: 3px 9px;
  max-width: 100%;
  min-width: 0;
}
button { cursor: pointer; }
button:hover { background: var(--chosen); }
button:disabled { color: var(--quiet); border-color: var(--line); cursor: default; background: none; }
.sign { width: 28px; height: 28px; padding: 0; line-height: 1; font-size: 15px; flex: none; }
input[type="checkbox"] { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); flex: none; }
input[type="range"] { accent-color: var(--accent); min-width: 0; width: 100%; margin: 0; }
input[type="color"] { width: 44px; height: 28px; padding: 2px; border: 1px solid var(--edge); border-radius: 5px; background: var(--field); }
.dock-sign { display: inline-block; width: 14px; height: 12px; border: 1.5px solid currentColor; border-radius: 2px; box-sizing: border-box; vertical-align: -1px; }
[data-to="below"] .dock-sign { border-bottom-width: 5px; }
[data-to="beside"] .dock-sign { border-right-width: 6px; }
.row.tight { flex-wrap: nowrap; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; }

.cards { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
.cards + .cards { margin-top: 8px; }
.cards:empty { display: none; }
.card { border: 1px solid var(--line); border-radius: 8px; background: var(--raised); min-width: 0; }
.card .head { display: flex; align-items: center; gap: 8px; padding: 2px 4px 0 12px; }
.card .title { flex: 1; display: flex; align-items: center; gap: 8px; text-align: start; background: none; border-color: transparent; font-weight: 600; padding: 6px; min-width: 0; }
.card .title bdi { flex: 1; text-align: left; }
.card .title:hover { background: none; color: var(--accent); }
.chevron { width: 8px; height: 8px; border: solid currentColor; border-width: 0 2px 2px 0; transform: rotate(45deg) translate(-2px, -2px); margin: 0 6px; flex: none; color: var(--quiet); }
[aria-expanded="true"] > .chevron { transform: rotate(225deg) translate(-2px, -2px); }
.card .about { padding: 0 12px 10px 42px; font-size: 13px; }
.card .about p { color: var(--quiet); }
.card .about p.kind { color: var(--text); }
.card .about p.warn { color: var(--warning); }
.card .about p + p { margin-top: 1px; }
.card.off .title bdi { color: var(--quiet); font-weight: 500; }
.card .body { border-top: 1px solid var(--line); padding: 10px 12px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; }
.section { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
.adder { margin-top: 12px; }

details > summary { cursor: pointer; font-weight: 600; font-size: 13px; padding: 3px 0; }
details[open] > summary { margin-bottom: 6px; }
.classes > .row, .filter > .row { margin-bottom: 4px; }
.classes > .row h3, .filter > .row h3 { margin: 0; }
.classes > .row button, .filter > .row button { padding: 0 8px; font-size: 13px; }
.filter > .row .sign { width: 24px; height: 24px; padding: 0; }
.filter + .filter { border-top: 1px solid var(--line); padding-top: 8px; }
.classes ul, .filter ul { max-height: 260px; overflow: auto; }
.check { display: flex; align-items: center; gap: 8px; min-height: 26px; cursor: pointer; }
.class { display: flex; align-items: center; gap: 8px; flex: 1; min-width: 0; }
.class .name { flex: 1; min-width: 0; }
.count { color: var(--quiet); text-align: end; }
li > .check > .class .count { padding-inline-end: 4px; }
.swatch { width: 12px; height: 12px; border-radius: 3px; border: 1px solid var(--edge); flex: none; display: inline-block; }
.slider { display: grid; grid-template-columns: 82px minmax(60px, 1fr) 66px; align-items: center; gap: 8px; min-height: 26px; }
.slider output { text-align: end; color: var(--quiet); }
.choice-row { display: grid; grid-template-columns: 82px minmax(0, 1fr); align-items: center; gap: 8px; }
.number { display: grid; gap: 2px; font-size: 13px; min-width: 0; }
.number input { width: 100%; font-size: 14px; }
.number input[aria-invalid="true"] { border-color: var(--error); }
.pair, .pairs { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 10px; }
.six { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 6px 8px; margin-top: 6px; }
.range p { font-size: 13px; margin-top: 4px; }
.ramp { height: 12px; border-radius: 3px; border: 1px solid var(--edge); }
.ramp-ends { display: flex; justify-content: space-between; gap: 8px; font-size: 13px; color: var(--quiet); margin-top: 2px; }
.issues { display: grid; gap: 10px; max-height: 320px; overflow: auto; }
.issue { border-inline-start: 3px solid var(--edge); padding-inline-start: 9px; }
.issue.error { border-color: var(--error); }
.issue.warning { border-color: var(--warning); }
.names { max-height: 160px; overflow: auto; }

.objects { display: flex; flex-direction: column; gap: 8px; overflow: hidden; padding-bottom: 0; }
.objects > * { flex: none; }
.objects.empty > * { display: none; }
.objects.empty::before { content: "No annotations lie over this image."; color: var(--quiet); }
.tools input { flex: 1 1 110px; }
.only { display: flex; align-items: center; gap: 10px; background: var(--chosen); border-radius: 6px; padding: 6px 10px; }
.only p { flex: 1; }
.status { font-size: 13px; }
.grid {
  flex: 1 1 160px;
  min-height: 116px;
  overflow: auto;
  border: 1px solid var(--line);
  border-radius: 6px 6px 0 0;
  border-bottom: 0;
  overscroll-behavior: contain;
  position: relative;
  margin-inline: -4px;
}
.grid:focus-visible { outline-offset: -2px; }
.grid-top { position: sticky; top: 0; z-index: 2; width: max(100%, var(--table-width, 0)); }
.grid-row { display: grid; grid-template-columns: var(--columns, 1fr); width: max(100%, var(--table-width, 0)); height: 28px; align-items: center; }
.grid-head { background: var(--raised); border-bottom: 1px solid var(--line); }
.grid-head button { all: unset; cursor: pointer; display: block; width: 100%; box-sizing: border-box; font-weight: 600; font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; padding: 3px 8px; }
.grid-head button:hover { color: var(--accent); }
.grid-head button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
.grid-head .cell { padding: 0; }
.grid-space { position: relative; width: max(100%, var(--table-width, 0)); }
.grid-rows { position: absolute; inset: 0 0 auto 0; }
.grid-rows .grid-row { position: absolute; top: 0; cursor: pointer; border-bottom: 1px solid var(--line); }
.grid-rows .grid-row:hover { background: var(--raised); }
.grid-rows .grid-row[aria-selected="true"] { background: var(--chosen); }
.grid:focus-visible .grid-row.active { outline: 2px solid var(--accent); outline-offset: -2px; }
.cell { padding: 0 8px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.cell.number { text-align: end; }
.cell bdi { overflow-wrap: normal; }
.details-place { max-height: 45%; overflow: auto; margin: 0 -12px; }
.details-place:empty { display: none; }
.details { padding: 8px 12px 12px; border-top: 1px solid var(--line); background: var(--raised); }
.details h3 { margin: 0; font-size: 14px; }
dl { display: grid; grid-template-columns: minmax(76px, auto) minmax(0, 1fr); gap: 3px 12px; margin: 8px 0 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }

.quality { display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; gap: 18px; }
.bars { display: grid; gap: 7px; }
.bar-head { display: flex; align-items: center; gap: 8px; }
.bar-head .name { flex: 1; min-width: 0; }
.share { color: var(--quiet); min-width: 52px; text-align: end; }
.bar-room { display: block; height: 8px; background: var(--line); border-radius: 4px; overflow: hidden; margin-top: 3px; }
.bar { display: block; height: 100%; border-radius: 4px; }
.bar.accent { background: var(--accent); }
.histogram { width: 100%; height: 72px; display: block; fill: var(--accent); border-bottom: 1px solid var(--edge); }
.histogram .median { stroke: var(--warning); stroke-width: 2; }
.median-key { display: inline-block; width: 2px; height: 11px; background: var(--warning); margin-inline-end: 6px; vertical-align: -1px; }
.entries { display: grid; gap: 8px; }
.entry { display: grid; grid-template-columns: minmax(0, 1fr); gap: 3px; width: 100%; text-align: start; padding: 8px 10px; border: 1px solid var(--line); border-radius: 7px; background: var(--raised); }
button.entry { border-color: var(--edge); }
.entry-head { display: flex; gap: 8px; align-items: baseline; }
.entry-head .name { flex: 1; min-width: 0; }
.entry .count { color: var(--text); font-weight: 600; }
.entry .more { color: var(--accent); font-weight: 600; font-size: 13px; }
.mark { font-size: 12px; font-weight: 600; border: 1px solid currentColor; border-radius: 4px; padding: 0 5px; color: var(--quiet); }
.mark.error { color: var(--error); }
.mark.warning { color: var(--warning); }

@container sheet (min-width: 640px) {
  .cards { grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); align-items: start; }
  .quality { grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 18px 28px; }
  .objects { display: grid; grid-template-columns: minmax(0, 1fr) auto; grid-template-rows: auto auto auto auto minmax(0, 1fr); }
  .objects > * { grid-column: 1; }
  .objects > .grid { grid-row: 5; min-height: 0; }
  .objects > .details-place { grid-column: 2; grid-row: 1 / 6; width: 320px; max-height: none; margin: -10px -12px 0 12px; border-inline-start: 1px solid var(--line); background: var(--raised); }
  .details { border-top: 0; }
}
@container sheet (max-height: 430px) and (max-width: 639px) {
  .objects { overflow: auto; padding-bottom: 0; }
  .objects > .grid { flex: none; height: 172px; }
  .details-place { max-height: none; overflow: visible; }
}
@media (forced-colors: active) { .swatch, .bar, .ramp { forced-color-adjust: none; } }
`;
