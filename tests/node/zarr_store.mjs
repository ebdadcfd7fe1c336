// A folder, and files in memory, as zarrita's readers want them.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

class Store {
  async get(key) {
    return this.read(key.slice(1));
  }

  async getRange(key, range) {
    const bytes = this.read(key.slice(1));
    if (!bytes) return undefined;
    if ('suffixLength' in range) return bytes.slice(bytes.length - range.suffixLength);
    return bytes.slice(range.offset, range.offset + range.length);
  }
}

export class FileSystemStore extends Store {
  constructor(folder) {
    super();
    this.folder = folder;
  }

  read(key) {
    const path = join(this.folder, key);
    return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
  }
}

export class MemoryStore extends Store {
  constructor(files) {
    super();
    this.files = files;
  }

  read(key) {
    return this.files.get(key);
  }
}
