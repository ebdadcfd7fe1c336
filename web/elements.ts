// Decoded chunks as typed arrays: single values as exact text, samples as doubles, and the views that
// WebGL takes.

import type { Plane } from './wasm/commands.ts';

export type Elements =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** The elements of a decoded chunk. float16 comes as its bits in a Uint16Array. */
export function elementsOf(buffer: ArrayBuffer, dataType: string): Elements {
  switch (dataType) {
    case 'int8':
      return new Int8Array(buffer);
    case 'uint16':
    case 'float16':
      return new Uint16Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}

/** IEEE 754 binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

function numberAt(elements: Elements, index: number, dataType: string): number {
  const value = Number(elements[index] ?? 0);
  return dataType === 'float16' ? halfToNumber(value) : value;
}

/** One element as text: integers exact to 64 bits, floats with the digits their type has. */
export function valueText(elements: Elements, index: number, dataType: string): string {
  const value = elements[index];
  if (value === undefined) return '';
  if (typeof value === 'bigint') return value.toString();
  if (!dataType.startsWith('float')) return String(value);
  const number = numberAt(elements, index, dataType);
  if (!Number.isFinite(number)) return String(number);
  const digits = dataType === 'float64' ? 12 : dataType === 'float32' ? 7 : 4;
  return String(Number(number.toPrecision(digits)));
}

/** At most about `most` elements of a plane, evenly spread over rows and columns. */
export function samplesOf(elements: Elements, plane: Plane, most: number, dataType: string): Float64Array {
  const step = Math.max(1, Math.ceil(Math.sqrt((plane.width * plane.height) / most)));
  const across = Math.ceil(plane.width / step);
  const samples = new Float64Array(across * Math.ceil(plane.height / step));
  let next = 0;
  for (let row = 0; row < plane.height; row += step) {
    const start = plane.offset + row * plane.rowLength;
    for (let column = 0; column < plane.width; column += step) {
      samples[next++] = numberAt(elements, start + column, dataType);
    }
  }
  return samples;
}
