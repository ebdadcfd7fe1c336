// The look of <mifa-scope> before anything is shown, inside its shadow root.

const kLight = `--ground: #ecedf0; --text: #1b1c20; --quiet: #53565f; --glass: rgb(252 252 253 / 0.94); --field: #e3e5ea; --over: #d5d8df; --edge: #7b7f89; --line: rgb(0 0 0 / 0.2); --accent: #0b63c5; --warn: #8a4f00; color-scheme: light;`;

export const kElementStyle = `
:host {
  --ground: #18191c; --text: #f0f0f2; --quiet: #b9bcc6; --glass: rgb(23 23 26 / 0.92); --field: #2c2d32; --over: #3a3b42; --edge: #6a6c75; --line: rgb(255 255 255 / 0.14); --accent: #6cb2ff; --warn: #ffb454;
  color-scheme: dark;
  display: block;
  position: relative;
  min-width: 160px;
  min-height: 120px;
  height: 480px;
  background: var(--ground);
  color: var(--text);
  font: 14px/1.45 system-ui, sans-serif;
  overflow: hidden;
  contain: content;
  container-type: size;
}
:host([theme="light"]) { ${kLight} }
@media (prefers-color-scheme: light) { :host([theme="auto"]) { ${kLight} } }
:host([hidden]) { display: none; }
:host(:fullscreen) { width: 100%; height: 100%; }
.view, .still, .poster {
  position: absolute;
  inset: 0;
  width: 100%;
  height: 100%;
  display: block;
}
.still, .poster { pointer-events: none; }
.poster { object-fit: contain; background: var(--ground); }
.poster[hidden], .failure[hidden] { display: none; }
.view {
  outline: none;
  cursor: crosshair;
  touch-action: none;
}
:host([wheel="page"]) .view:not(:focus) { touch-action: pan-x pan-y; }
.view:focus-visible { box-shadow: inset 0 0 0 2px var(--accent); }
select, button {
  font: inherit;
  color: inherit;
  background: var(--field);
  border: 1px solid var(--edge);
  border-radius: 5px;
  padding: 3px 9px;
  max-width: 100%;
}
button { cursor: pointer; }
button:hover { background: var(--over); }
button:focus-visible, select:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.failure {
  position: absolute;
  inset: 0;
  display: grid;
  place-items: center;
  padding: 56px 16px 16px;
  overflow: auto;
  background: var(--ground);
}
.failure > div {
  max-width: 560px;
  border-left: 4px solid var(--warn);
  padding: 4px 0 4px 18px;
  overflow-wrap: anywhere;
}
.failure.over { place-items: end start; padding: 16px; background: none; }
.failure.over > div { background: var(--glass); padding: 10px 14px; max-height: 60cqh; overflow: auto; }
.failure h2 { font-size: 18px; margin: 0 0 8px; }
.failure p { margin: 0 0 8px; }
.hidden-text {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
`;
