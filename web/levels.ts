// The levels of the image that is shown, as the core cuts them (App::levels_json).

export interface LevelInfo {
  /** The core's number of its array. */
  readonly array: number;
  readonly path: string;
  /** As in Zarr v3: "uint16". */
  readonly dataType: string;
  /** Along the array's axes, as chunk, scale and translation are. */
  readonly shape: readonly number[];
  /** What is read and decoded at once. */
  readonly chunk: readonly number[];
  /** The axes in the order that decoded elements have, the last one fastest. */
  readonly order: readonly number[];
  /** World position of element i's centre along an axis: scale × i + translation. */
  readonly scale: readonly number[];
  readonly translation: readonly number[];
  /** The value of chunks that are not there, as exact text. */
  readonly fill: string;
}
