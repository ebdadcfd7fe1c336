// Pointer and keys over annotations: hover outlines, a click selects, Escape deselects, A shows and hides,
// N and Shift+N step through the objects.

import type { Viewer } from '../viewer.ts';
import type { PickedObject } from './handle.ts';

export interface PickTarget {
  readonly layers: readonly unknown[];
  readonly selection: PickedObject | null;
  pick(x: number, y: number): Promise<PickedObject | null>;
  select(picked: PickedObject | null): void;
  hover(picked: PickedObject | null): void;
  step(by: 1 | -1): Promise<void>;
  toggle(): void;
}

/** A press that moves further than this is a drag, in CSS pixels. */
const kClickPixels = 4;

interface Press {
  readonly x: number;
  readonly y: number;
  readonly button: number;
  /** What lies there, asked for at once: it is known when the button is let go. Null: not to be relied on. */
  picked: Promise<PickedObject | null> | null;
}

/** Returns the function that stops listening. */
export function listenForPicks(viewer: Viewer, target: PickTarget): () => void {
  const { canvas } = viewer.graphics;
  const stop = new AbortController();
  const { signal } = stop;
  // Before the viewer's own listeners, which may want the same keys.
  const early = { signal, capture: true };
  let pressed: Press | null = null;
  let dragging = false;
  let wanted: PointerEvent | null = null;
  let asking = false;

  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / Math.max(box.width, 1),
      ((event.clientY - box.top) * canvas.height) / Math.max(box.height, 1),
    ];
  };
  const pickAt = async (event: PointerEvent): Promise<PickedObject | null> => {
    const [x, y] = place(event);
    if (viewer.call((raw) => raw._covered(x, y))) return null;
    // A worker that ended has nothing to pick.
    return target.pick(x, y).catch(() => null);
  };
  const show = (picked: PickedObject | null): void => {
    canvas.style.cursor = picked ? 'pointer' : '';
    target.hover(picked);
  };

  // One question at a time, and then only about where the pointer is by now.
  const follow = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    while (wanted && !signal.aborted) {
      const event = wanted;
      wanted = null;
      const picked = await pickAt(event);
      if (!dragging && !signal.aborted) show(picked);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    asking = false;
  };

  canvas.addEventListener('pointerdown', (event) => {
    const picked = event.button === 0 && target.layers.length > 0 ? pickAt(event) : null;
    pressed = { x: event.clientX, y: event.clientY, button: event.button, picked };
  }, early);
  // The view may have changed under the button that is held.
  const distrust = (): void => {
    if (pressed) pressed.picked = null;
  };
  canvas.addEventListener('wheel', distrust, { ...early, passive: true });
  canvas.addEventListener('pointermove', (event) => {
    if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > kClickPixels) dragging = true;
    if (dragging || target.layers.length === 0 || event.pointerType === 'touch') return;
    wanted = event;
    void follow();
  }, early);
  canvas.addEventListener('pointerup', (event) => {
    const click = pressed?.button === 0 && !dragging;
    const picked = pressed?.picked;
    pressed = null;
    dragging = false;
    if (!click || target.layers.length === 0) return;
    const [x, y] = place(event);
    if (viewer.call((raw) => raw._covered(x, y))) return;
    void (picked ?? pickAt(event)).then((found) => {
      // What was removed meanwhile is not there to be selected.
      if (!signal.aborted) target.select(found && target.layers.includes(found.layer) ? found : null);
    });
  }, early);
  const left = (): void => {
    pressed = null;
    dragging = false;
    wanted = null;
    show(null);
  };
  canvas.addEventListener('pointercancel', left, early);
  canvas.addEventListener('pointerleave', left, early);
  canvas.addEventListener('keydown', (event) => {
    distrust();
    if (event.ctrlKey || event.metaKey || event.altKey || target.layers.length === 0) return;
    if (event.key === 'Escape' && target.selection) target.select(null);
    else if (event.key.toLowerCase() === 'n') void target.step(event.shiftKey ? -1 : 1).catch(() => undefined);
    else if (event.key.toLowerCase() === 'a') target.toggle();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, early);
  return () => stop.abort();
}
