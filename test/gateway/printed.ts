// Commands of documents, as they are printed. Owns: how they are run, what they say. Never touches: which they are.

import { spawn } from 'node:child_process';

/** Runs a script to its end; it ends where a command fails. */
export function bash(text: string): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', text]);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      err += part;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** JSON values, one after the other, whether on a line or on several; what is no JSON. */
export const valuesIn = (text: string): any[] =>
  text.split(/(?<=^[}\]])\n|(?<=[}\]])\n(?=[{[])/m).map((one) => JSON.parse(one));
