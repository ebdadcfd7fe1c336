// The look of the card, inside its shadow root. Its colours follow the page's names for them where it has any.

export const kCardStyle = `
:host {
  --ground: light-dark(#ffffff, #1c1d21);
  --raised: light-dark(#f4f5f7, #25262b);
  --text: light-dark(#1b1c20, #eeeef1);
  --quiet: light-dark(#565a64, #a9adb8);
  --line: light-dark(#d5d8df, #3b3d45);
  --edge: light-dark(#7b7f89, #7d808b);
  --accent: light-dark(#0b63c5, #6cb2ff);
  --good: light-dark(#1a7f37, #57c878);
  --warning: light-dark(#8a5a00, #ffc266);
  --error: light-dark(#b3261e, #ff9a92);
  display: block;
  container-type: inline-size;
  color: var(--text);
  font: 15px/1.5 system-ui, sans-serif;
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
article { background: var(--ground); overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.kicker { margin: 0; color: var(--quiet); font-size: 13px; }
.title { font-size: 21px; line-height: 1.25; letter-spacing: -0.01em; margin: 2px 0 8px; text-wrap: balance; }
h2, h3, h4, h5, h6 { line-height: 1.3; }
section > :is(h2, h3, h4):first-child { font-size: 17px; margin: 26px 0 6px; }
section.set > :first-child { font-size: 15px; margin: 0 0 6px; }
section > :is(h3, h4, h5) { font-size: 15px; margin: 14px 0 6px; }
p { margin: 0 0 8px; }
ul, ol { margin: 0; padding: 0; list-style: none; }
small { font-size: 13px; }
.quiet { color: var(--quiet); }
.block { display: block; }
.none { color: var(--quiet); font-style: italic; }
.problem { color: var(--error); }
.people { display: flex; flex-wrap: wrap; gap: 2px 16px; }
header .people small { display: none; }
header .people small.origin { display: inline; }
.orcid { font-size: 11px; font-weight: 600; text-decoration: none; border: 1px solid currentColor; border-radius: 3px; padding: 0 4px; vertical-align: 1px; }
.orcid:hover { text-decoration: underline; }
.description { margin: 14px 0; white-space: pre-line; }
.more { display: none; }
.standing { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; margin: 14px 0; }
.standing > p { margin: 10px 0 0; font-size: 13px; }
.completeness { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 10px 18px; }
.completeness li { display: grid; grid-template-columns: 1fr auto; column-gap: 8px; }
.module { font-weight: 600; }
.percent { font-variant-numeric: tabular-nums; }
.bar { grid-column: 1 / -1; height: 7px; border-radius: 4px; overflow: hidden; background: var(--line); margin: 2px 0 3px; print-color-adjust: exact; }
.bar > div { height: 100%; background: var(--warning); border-radius: 4px; }
.complete .bar > div { background: var(--good); }
.completeness small { grid-column: 1 / -1; color: var(--quiet); font-size: 12px; }
.badge { display: block; }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: 150px minmax(0, 1fr); gap: 0 16px; padding: 7px 0; border-top: 1px solid var(--line); }
dt { color: var(--quiet); }
dd { margin: 0; }
dd p { margin: 4px 0 0; }
dd > div > p:first-child { margin-top: 0; }
dd > .people { flex-direction: column; gap: 2px; }
.missing strong { font-weight: 600; color: var(--warning); }
dd strong, p strong { font-weight: 600; }
.missing dd, p.missing { color: var(--quiet); }
.chips, .terms { display: flex; flex-wrap: wrap; gap: 5px; }
.chips > li, .terms > li { border: 1px solid var(--line); border-radius: 12px; padding: 0 10px; font-size: 13px; background: var(--raised); }
.terms { margin-top: 6px; }
.terms .yes { border-color: var(--good); }
.terms .yes span { color: var(--good); }
.terms .no { border-color: var(--error); }
.terms .no span { color: var(--error); }
.terms .duty { border-color: var(--warning); }
.terms .duty span { color: var(--warning); }
.set { border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px 6px; margin: 10px 0; }
.versions > li + li { margin-top: 8px; }
.origin { display: block; color: var(--quiet); font: 12px/1.4 ui-monospace, monospace; }
.tag { font-size: 11px; border: 1px solid var(--warning); color: var(--warning); border-radius: 3px; padding: 0 4px; margin-left: 6px; }
details > summary { cursor: pointer; }
.lacks { margin: 18px 0; border-top: 1px solid var(--line); padding-top: 10px; }
.lacks > summary { font-weight: 600; }
.lacks ul { margin-top: 6px; }
.lacks li { padding: 3px 0; }
.badge-code { margin-top: 10px; font-size: 13px; }
.badge-code > summary { display: flex; flex-wrap: wrap; align-items: center; gap: 10px; list-style: none; width: fit-content; }
.badge-code > summary::-webkit-details-marker { display: none; }
.badge-code > summary > span { color: var(--accent); text-decoration: underline; }
.badge-code > p { margin: 8px 0; }
.snippet { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 6px 0; }
.snippet textarea { flex: 1 1 100%; font: 12px ui-monospace, monospace; color: inherit; background: var(--ground); border: 1px solid var(--edge); border-radius: 5px; padding: 5px 7px; resize: vertical; }
button { font: inherit; font-size: 13px; color: inherit; background: var(--raised); border: 1px solid var(--edge); border-radius: 6px; padding: 3px 10px; cursor: pointer; }
button[aria-pressed="true"] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
footer { display: grid; gap: 10px; justify-items: start; margin-top: 14px; }
.exports { width: 100%; }
.exports .choices, .saves { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.exports ul:not(.saves) { list-style: disc; padding-left: 20px; }
@container (max-width: 620px) {
  article { font-size: 14px; }
  .description.folded { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; overflow: hidden; margin-bottom: 6px; }
  .more { display: inline-block; margin-bottom: 12px; }
  .completeness { grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); }
  dl > div { grid-template-columns: minmax(0, 1fr); }
  dt { font-size: 13px; }
  .title { font-size: 19px; }
}
@media print {
  .description.folded { display: block; overflow: visible; }
  button, .badge-code > summary > span, .exports { display: none; }
  .set, .standing, dl > div { break-inside: avoid; }
  .set, .more { display: none; }
.standing { background: none; }
}
`;
