// A Vite plugin: `import 'mifascope'` loads our files as they are, from a folder beside the bundle. They find
// their workers and WebAssembly beside themselves, so a bundler must not take them apart.

import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const kTypes = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html', css: 'text/css', txt: 'text/plain' };

/** Files that a site needs; the command and the examples stay behind. */
function siteFiles() {
  return readdirSync(dist).filter((name) => /\.(js|wasm|html|css)$|^LICENSE$|^THIRD-PARTY/.test(name));
}

/** @param {{ folder?: string }} [options] `folder`: where they are put, below the base. Default "mifascope". */
export default function mifascope({ folder = 'mifascope' } = {}) {
  let base = '/';
  let building = false;
  return {
    name: 'mifascope',
    enforce: 'pre',
    config: () => ({ optimizeDeps: { exclude: ['mifascope'] } }),
    configResolved(config) {
      base = config.base;
      building = config.command === 'build';
      if (!/^(\/|https?:)/.test(base)) throw new Error(`mifascope: expected a base that begins with "/" or is a URL, received ${JSON.stringify(base)}. Set base in vite.config.js.`);
    },
    resolveId(id) {
      if (id !== 'mifascope') return null;
      return { id: `${base}${folder}/mifascope.js`, external: building ? 'absolute' : true, moduleSideEffects: true };
    },
    generateBundle() {
      for (const name of siteFiles()) this.emitFile({ type: 'asset', fileName: `${folder}/${name}`, source: readFileSync(dist + name) });
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').replace(/[?#].*$/, '');
        const name = path.startsWith(`${base}${folder}/`) ? path.slice(`${base}${folder}/`.length) : '';
        if (!/^[\w.-]+$/.test(name) || !existsSync(dist + name)) return next();
        response.setHeader('Content-Type', kTypes[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream');
        createReadStream(dist + name).pipe(response);
      });
    },
  };
}
