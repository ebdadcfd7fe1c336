// Pointer, wheel and keyboard on one canvas, as events for the core. Nothing is listened to outside
// the canvas, so the page around it keeps its own.

import type { RawViewer } from 'wasm:mifascope';

export interface InputOptions {
  /** Whether wheel and touch are the viewer's, or still the page's to scroll with. */
  readonly engaged: () => boolean;
  /** The core has something new to think about. */
  readonly changed: () => void;
}

/** One notch of a wheel that counts in lines or pages, in pixels. */
const kLinePixels = 33;
const kPagePixels = 400;

function wheelPixels(event: WheelEvent): number {
  return event.deltaMode === WheelEvent.DOM_DELTA_LINE
    ? kLinePixels
    : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
      ? kPagePixels
      : 1;
}

/** Returns the function that stops listening. */
export function listenToInput(canvas: HTMLCanvasElement, raw: RawViewer, options: InputOptions): () => void {
  const stop = new AbortController();
  const { signal } = stop;

  // Device pixels from the canvas's upper left corner, whatever CSS does to its size.
  const place = (event: MouseEvent): readonly [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * canvas.width) / Math.max(box.width, 1),
      ((event.clientY - box.top) * canvas.height) / Math.max(box.height, 1),
    ];
  };
  const isTouch = (event: PointerEvent): boolean => event.pointerType === 'touch';

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      // A finger's first move over an element that is not engaged scrolls the page: a tap engages it.
      if (!isTouch(event) || options.engaged()) canvas.focus({ preventScroll: true });
      // Not there for pointers that a test or an assistive tool makes up.
      if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
      raw._pointerDown(event.pointerId, ...place(event), event.button, isTouch(event));
      options.changed();
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      raw._pointerMoved(event.pointerId, ...place(event), isTouch(event));
      options.changed();
    },
    { signal },
  );
  const lifted = (event: PointerEvent): void => {
    raw._pointerUp(event.pointerId, Math.max(0, event.button), isTouch(event));
    options.changed();
  };
  canvas.addEventListener(
    'pointerup',
    (event) => {
      canvas.focus({ preventScroll: true });
      lifted(event);
    },
    { signal },
  );
  canvas.addEventListener('pointercancel', lifted, { signal });
  canvas.addEventListener(
    'pointerleave',
    () => {
      raw._pointerLeft();
      options.changed();
    },
    { signal },
  );
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!options.engaged() && !event.ctrlKey) return;
      event.preventDefault();
      const pixels = wheelPixels(event);
      raw._wheel(...place(event), event.deltaX * pixels, event.deltaY * pixels, event.ctrlKey);
      options.changed();
    },
    { signal, passive: false },
  );
  canvas.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (!raw._key(event.key)) return;
      event.preventDefault();
      options.changed();
    },
    { signal },
  );
  return () => stop.abort();
}
