// A virtual X display, for browsers that draw WebGL only on one.

import { spawn, type ChildProcess } from 'node:child_process';

export const kDisplay = '/usr/bin/Xvfb';

export async function startDisplay(): Promise<{ readonly display: ChildProcess; readonly number: string }> {
  const display = spawn(kDisplay, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise<string>((resolve, reject) => {
    display.once('error', reject);
    display.once('exit', () => reject(new Error(`${kDisplay} has ended`)));
    display.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return { display, number };
}
