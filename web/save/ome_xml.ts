// The OME-XML of a saved region: sizes, pixel sizes, channels. Schema 2016-06.

import type { Region } from '../region.ts';
import type { ChannelState } from '../state.ts';

const kNamespace = 'http://www.openmicroscopy.org/Schemas/OME/2016-06';
const kTypes: Readonly<Record<string, string>> = {
  bool: 'uint8', uint8: 'uint8', uint16: 'uint16', uint32: 'uint32', int8: 'int8', int16: 'int16', int32: 'int32',
  float16: 'float', float32: 'float', float64: 'double',
};
/** The schema's UnitsLength, of the symbols that the core gives. */
const kUnits = new Set(['Å', 'pm', 'nm', 'µm', 'mm', 'cm', 'm', 'km', 'in']);

/** What the samples of a stored type are called in OME-XML; null: it has no name for them. */
export function omeType(dtype: string): string | null {
  return kTypes[dtype] ?? null;
}

/** 0xRRGGBB as the schema's signed RGBA. */
function omeColor(color: string): string {
  return String((Number.parseInt(color.replace('#', ''), 16) << 8) | 0xff);
}

export interface SavedImage {
  readonly name: string;
  readonly sizes: { readonly x: number; readonly y: number; readonly z: number; readonly c: number; readonly t: number };
  readonly dtype: string;
  readonly pixelSize: Region['pixelSize'];
  readonly unit: string;
  readonly channels: readonly Pick<ChannelState, 'label' | 'color'>[];
  /** Where it comes from, a sentence. */
  readonly description: string;
}

/** Pages follow each other in the order XYZCT. */
export function omeXml({ name, sizes, dtype, pixelSize, unit, channels, description }: SavedImage): string {
  const document = new DOMParser().parseFromString(`<OME xmlns="${kNamespace}"/>`, 'application/xml');
  const add = (parent: Element, tag: string, attributes: Record<string, string | number>): Element => {
    const element = document.createElementNS(kNamespace, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    parent.append(element);
    return element;
  };
  const root = document.documentElement;
  root.setAttribute('Creator', 'Mifascope');
  const image = add(root, 'Image', { ID: 'Image:0', Name: name });
  add(image, 'Description', {}).textContent = description;
  const physical = Object.entries(pixelSize).flatMap(([axis, size]) => {
    const key = `PhysicalSize${axis.toUpperCase()}`;
    return size > 0 && kUnits.has(unit) ? [[key, size], [`${key}Unit`, unit]] : [];
  });
  const pixels = add(image, 'Pixels', {
    ID: 'Pixels:0', DimensionOrder: 'XYZCT', Type: omeType(dtype) ?? '', BigEndian: 'false',
    SizeX: sizes.x, SizeY: sizes.y, SizeZ: sizes.z, SizeC: sizes.c, SizeT: sizes.t,
    ...(Object.fromEntries(physical) as Record<string, string | number>),
  });
  channels.forEach(({ label, color }, index) => add(pixels, 'Channel', { ID: `Channel:0:${index}`, Name: label, SamplesPerPixel: 1, Color: omeColor(color) }));
  add(pixels, 'TiffData', { IFD: 0, PlaneCount: sizes.z * sizes.c * sizes.t });
  return `<?xml version="1.0" encoding="UTF-8"?>${new XMLSerializer().serializeToString(document)}`;
}
