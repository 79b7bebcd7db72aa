// `jifen backup`: a copy of a data folder. Owns: who makes the copy, the server that has it open or
// this process. Never touches: the copying itself.

import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { backupFolder } from '../../engine/index.js';
import { readAdminKey } from '../auth/admin-key.js';
import { type CliCommand, existingFolder, type Given } from './arguments.js';
import { runningServer } from './running.js';

const help = `Usage: jifen backup <folder> <to>

Copies a data folder, consistent over all its shards. Works while jifen start
serves the folder (the server then makes the copy and goes on answering) and
when nothing does. The copy is a data folder like any other: check it with
jifen verify, serve it with jifen start. It has no administrator's key; a new
one is made at its first start.

  <folder>   the data folder
  <to>       the new folder; it must not exist

Exit codes: 0 the copy is complete and on disk; 1 it failed; 2 wrong arguments.
`;

async function run({ operands }: Given): Promise<number> {
  const folder = existingFolder(resolve(operands[0] ?? ''));
  const to = resolve(operands[1] ?? '');
  if (existsSync(to)) throw new Error(`${to} exists already`);
  const address = await runningServer(folder);
  const seqs =
    address === undefined ? await backupFolder(folder, to) : await askServer(address, folder, to);
  const blocks = seqs.map((seq, shard) => `shard ${shard} up to block ${seq}`).join(', ');
  process.stdout.write(`Copied ${folder} to ${to}: ${blocks}\n`);
  return 0;
}

// Not by fetch: that gives up after five minutes without an answer, and a large folder takes
// longer.
async function askServer(address: string, folder: string, to: string): Promise<number[]> {
  const key = await readAdminKey(folder);
  if (key === undefined)
    throw new Error(`${folder} has no administrator's key, so its server cannot be asked`);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { status, text } = await new Promise<{ status: number; text: string }>((done, failed) => {
    const asked = request(`${address}/v1/admin/backup`, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
      answer.on('error', failed);
    });
    asked.on('error', failed);
    asked.end(JSON.stringify({ to }));
  });
  const answer = JSON.parse(text) as { seqs?: number[]; detail?: string };
  if (status === 201 && answer.seqs !== undefined) return answer.seqs;
  throw new Error(`the server at ${address} answered ${status}: ${answer.detail ?? text}`);
}

export const backup: CliCommand = { help, options: {}, operands: ['folder', 'to'], run };
