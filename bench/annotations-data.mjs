#!/usr/bin/env node
// Makes GeoJSON of many polygons of 20 vertices, as QuPath writes cells: node bench/annotations-data.mjs
//
//   build/bench/annotations/polygons-100k.geojson   100,000 of them, 65 MB
//   build/bench/annotations/polygons-1m.geojson     1,000,000, 650 MB

import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const kFolder = join(root, 'build', 'bench', 'annotations');
export const kFiles = { '100k': 100_000, '1m': 1_000_000 };

const kClasses = [
  ['Tumor', [200, 0, 0]],
  ['Stroma', [150, 200, 150]],
  ['Immune cells', [160, 90, 160]],
  ['Necrosis', [50, 50, 50]],
];
/** From one polygon to the next, along both axes. */
export const kPitch = 24;
const kVertices = 20;

/** The same numbers on every machine. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function feature(index, across, random) {
  const x = (index % across) * kPitch + kPitch / 2;
  const y = Math.floor(index / across) * kPitch + kPitch / 2;
  const corners = [];
  for (let i = 0; i < kVertices; ++i) {
    const angle = (2 * Math.PI * i) / kVertices;
    const radius = 7 + 3 * random();
    corners.push(`[${(x + radius * Math.cos(angle)).toFixed(2)}, ${(y + radius * Math.sin(angle)).toFixed(2)}]`);
  }
  corners.push(corners[0]);
  const [name, color] = kClasses[Math.floor(random() * kClasses.length)];
  const id = Math.floor(random() * 2 ** 32).toString(16).padStart(8, '0');
  return `{"type":"Feature","id":"${id}-${String(index).padStart(8, '0')}","geometry":{"type":"Polygon","coordinates":[[${corners.join(', ')}]]},"properties":{"objectType":"cell","classification":{"name":"${name}","color":[${color}]},"measurements":{"Area":${(150 + 100 * random()).toFixed(3)},"Score":${random().toFixed(4)}}}}`;
}

/** Makes what is not there yet; the file's path. */
export function makePolygons(name) {
  const count = kFiles[name];
  const path = join(kFolder, `polygons-${name}.geojson`);
  if (existsSync(path)) return path;
  mkdirSync(kFolder, { recursive: true });
  const file = openSync(`${path}.part`, 'w');
  const random = generator(7);
  const across = Math.ceil(Math.sqrt(count));
  writeSync(file, '{"type":"FeatureCollection","features":[\n');
  let text = '';
  for (let i = 0; i < count; ++i) {
    text += feature(i, across, random) + (i + 1 < count ? ',\n' : '\n');
    if (text.length < 1 << 22 && i + 1 < count) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, ']}\n');
  closeSync(file);
  renameSync(`${path}.part`, path);
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of Object.keys(kFiles)) {
    const path = makePolygons(name);
    console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(0)} MB`);
  }
}
