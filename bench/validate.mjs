#!/usr/bin/env node
// What the native command costs that reads, decodes and checks all chunks of an image, against the codecs' own C
// code (numcodecs), on the same chunks: npm run bench:validate
//
//   MIFASCOPE_COMMAND=<path>  the command, if not build/command/src/cli/mifascope (scripts/build command)
//   MIFASCOPE_MEGABYTES=<n>   of pixels a codec (256)

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  console.log('MB of pixels a second of processor time; "share": of what the codec alone does');
  for (const [name, { megabytes: size, seconds }] of Object.entries(own)) {
    const place = join(folder, `${name}.ome.zarr`);
    let best = Infinity;
    for (let i = 0; i < 3; ++i) {
      // The processor's time of the whole command, which other work on the machine does not stretch.
      const report = join(folder, 'report.json');
      const line = 'TIMEFORMAT="%U %S"; time "$0" validate "$1" --all-chunks --format json --output "$2"';
      const { stderr } = spawnSync('bash', ['-c', line, command, place, report], { encoding: 'utf8' });
      best = Math.min(best, stderr.trim().split(' ').reduce((sum, part) => sum + Number(part), 0));
      const text = readFileSync(report, 'utf8');
      const { inventory, counts } = JSON.parse(text);
      if (counts.errors > 0 || inventory.chunksDecoded !== inventory.chunksPresent) throw new Error(`${name}: not all chunks were decoded`);
    }
    const [ours, theirs] = [size / best, size / seconds];
    console.log(`${name.padEnd(12)} ${ours.toFixed(0).padStart(6)}   codec ${theirs.toFixed(0).padStart(6)}   share ${(ours / theirs).toFixed(2)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
