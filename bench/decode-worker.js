// The worker of bench/decode.mjs: decodes each buffer with every program in turn and
// posts the median time of each.

import { Blosc, GZip, LZ4, Zstd } from 'numcodecs';
import * as zarr from 'zarrita';

const TURNS = 15;
const WARM_UP_TURNS = 6; // V8 compiles hot WebAssembly again after some hundred calls
const CHUNKS_A_TURN = 8;

const codecClasses = { blosc: Blosc, gzip: GZip, lz4: LZ4, zstd: Zstd };

function metadata(compressor, side) {
  return {
    zarr_format: 2,
    shape: [side, side],
    chunks: [side, side],
    dtype: '<u2',
    compressor,
    filters: null,
    order: 'C',
    fill_value: 0,
  };
}

// Bytes into the heap, decode, elements out of it: into a new buffer, or into one that came back from
// an evicted chunk. A new buffer of 2 MiB costs Chromium 1 ms of page faults, more than the rest of
// decoding blosc-lz4.
function ours(loader, array, { statistics = false, recycled } = {}) {
  const text = new TextEncoder().encode(JSON.stringify(array));
  loader.HEAPU8.set(text, loader._reserve(text.length));
  const id = loader._prepare(0, text.length, 0);
  if (id === 0) throw new Error(loader._errorJson());
  const rank = statistics ? 2 : 0;
  return (stored) => {
    const pointer = loader._reserve(stored.length + 4 * rank);
    loader.HEAPU8.set(stored, pointer);
    if (rank > 0) loader.HEAPU8.fill(0, pointer + stored.length, pointer + stored.length + 4 * rank);
    if (loader._decode(id, stored.length, rank) !== 0) throw new Error(loader._errorJson());
    const from = loader._resultPointer();
    const to = from + loader._resultLength();
    let pixels = recycled;
    if (recycled) recycled.set(loader.HEAPU8.subarray(from, to));
    else pixels = loader.HEAPU8.slice(from, to);
    loader._finish();
    return pixels;
  };
}

async function zarrita(array, stored) {
  const store = new Map([
    ['/.zarray', new TextEncoder().encode(JSON.stringify(array))],
    ['/0.0', stored],
  ]);
  const opened = await zarr.open.v2(store, { kind: 'array', attrs: false });
  return async () => {
    const chunk = await opened.getChunk([0, 0]);
    return new Uint8Array(chunk.data.buffer, chunk.data.byteOffset, chunk.data.byteLength);
  };
}

async function decompressionStream(stored) {
  const stream = new Blob([stored]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function median(times) {
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}

// Programs take turns, so that a busy moment of the machine hits all; each turn is a few chunks in a
// row, as a worker gets them.
async function measure(programs, expected) {
  const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (let turn = -WARM_UP_TURNS; turn < TURNS; ++turn) {
    for (const [name, decode] of Object.entries(programs)) {
      for (let i = 0; i < CHUNKS_A_TURN; ++i) {
        const start = performance.now();
        let pixels = decode();
        if (pixels instanceof Promise) pixels = await pixels;
        const elapsed = performance.now() - start;
        if (turn >= 0) times[name].push(elapsed);
        else if (turn === -WARM_UP_TURNS && i === 0 && !pixels.every((byte, at) => byte === expected[at])) {
          throw new Error(`${name} decodes wrongly`);
        }
      }
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

self.onmessage = async ({ data: names }) => {
  try {
    const bytes = async (file) => new Uint8Array(await (await fetch(`/data/${file}`)).arrayBuffer());
    const { default: create } = await import('/programs/mifascope.mjs');
    const loader = await create({ locateFile: (file) => `/programs/${file}` });
    const expected = await bytes('image.raw');
    for (const name of names) {
      const config = await (await fetch(`/data/${name}.json`)).json();
      const stored = await bytes(`${name}.bin`);
      const array = metadata(config, Math.sqrt(expected.length / 2));
      const decode = ours(loader, array);
      const recycled = new Uint8Array(expected.length);
      const decodeRecycled = ours(loader, array, { recycled });
      const decodeAndMeasure = ours(loader, array, { recycled, statistics: true });
      const numcodec = codecClasses[config.id].fromConfig(config);
      const programs = {
        ours: () => decode(stored),
        recycled: () => decodeRecycled(stored),
        '+ statistics': () => decodeAndMeasure(stored),
        numcodecs: () => numcodec.decode(stored),
        zarrita: await zarrita(array, stored),
      };
      if (config.id === 'gzip') programs.DecompressionStream = () => decompressionStream(stored);
      self.postMessage({ name, stored: stored.length, decoded: expected.length, times: await measure(programs, expected) });
    }
    self.postMessage({ done: true });
  } catch (error) {
    self.postMessage({ error: String(error?.stack ?? error) });
  }
};
