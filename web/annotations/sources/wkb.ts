// GeoParquet 1.1's native encodings (GeoArrow) as WKB, which the worker reads: coordinates are
// structures {x, y, z?}, geometries lists of them.

interface Coordinate {
  readonly x: number;
  readonly y: number;
  readonly z?: number | null;
}

const kTypes: Readonly<Record<string, number>> = { point: 1, linestring: 2, polygon: 3, multipoint: 4, multilinestring: 5, multipolygon: 6 };
/** Of what a collection of this type consists. */
const kItems: Readonly<Record<number, number>> = { 4: 1, 5: 2, 6: 3 };

/** Null for no geometry, and for one that is not of its encoding. */
export function nativeGeometry(encoding: string, value: unknown): Uint8Array | null {
  const type = kTypes[encoding.toLowerCase()];
  if (type === undefined || value === null || value === undefined) return null;
  const bytes: number[] = [];
  const view = new DataView(new ArrayBuffer(8));
  const put = (write: (view: DataView) => void, size: number): void => {
    write(view);
    for (let i = 0; i < size; ++i) bytes.push(view.getUint8(i));
  };
  const count = (number: number): void => put((v) => v.setUint32(0, number, true), 4);
  const vertex = ({ x, y }: Coordinate): void => {
    put((v) => v.setFloat64(0, x, true), 8);
    put((v) => v.setFloat64(0, y, true), 8);
  };
  const geometry = (kind: number, one: unknown): void => {
    bytes.push(1);
    count(kind);
    if (kind === 1) return vertex(one as Coordinate);
    const items = one as readonly unknown[];
    count(items.length);
    for (const item of items) {
      if (kind === 2) vertex(item as Coordinate);
      else if (kind === 3) {
        count((item as readonly Coordinate[]).length);
        (item as readonly Coordinate[]).forEach(vertex);
      } else geometry(kItems[kind] ?? 1, item);
    }
  };
  try {
    geometry(type, value);
  } catch {
    return null;
  }
  return Uint8Array.from(bytes);
}
