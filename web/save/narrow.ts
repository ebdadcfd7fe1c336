// 64-bit integers in 32 bits. OME-XML's PixelType (schema 2016-06) has no name for 64-bit integers, so pixels of
// such an image are saved as 32-bit ones where all their values fit.

export type WideType = 'int64' | 'uint64';
type WideArray = BigInt64Array<ArrayBufferLike> | BigUint64Array<ArrayBufferLike>;

export function isWide(dtype: string): dtype is WideType {
  return dtype === 'int64' || dtype === 'uint64';
}

/** Low and high words, in turn: browsers run on little-endian machines only. */
function wordsOf({ buffer, byteOffset, length }: WideArray): Int32Array {
  return new Int32Array(buffer, byteOffset, 2 * length);
}

/** Looks through values, and knows in the end which type holds all of them. */
export class WideRange {
  readonly #dtype: WideType;
  #negative = false;
  /** Beyond int32's largest. */
  #large = false;
  #outside: bigint | null = null;

  constructor(dtype: WideType) {
    this.#dtype = dtype;
  }

  take(values: WideArray): void {
    const words = wordsOf(values);
    for (let i = 0; i < words.length; i += 2) {
      const low = words[i] as number;
      const high = words[i + 1] as number;
      if (high === 0) this.#large ||= low < 0;
      else if (high === -1 && low < 0 && this.#dtype === 'int64') this.#negative = true;
      else this.#outside ??= values[i / 2] ?? null;
    }
  }

  /** null: neither does. */
  get type(): 'int32' | 'uint32' | null {
    if (this.#outside !== null || (this.#negative && this.#large)) return null;
    return this.#dtype === 'int64' && !this.#large ? 'int32' : 'uint32';
  }

  /** Why there is no type: what was received. */
  get reason(): string {
    return this.#outside === null ? 'negative values and values over 2147483647' : `the value ${this.#outside}`;
  }
}

/** The low words: the same bits as int32 and as uint32, whichever holds the values. */
export function narrowed(values: WideArray): Int32Array<ArrayBuffer> {
  const words = wordsOf(values);
  return new Int32Array(values.length).map((_, i) => words[2 * i] as number);
}
