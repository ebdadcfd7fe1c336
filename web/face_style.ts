// The look of what is around the picture: face.ts.

export const kFaceStyle = `
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
.tools { display: flex; gap: 6px; }
.tool { display: grid; place-items: center; min-width: 28px; height: 28px; padding: 0 8px; background: var(--glass); border-color: var(--line); font-size: 13px; }
.tool.full { padding: 0 5px; }
.tool[hidden] { display: none; }
.tool svg { width: 16px; height: 16px; fill: none; stroke: currentcolor; stroke-width: 1.6; }
.tool.on { background: var(--field); }
:host([controls="none"]) :is(.tools, .choice), :host([controls="minimal"]) .save { display: none; }
.note, .cut, .remark, .choice, .menu {
  background: var(--glass);
  border: 1px solid var(--line);
  border-radius: 8px;
}
.note { padding: 10px 12px; overflow-wrap: anywhere; }
.note[hidden], .cut[hidden], .remark[hidden], .choice[hidden], .choice [hidden] { display: none; }
.cut, .remark { margin: 0; padding: 10px 12px; }
.note h2 { font-size: 14px; margin: 0 0 4px; }
.note p { margin: 0 0 8px; }
.note ul { margin: 0 0 8px; padding: 0 0 0 18px; max-height: 9em; overflow: auto; }
.choice { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; padding: 5px 10px; z-index: 1; }
.choice label { display: flex; align-items: center; gap: 8px; }
.choice select { max-width: 15em; }
.summary { color: var(--quiet); }
.menu { position: absolute; top: 34px; left: 0; z-index: 3; display: grid; gap: 2px; padding: 5px; min-width: 210px; max-width: 300px; max-height: calc(100cqh - 60px); overflow: auto; box-shadow: 0 6px 20px rgb(0 0 0 / 0.35); }
.menu button { text-align: left; border-color: transparent; background: transparent; padding: 6px 9px; }
.menu button:hover, .menu button:focus-visible { background: var(--field); }
.menu small { display: block; color: var(--quiet); }
.menu p { margin: 4px 9px; overflow-wrap: anywhere; }
.menu progress { margin: 4px 9px; width: calc(100% - 18px); }
@container (max-width: 559px) {
  /* The panel's own buttons need the upper edge: ours go below, beside the scale bar. */
  .tools { position: fixed; bottom: 8px; left: 10px; }
  .menu { top: auto; bottom: 34px; max-height: calc(100cqh - 50px); }
}
@media (prefers-reduced-motion: reduce) {
  .progress, .progress > div { transition: none; }
}
`;
