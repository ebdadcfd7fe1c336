// Settings as a short text for an address: "1." and base64url of deflated JSON with one-letter keys.
// The number is the version: a later viewer reads earlier texts, an earlier one says that it cannot.

import type { ViewSettings } from './view_settings.ts';

const kVersion = '1';
/** Longer than any address that survives being mailed, and a bound for what is unpacked. */
export const kMostShareCharacters = 8000;
const kMostUnpackedBytes = 1 << 20;

type Packed = Record<string, unknown>;

/** Six significant digits: less than a pixel of any image, at a third of the length. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}

function packed(settings: ViewSettings): Packed {
  const { entry, field, multiscale, system, position, view, channels, labels, smooth } = settings;
  return {
    e: entry,
    f: field,
    m: multiscale,
    s: system,
    p: position && Object.keys(position).length > 0 ? position : undefined,
    v: view && [short(view.center[0]), short(view.center[1]), short(view.worldPerPixel)],
    c: channels?.map(({ visible, color, window, opacity }) => [visible ? 1 : 0, color, short(window[0]), short(window[1]), short(opacity)]),
    l: labels?.map(({ visible, outline, opacity }) => [visible ? 1 : 0, outline ? 1 : 0, short(opacity)]),
    i: smooth === undefined ? undefined : Number(smooth),
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Rows of `width` numbers each; anything else is left out. */
function rows(value: unknown, width: number): number[][] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((row): row is number[] => Array.isArray(row) && row.length >= width && row.every(isNumber));
}

function unpacked(json: unknown): ViewSettings {
  const { e, f, m, s, p, v, c, l, i } = (json ?? {}) as Packed;
  const index = (value: unknown): number | undefined => (isNumber(value) && Number.isInteger(value) && value >= 0 ? value : undefined);
  const position = p && typeof p === 'object' ? Object.entries(p).filter((entry): entry is [string, number] => isNumber(entry[1])) : [];
  const view = rows([v], 3)?.[0];
  const settings = {
    entry: index(e),
    field: index(f),
    multiscale: index(m),
    system: index(s),
    position: position.length > 0 ? Object.fromEntries(position) : undefined,
    view: view && { center: [view[0], view[1]], worldPerPixel: view[2] },
    channels: rows(c, 5)?.map(([visible, color, low, high, opacity]) => ({ visible: visible === 1, color, window: [low, high], opacity })),
    labels: rows(l, 3)?.map(([visible, outline, opacity]) => ({ visible: visible === 1, outline: outline === 1, opacity })),
    smooth: isNumber(i) ? i === 1 : undefined,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as ViewSettings;
}

async function through(bytes: Uint8Array<ArrayBuffer>, transform: GenericTransformStream, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform as ReadableWritablePair<Uint8Array, Uint8Array>).getReader();
  const parts: BlobPart[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.length;
    if (total > most) {
      await reader.cancel();
      throw new Error(`expected at most ${most} bytes, received more`);
    }
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The text for `view=` in an address. */
export async function encodeSettings(settings: ViewSettings): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(packed(settings)));
  const bytes = await through(json, new CompressionStream('deflate-raw'), kMostUnpackedBytes);
  const base64 = btoa(String.fromCharCode(...bytes));
  return `${kVersion}.${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
}

/** The settings in a text made by encodeSettings(). Rejects with an Error fit to be shown. */
export async function decodeSettings(text: string): Promise<ViewSettings> {
  const [version, body = ''] = text.split('.', 2);
  if (version !== kVersion) {
    throw new Error(`Expected a view of version ${kVersion}, received ${JSON.stringify(text.slice(0, 12))}. The link was made by another version of the viewer, or was cut; the image is shown as it is.`);
  }
  if (text.length > kMostShareCharacters) {
    throw new Error(`Expected a view of at most ${kMostShareCharacters} characters, received ${text.length}. The image is shown as it is.`);
  }
  try {
    const binary = atob(body.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const json = await through(bytes, new DecompressionStream('deflate-raw'), kMostUnpackedBytes);
    return unpacked(JSON.parse(new TextDecoder().decode(json)));
  } catch {
    throw new Error(`Expected a whole view, received ${text.length} characters that cannot be read. The link was cut or changed on its way: copy it again. The image is shown as it is.`);
  }
}
