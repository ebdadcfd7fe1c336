#!/usr/bin/env node
// Serves the built pages at /, the sample at /sample/ and, where there are some, the project's
// fixtures at /fixtures/.
//
//   node scripts/serve.mjs [--port 8080] [--host 127.0.0.1]

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startServer } from '../tests/web/server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['PORT'] ?? '8080' },
    host: { type: 'string', default: '127.0.0.1' },
  },
});

const mounts = [
  { prefix: '/', root: join(root, 'dist'), gzip: true },
  { prefix: '/sample/', root: join(root, 'build', 'sample') },
  { prefix: '/fixtures/', root: join(root, '..', 'shared', 'fixtures') },
].filter((mount) => existsSync(mount.root));

const wanted = Number(values.port);
const server = await startServer(mounts, { port: wanted, host: values.host }).catch((error) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.log(`Port ${wanted} is taken; another one is used. Choose with --port.`);
  return startServer(mounts, { port: 0, host: values.host });
});
console.log(`Mifascope is at ${server.url}/`);
for (const { prefix, root: folder } of mounts.slice(1)) {
  console.log(`  ${server.url}${prefix}  serves ${folder}`);
}
console.log('Ctrl+C ends it.');
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
