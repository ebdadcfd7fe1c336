// The look of <mifa-study>, inside its shadow root: light or dark as the page's `color-scheme` says.

export const kStudyStyle = `
:host {
  display: block;
  position: relative;
  height: 720px;
  min-width: 280px;
  overflow: hidden;
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #1c1d21);
  --raised: light-dark(#f4f5f7, #25262b);
  --text: light-dark(#1b1c20, #eeeef1);
  --quiet: light-dark(#565a64, #a9adb8);
  --line: light-dark(#d5d8df, #3b3d45);
  --accent: light-dark(#0b63c5, #6cb2ff);
  --error: light-dark(#b3261e, #ff9a92);
  --warning: light-dark(#8a5a00, #ffc266);
  background: var(--ground);
  color: var(--text);
  font: 15px/1.5 system-ui, sans-serif;
  container-type: inline-size;
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button, input, select {
  font: inherit;
  color: inherit;
  background: var(--raised);
  border: 1px solid var(--quiet);
  border-radius: 6px;
  padding: 5px 11px;
}
button { cursor: pointer; }
button:disabled { opacity: 0.5; cursor: default; }
.plain { border: 0; background: none; color: var(--accent); padding: 2px 0; text-decoration: underline; }
.quiet { color: var(--quiet); font-weight: 400; }
.small { font-size: 13px; }
.hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.scroll { position: absolute; inset: 0; overflow: auto; padding: 20px 24px 32px; overflow-anchor: none; }
.message { max-width: 640px; margin: 48px auto; padding: 0 24px; overflow-wrap: anywhere; }
.message h1 { font-size: 22px; margin: 0 0 8px; }
.head h1 { font-size: 24px; line-height: 1.25; letter-spacing: -0.01em; margin: 0; overflow-wrap: anywhere; text-wrap: balance; }
.which { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: baseline; margin: 0 0 10px; color: var(--quiet); }
.which select { max-width: 100%; color: var(--text); }
.head p { margin: 4px 0 0; }
.about, .said { border: 1px solid var(--line); border-radius: 8px; margin: 14px 0 0; background: var(--raised); }
.about > summary, .said > summary { cursor: pointer; padding: 8px 14px; font-weight: 600; }
.about > summary .badge { font-weight: 400; font-size: 13px; margin-left: 8px; padding: 1px 9px; border-radius: 10px; border: 1px solid currentColor; white-space: nowrap; }
.badge.green { color: light-dark(#1a7f37, #5bd67c); }
.badge.amber { color: var(--warning); }
.badge.red { color: var(--error); }
.badge.grey { color: var(--quiet); }
.about .card { padding: 4px 14px 14px; background: var(--ground); border-radius: 0 0 8px 8px; }
.said ul { margin: 0; padding: 0 14px 12px 32px; max-height: 320px; overflow: auto; overflow-wrap: anywhere; }
.said li { margin: 4px 0; }
.said .place { display: block; color: var(--quiet); font: 13px ui-monospace, monospace; }
.said .error::marker, .said .error b { color: var(--error); }
.said .warning::marker, .said .warning b { color: var(--warning); }
.notes { margin: 12px 0 0; padding: 0; list-style: none; }
.notes li { border-left: 3px solid var(--accent); padding: 1px 0 1px 10px; margin: 6px 0; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: 250px minmax(0, 1fr); gap: 28px; margin-top: 20px; align-items: start; }
.filters > summary { display: none; }
.filters { min-width: 0; }
.find { width: 100%; margin-bottom: 14px; background: var(--ground); }
.facet { border: 0; margin: 0 0 18px; padding: 0; min-width: 0; }
.facet legend { font-weight: 600; padding: 0; margin-bottom: 4px; }
.facet ul { list-style: none; margin: 0; padding: 0; }
.facet label { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 8px; align-items: center; padding: 2px 0; cursor: pointer; }
.facet input { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); }
.facet .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.facet .count { color: var(--quiet); font-variant-numeric: tabular-nums; font-size: 13px; }
.facet .bar { grid-column: 2 / -1; height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
.facet .bar::before { content: ""; display: block; height: 100%; width: calc(var(--share) * 100%); background: var(--bar, var(--accent)); border-radius: 2px; }
.histogram { display: flex; align-items: end; gap: 2px; height: 64px; margin: 4px 0 2px; border-bottom: 1px solid var(--quiet); }
.histogram span { flex: 1; background: var(--accent); min-height: 1px; border-radius: 2px 2px 0 0; height: calc(var(--share) * 100%); }
.histogram span.none { background: var(--line); }
.ends { display: flex; justify-content: space-between; font-size: 13px; color: var(--quiet); font-variant-numeric: tabular-nums; }
.bar-line { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: baseline; margin: 0 0 12px; }
.bar-line p { margin: 0; }
.grid { position: relative; }
.row { position: absolute; left: 0; right: 0; top: 0; display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 12px; contain: layout style; }
.tile { min-width: 0; height: 100%; display: flex; flex-direction: column; }
.tile a { display: flex; flex-direction: column; height: 100%; color: inherit; text-decoration: none; border-radius: 8px; overflow: hidden; border: 1px solid var(--line); background: var(--raised); }
.tile a:hover { border-color: var(--accent); }
.tile a:focus-visible { outline-offset: -2px; outline-width: 3px; }
.tile .picture { position: relative; flex: 1; min-height: 0; background: #18191c; color: #d9dbe2; }
.tile canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; display: block; }
.tile .state { position: absolute; inset: 0; display: grid; place-items: center; text-align: center; font-size: 13px; padding: 8px; overflow: hidden; overflow-wrap: anywhere; }
.tile .state.waiting::after { content: ""; width: 20px; height: 20px; border-radius: 50%; border: 2px solid #6a6d77; border-top-color: transparent; animation: turn 900ms linear infinite; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .tile .state.waiting::after { animation: none; } }
.tile .words { flex: none; height: 74px; padding: 6px 9px 7px; font-size: 13px; line-height: 1.35; overflow: hidden; }
.tile .title { font-weight: 600; font-size: 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.tile .line { color: var(--quiet); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.tile .none { color: var(--warning); }
.one { position: absolute; inset: 0; display: flex; flex-direction: column; background: var(--ground); }
.tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 8px 12px; border-bottom: 1px solid var(--line); background: var(--raised); }
.tools h1, .tools h2 { font-size: 16px; margin: 0; flex: 1 1 140px; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tools label { display: flex; gap: 6px; align-items: center; min-width: 0; }
.tools select { max-width: 200px; }
.stage { flex: 1; min-height: 0; display: flex; }
.views { flex: 1; min-width: 0; min-height: 0; display: flex; gap: 2px; background: #000; }
.views figure { flex: 1; min-width: 0; margin: 0; display: flex; flex-direction: column; background: #18191c; color: #f0f0f2; }
.views figcaption { font-size: 13px; padding: 4px 10px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.views mifa-scope { flex: 1; height: auto; min-height: 0; }
.side { width: 300px; flex: none; overflow: auto; border-left: 1px solid var(--line); padding: 14px 16px 24px; overflow-wrap: anywhere; }
.side h2, .side h3 { font-size: 15px; margin: 18px 0 6px; }
.side h2:first-child, .side h3:first-child { margin-top: 0; }
.side dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 12px; margin: 0; font-size: 14px; }
.side dt { color: var(--quiet); }
.side dd { margin: 0; }
.side ul { list-style: none; margin: 0; padding: 0; }
.side li { margin: 0 0 8px; font-size: 14px; }
.side li label { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 8px; align-items: baseline; }
.side pre { margin: 6px 0; padding: 10px; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; overflow: auto; font: 12px/1.45 ui-monospace, monospace; max-height: 260px; }
.side .command { display: flex; gap: 6px; margin: 4px 0 10px; }
.side .command code { flex: 1; min-width: 0; overflow: auto; white-space: nowrap; font: 12px/1.9 ui-monospace, monospace; background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 2px 8px; }
@container (max-width: 760px) {
  .scroll { padding: 14px 14px 24px; }
  .columns { grid-template-columns: minmax(0, 1fr); gap: 14px; }
  .filters > summary { display: list-item; cursor: pointer; font-weight: 600; padding: 8px 0; }
  .stage { flex-direction: column; overflow: auto; }
  .views { flex: none; height: 60cqi; min-height: 260px; }
  .views.pair { flex-direction: column; height: 120cqi; }
  .side { width: auto; border-left: 0; border-top: 1px solid var(--line); overflow: visible; flex: none; }
}
`;
