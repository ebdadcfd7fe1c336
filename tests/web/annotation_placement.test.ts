// Where layers lie on an image, as arithmetic.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LayerSpace } from '../../web/annotations/layer.ts';
import { applied, boxAround, composed, imageContext, inverted, kIdentity, metresIn, placeLayer, scaleOf } from '../../web/annotations/placement.ts';
import type { ImageState } from '../../web/state.ts';

const image: ImageState = {
  names: ['Embryo', ''], width: 200, height: 100, depth: 10, frames: 5,
  pixelWidth: 0.5, pixelHeight: 0.25, sliceDistance: 2, unit: 'micrometer', start: [0, 0, 0],
};
const space: LayerSpace = { unit: 'pixel', unitName: '', corner: true, affine: kIdentity, depthIsPhysical: false };

function placed(changes: Partial<LayerSpace>, on: Partial<ImageState> = {}, bounds: [number, number, number, number] | null = null) {
  return placeLayer({ ...space, ...changes }, kIdentity, { ...image, ...on }, bounds);
}
const near = (received: readonly number[], expected: readonly number[]): void => {
  assert.ok(received.every((value, i) => Math.abs(value - (expected[i] ?? NaN)) < 1e-9), `expected ${expected}, received ${received}`);
};

describe('maps', () => {
  test('composed and inverted', () => {
    const turn = [0, -2, 5, 2, 0, 7] as const;
    near(applied(composed([1, 0, 10, 0, 1, 0], turn), 1, 2), [1 * 0 - 4 + 5 + 10, 2 + 7]);
    near(applied(composed(inverted(turn) ?? kIdentity, turn), 3, 4), [3, 4]);
    assert.equal(scaleOf(turn), 2);
    near(boxAround(turn, [0, 0, 1, 2]), [1, 7, 5, 9]);
    assert.equal(inverted([1, 2, 0, 2, 4, 0]), null);
  });
});

describe('spaces', () => {
  test('pixels from corners and from centres', () => {
    near(applied(placed({}).toPixels, 3, 4), [3, 4]);
    near(applied(placed({ corner: false }).toPixels, 3, 4), [3.5, 4.5]);
  });

  test('shares of the image', () => near(applied(placed({ unit: 'normalized' }).toPixels, 0.5, 0.25), [100, 25]));

  test('lengths, in the image\'s unit or another', () => {
    near(applied(placed({ unit: 'physical', unitName: 'micrometer' }).toPixels, 10, 10), [20, 40]);
    near(applied(placed({ unit: 'physical', unitName: 'µm', corner: false }).toPixels, 10, 10), [20.5, 40.5]);
    near(applied(placed({ unit: 'physical', unitName: 'nm' }).toPixels, 10_000, 10_000), [20, 40]);
    near(applied(placed({ unit: 'physical', unitName: 'millimetres' }).toPixels, 0.01, 0.01), [20, 40]);
    assert.equal(placed({ unit: 'physical', unitName: 'micron' }).note, '');
  });

  test('an image that begins elsewhere', () => {
    const start = [100, 50, 0] as const;
    near(applied(placed({ unit: 'physical', unitName: 'µm', corner: false }, { start }, [100, 50, 120, 60]).toPixels, 100, 50), [0.5, 0.5]);
    // Coordinates that only fit without it.
    const plain = placed({ unit: 'physical', unitName: 'µm', corner: false }, { start }, [0, 0, 20, 10]);
    near(applied(plain.toPixels, 10, 5), [20.5, 20.5]);
    assert.match(plain.note, /translation is left out/);
  });

  test('what is not known is said', () => {
    const sizeless = placed({ unit: 'physical', unitName: 'µm' }, { pixelWidth: 0, pixelHeight: 0 });
    near(applied(sizeless.toPixels, 10, 5), [10, 5]);
    assert.match(sizeless.note, /^The image does not say how large its pixels are: a pixel is taken as 1 µm\.$/);
    assert.match(placed({ unit: 'physical', unitName: 'parsec' }).note, /^Coordinates in "parsec" over an image in "micrometer": they are taken for the same\.$/);
  });

  test('the file\'s map comes first, a person\'s last', () => {
    const { toPixels } = placeLayer({ ...space, corner: false, affine: [2, 0, 1, 0, 2, 1] }, [1, 0, 10, 0, 1, 20], image, null);
    near(applied(toPixels, 1, 1), [13.5, 23.5]);
  });

  test('depth in slices and in lengths', () => {
    const { sliceScale, sliceOffset } = placed({});
    near([sliceScale, sliceOffset], [1, 0]);
    const deep = placed({ unit: 'physical', unitName: 'nm', depthIsPhysical: true }, { start: [0, 0, 3] });
    near([deep.sliceScale, deep.sliceOffset], [2000, 3000]);
  });

  test('units', () => {
    assert.equal(metresIn('um'), 1e-6);
    assert.equal(metresIn('Microns'), 1e-6);
    assert.equal(metresIn('pixel'), null);
  });
});

test('the image\'s names, as files may call it', () => {
  const { names } = imageContext({ ...image, names: ['Embryo', '0'] }, 'https://server/data/My%20cells.ome.zarr?token=1');
  assert.deepEqual(names, ['Embryo', '0', 'My cells.ome.zarr', 'My cells', 'data', 'server']);
});
