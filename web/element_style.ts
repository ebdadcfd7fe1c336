// The look of <mifa-scope>, inside its shadow root.

export const kElementStyle = `
:host {
  display: block;
  position: relative;
  min-width: 160px;
  min-height: 120px;
  height: 480px;
  background: #18191c;
  color: #f0f0f2;
  font: 14px/1.45 system-ui, sans-serif;
  overflow: hidden;
  contain: content;
}
:host([hidden]) { display: none; }
.view, .still, .poster {
  position: absolute;
  inset: 0;
  width: 100%;
  height: 100%;
  display: block;
}
.still, .poster { pointer-events: none; }
.poster { object-fit: contain; background: #18191c; }
.poster[hidden] { display: none; }
.view {
  outline: none;
  cursor: crosshair;
  touch-action: none;
}
:host([wheel="page"]) .view:not(:focus) { touch-action: pan-x pan-y; }
.view:focus-visible { box-shadow: inset 0 0 0 2px #6cb2ff; }
.progress {
  position: absolute;
  inset: 0 0 auto 0;
  height: 3px;
  overflow: hidden;
  opacity: 0;
  transition: opacity 200ms 150ms;
  pointer-events: none;
}
.progress.on { opacity: 1; transition-delay: 80ms; }
.progress > div {
  height: 100%;
  width: 100%;
  background: #4d9ef2;
  transform-origin: 0 0;
  transform: scaleX(var(--done, 0.05));
  transition: transform 150ms;
}
.top {
  position: absolute;
  top: 12px;
  left: 12px;
  display: flex;
  flex-direction: column;
  align-items: flex-start;
  gap: 8px;
  max-width: min(420px, calc(100% - 24px));
  pointer-events: none;
}
.top > * { pointer-events: auto; position: relative; }
.note, .cut, .choice {
  background: rgb(23 23 26 / 0.92);
  border: 1px solid rgb(255 255 255 / 0.14);
  border-radius: 8px;
}
.note { padding: 10px 12px; overflow-wrap: anywhere; }
.note[hidden], .cut[hidden], .choice[hidden], .choice [hidden], .failure[hidden] { display: none; }
.cut { margin: 0; padding: 10px 12px; }
.note h2, .failure h2 { font-size: 14px; margin: 0 0 4px; }
.note p, .failure p { margin: 0 0 8px; }
.note ul { margin: 0 0 8px; padding: 0 0 0 18px; max-height: 9em; overflow: auto; }
.choice { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; padding: 5px 10px; z-index: 1; }
.choice label { display: flex; align-items: center; gap: 8px; }
.choice select { max-width: 15em; }
.summary { color: #b9bcc6; }
select, button {
  font: inherit;
  color: inherit;
  background: #2c2d32;
  border: 1px solid #6a6c75;
  border-radius: 5px;
  padding: 3px 9px;
  max-width: 100%;
}
button { cursor: pointer; }
button:hover { background: #3a3b42; }
button:focus-visible, select:focus-visible { outline: 2px solid #6cb2ff; outline-offset: 1px; }
.failure {
  position: absolute;
  inset: 0;
  display: grid;
  place-items: center;
  padding: 56px 16px 16px;
  overflow: auto;
  background: #18191c;
}
.failure > div {
  max-width: 560px;
  border-left: 4px solid #ffb454;
  padding: 4px 0 4px 18px;
  overflow-wrap: anywhere;
}
.failure h2 { font-size: 18px; margin-bottom: 8px; }
.hidden-text {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
@media (prefers-reduced-motion: reduce) {
  .progress, .progress > div { transition: none; }
}
`;
