// The annotations over an element's image. Their code is fetched once the image has had its first picture, which
// they must not delay.

import type { ElementAnnotations } from './annotations/element_annotations.ts';

export class LateAnnotations {
  readonly #make: () => Promise<ElementAnnotations>;
  #made: Promise<ElementAnnotations> | null = null;
  #hadPicture = false;
  readonly #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  /** `make` is called after the first picture, and again when it failed and they are asked for once more. */
  constructor(make: () => Promise<ElementAnnotations>) {
    this.#make = make;
  }

  get hadPicture(): boolean {
    return this.#hadPicture;
  }

  /** Whether somebody has asked for them. */
  get begun(): boolean {
    return this.#made !== null;
  }

  /** What lays them over the image. Rejects when the element is removed before. */
  get(): Promise<ElementAnnotations> {
    this.#made ??= this.#load();
    const loading = this.#made;
    loading.catch(() => {
      if (this.#made === loading) this.#made = null;
    });
    return loading;
  }

  /** Calls `act` with them if there are any. */
  with(act: (annotations: ElementAnnotations) => void): void {
    void this.#made?.then(act, () => undefined);
  }

  /** The image has its first picture. */
  pictured(): void {
    this.#hadPicture = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** The element was removed; it may come again. */
  end(): void {
    this.with((annotations) => annotations.end());
    this.#made = null;
    this.#hadPicture = false;
    for (const { reject } of this.#waiting.splice(0)) reject(removed());
  }

  async #load(): Promise<ElementAnnotations> {
    if (!this.#hadPicture) await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    return this.#make();
  }
}

export function removed(): DOMException {
  return new DOMException('The element was removed from its page', 'AbortError');
}
