// Views as texts of share links.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSettings, encodeSettings, kMostShareCharacters } from '../../web/share.ts';
import type { ViewSettings } from '../../web/view_settings.ts';

const settings: ViewSettings = {
  entry: 3,
  field: 1,
  multiscale: 0,
  system: 2,
  position: { z: 12, t: 0 },
  view: { center: [1234.5, -0.25], worldPerPixel: 0.125 },
  channels: Array.from({ length: 4 }, (_, index) => ({ visible: index % 2 === 0, color: 0x00ff7f + index, window: [index, 65535], opacity: 0.5 }) as const),
  labels: [{ visible: true, outline: false, opacity: 0.5 }],
  smooth: true,
};

test('what is set comes back', async () => {
  assert.deepEqual(await decodeSettings(await encodeSettings(settings)), settings);
  assert.deepEqual(await decodeSettings(await encodeSettings({})), {});
});

test('a link stays short: four channels, a mask and a place in 200 characters', async () => {
  const text = await encodeSettings(settings);
  assert.match(text, /^1\.[\w-]+$/);
  assert.ok(text.length <= 200, `${text.length} characters`);
});

test('a cut link, one of another version and an endless one each say what they are', async () => {
  const text = await encodeSettings(settings);
  await assert.rejects(decodeSettings(text.slice(0, -9)), { message: /The link was cut or changed on its way: copy it again/ });
  await assert.rejects(decodeSettings('1.%%%'), { message: /cannot be read/ });
  await assert.rejects(decodeSettings(`2${text.slice(1)}`), { message: /Expected a view of version 1, received "2\./ });
  await assert.rejects(decodeSettings(`1.${'A'.repeat(kMostShareCharacters)}`), { message: /at most 8000 characters, received 8002/ });
});

test('a bomb is not unpacked, and what is no setting is left out', async () => {
  const pack = async (value: unknown): Promise<string> => {
    const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    return `1.${Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')}`;
  };
  const bomb = await pack('x'.repeat(4_000_000));
  assert.ok(bomb.length < kMostShareCharacters);
  await assert.rejects(decodeSettings(bomb), { message: /cannot be read/ });
  assert.deepEqual(await decodeSettings(await pack({ e: 'one', f: -1, p: { z: 'deep', t: 4 }, v: [1, 2], c: [[1, 2], 'x', [1, 255, 0, 9, 1]], l: 7, i: null })), {
    position: { t: 4 },
    channels: [{ visible: true, color: 255, window: [0, 9], opacity: 1 }],
  });
  assert.deepEqual(await decodeSettings(await pack(null)), {});
});
