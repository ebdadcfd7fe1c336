// Two viewers that move together: what is in the middle of one is in the middle of the other, as large and
// on the same slice and frame, also where their images have other pixel sizes.

import type { MifaScopeElement } from '../element.ts';
import type { ViewerState } from '../state.ts';

/** A view in shares of the image: of its width and height. */
export interface SharedView {
  readonly center: readonly [number, number];
  /** Widths of the image a pixel of the screen. */
  readonly scale: number;
  /** By axis. */
  readonly position: Readonly<Record<string, number>>;
}

interface Extent {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function extentOf({ image }: ViewerState): Extent | null {
  if (!image || image.width <= 0 || image.height <= 0) return null;
  const across = image.pixelWidth || 1;
  const down = image.pixelHeight || 1;
  return {
    left: image.start[0] - across / 2,
    top: image.start[1] - down / 2,
    width: image.width * across,
    height: image.height * down,
  };
}

/** What a viewer shows; null while it shows nothing, or several images side by side. */
export function sharedView(state: ViewerState): SharedView | null {
  const extent = extentOf(state);
  if (state.stage !== 'showing' || !state.view || !extent) return null;
  const [u, v] = state.view.center;
  return {
    center: [(u - extent.left) / extent.width, (v - extent.top) / extent.height],
    scale: state.view.worldPerPixel / extent.width,
    position: Object.fromEntries((state.axes ?? []).filter(({ slider }) => slider).map(({ name, position }) => [name, position])),
  };
}

function near(a: SharedView, b: SharedView): boolean {
  const close = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x), Math.abs(y));
  return (
    close(a.center[0], b.center[0]) &&
    close(a.center[1], b.center[1]) &&
    Math.abs(a.scale - b.scale) <= 1e-6 * Math.abs(a.scale) &&
    Object.entries(a.position).every(([axis, value]) => b.position[axis] === undefined || b.position[axis] === value)
  );
}

/** Brings a viewer to a view, as far as its image has the axes. */
function apply({ viewer }: MifaScopeElement, view: SharedView): void {
  if (!viewer) return;
  const { state } = viewer;
  const extent = extentOf(state);
  if (!extent) return;
  viewer.update((raw) => {
    state.axes?.forEach(({ name, slider, size }, axis) => {
      const wanted = view.position[name];
      if (slider && wanted !== undefined && wanted < size) raw._setPosition(axis, wanted);
    });
    raw._lookAt(extent.left + view.center[0] * extent.width, extent.top + view.center[1] * extent.height, view.scale * extent.width);
  });
}

/** Links two viewers until the function that is returned is called. */
export function linkViews(first: MifaScopeElement, second: MifaScopeElement): () => void {
  let last: SharedView | null = null;
  const follow = (from: MifaScopeElement, to: MifaScopeElement) => (event: Event): void => {
    const view = sharedView((event as CustomEvent<ViewerState>).detail);
    const there = to.viewer && sharedView(to.viewer.state);
    if (!view || !there) return;
    if (!last) {
      // The second one has just come, and takes what the first shows.
      last = from === first ? view : there;
      apply(second, last);
      return;
    }
    // An echo, or news of something else: while the other is being moved, it must not be brought back.
    if (near(view, last)) return;
    last = view;
    apply(to, last);
  };
  const [ahead, back] = [follow(first, second), follow(second, first)];
  first.addEventListener('statechange', ahead);
  second.addEventListener('statechange', back);
  return () => {
    first.removeEventListener('statechange', ahead);
    second.removeEventListener('statechange', back);
  };
}
