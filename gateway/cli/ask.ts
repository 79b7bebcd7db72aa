// Asking the server that has a folder open. Owns: the request, with the administrator's key from the
// folder. Never touches: what is asked.

import { request } from 'node:http';
import { resolve } from 'node:path';
import { readAdminKey } from '../auth/admin-key.js';
import { existingFolder, type Given, textOption } from './arguments.js';
import { runningServer } from './running.js';

/** The folder that commands work on where none is named. */
export const DEFAULT_FOLDER = 'jifen-data';

/** What a server answered, read. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Asks the server at an address. Not by fetch: that gives up after five minutes without an answer,
 * and a copy of a large folder takes longer.
 */
export async function askAt(
  address: string,
  folder: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  const key = await readAdminKey(folder);
  if (key === undefined)
    throw new Error(`${folder} has no administrator's key, so its server cannot be asked`);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { status, text } = await new Promise<{ status: number; text: string }>((done, failed) => {
    const asked = request(address + path, { method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
      answer.on('error', failed);
    });
    asked.on('error', failed);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
  const read = JSON.parse(text) as Answered['body'];
  if (status >= 200 && status < 300) return { status, body: read };
  const { code, detail } = read;
  throw new Error(`the server answered ${status} ${String(code ?? '')}: ${String(detail ?? text)}`);
}

/** Asks the server of the folder that `--folder` names. */
export async function ask(
  given: Given,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  const folder = existingFolder(resolve(textOption(given, 'folder') ?? DEFAULT_FOLDER));
  const address = await runningServer(folder);
  if (address === undefined)
    throw new Error(`no server has ${folder} open; start it with jifen start --folder ${folder}`);
  return askAt(address, folder, method, path, body);
}

/** The lines of `--help` about the folder. */
export const FOLDER_HELP = `  --folder <path>        the data folder that a server has open here.
                         Default: ${DEFAULT_FOLDER}`;

/** What was asked for, to stdout. */
export function show(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
