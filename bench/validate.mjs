#!/usr/bin/env node
// How fast the native command decodes and checks all chunks of an image, against the codecs' own C code in one
// thread (numcodecs) times the cores, on the same chunks: npm run bench:validate
//
//   MIFASCOPE_COMMAND=<path>  the command, if not build/command/src/cli/mifascope (scripts/build command)
//   MIFASCOPE_MEGABYTES=<n>   of pixels a codec (256)

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const command = process.env.MIFASCOPE_COMMAND ?? join(here, '..', 'build', 'command', 'src', 'cli', 'mifascope');
const megabytes = process.env.MIFASCOPE_MEGABYTES ?? '256';
if (!existsSync(command)) {
  console.error(`bench:validate: expected ${command}; run scripts/build command first`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'mifascope-'));
try {
  const data = join(here, 'validate-data.py');
  const own = JSON.parse(execFileSync('/usr/bin/python3', [data, folder, megabytes], { encoding: 'utf8' }));
  const cores = availableParallelism();
  console.log(`${cores} cores; MB/s of pixels; "share": of the codec's speed in one thread times the cores`);
  for (const [name, { megabytes: size, seconds }] of Object.entries(own)) {
    const place = join(folder, `${name}.ome.zarr`);
    let best = Infinity;
    for (let i = 0; i < 3; ++i) {
      const start = performance.now();
      const text = execFileSync(command, ['validate', place, '--all-chunks', '--format', 'json'], { encoding: 'utf8' });
      best = Math.min(best, (performance.now() - start) / 1000);
      const { inventory, counts } = JSON.parse(text);
      if (counts.errors > 0 || inventory.chunksDecoded !== inventory.chunksPresent) throw new Error(`${name}: not all chunks were decoded`);
    }
    const [ours, theirs] = [size / best, size / seconds];
    console.log(`${name.padEnd(12)} ${ours.toFixed(0).padStart(6)}   codec ${theirs.toFixed(0).padStart(6)}   share ${(ours / theirs / cores).toFixed(2)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
