// Asking a server: the one that has a folder open, or one that is named. Owns: the request, with the administrator's key from the folder, or the one
// that a file holds. Never touches: what is asked.

import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readAdminKey } from '../auth/admin-key.js';
import { readSecretFile } from '../auth/secret-file.js';
import {
  type CliCommand,
  existingFolder,
  type Given,
  textOption,
  UsageError,
} from './arguments.js';
import { runningServer } from './running.js';

/** The folder that commands work on where none is named. */
export const DEFAULT_FOLDER = 'jifen-data';

/** What a server answered, read. */
export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server, and what it is shown. */
export interface Server {
  readonly address: string;
  readonly key: string;
}

/** A server with the administrator's key of its folder. */
export async function serverAt(address: string, folder: string): Promise<Server> {
  const key = await readAdminKey(folder);
  if (key === undefined)
    throw new Error(`${folder} has no administrator's key, so its server cannot be asked`);
  return { address, key };
}

/**
 * Asks a server. Not by fetch: that gives up after five minutes without an answer,
 * and a copy of a large folder takes longer.
 */
export async function askAt(
  server: Server,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  const { status, text } = await textAt(server, method, path, body);
  return { status, body: answerIn(text, server.address) };
}

/** The same, its answer as text. */
async function textAt(
  server: Server,
  method: string,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  const answered = await sent(server, method, path, body);
  const { status, text } = answered;
  if (status >= 200 && status < 300) return answered;
  throw refusedBy(status, text, server.address);
}

function refusedBy(status: number, text: string, address: string): Error {
  const { code, detail } = answerIn(text, address);
  return new Error(
    `the server answered ${status} ${String(code ?? '')}: ${String(detail ?? text)}`,
  );
}

/** Sends a request: whatever is answered. */
async function sent(
  { address, key }: Server,
  method: string,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  const ask = address.startsWith('https:') ? secureRequest : request;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return new Promise((done, failed) => {
    const asked = ask(address + path, { method, headers }, (answer) => {
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
}

function answerIn(text: string, address: string): Answered['body'] {
  try {
    return JSON.parse(text) as Answered['body'];
  } catch {
    throw new Error(`what answers at ${address} is no jifen server`);
  }
}

/** The server that `--url` and `--key` name, or the one that has the folder of `--folder` open. */
async function serverOf(given: Given): Promise<Server> {
  const [url, file] = [textOption(given, 'url'), textOption(given, 'key')];
  if (url === undefined && file !== undefined) throw new UsageError('--key goes with --url');
  if (url !== undefined) {
    if (file === undefined) throw new UsageError('--key is missing');
    if (!URL.canParse(url) || !/^https?:/.test(url)) throw new UsageError('--url is no address');
    const key = await readSecretFile(resolve(file), /^[\x21-\x7e]+$/, 'It is the file of --key.');
    if (key === undefined) throw new Error(`there is no file ${file}`);
    return { address: url.replace(/\/+$/, ''), key };
  }
  const folder = existingFolder(resolve(textOption(given, 'folder') ?? DEFAULT_FOLDER));
  const address = await runningServer(folder);
  if (address === undefined)
    throw new Error(`no server has ${folder} open; start it with jifen start --folder ${folder}`);
  return serverAt(address, folder);
}

/** Asks the server that the options name. */
export async function ask(
  given: Given,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  return askAt(await serverOf(given), method, path, body);
}

/** The same, whatever is answered. */
export async function askAny(
  given: Given,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  const server = await serverOf(given);
  const { status, text } = await sent(server, method, path, body);
  return { status, body: answerIn(text, server.address) };
}

/** All pages of a list, under its name in the answers. `path`: with its query. */
export async function askPages(given: Given, path: string, name: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let cursor = ''; ; ) {
    const more = cursor === '' ? '' : `cursor=${encodeURIComponent(cursor)}`;
    const { body } = await ask(given, 'GET', path + (path.includes('?') ? '&' : '?') + more);
    found.push(...(body[name] as unknown[]));
    if (typeof body['cursor'] !== 'string') return found;
    cursor = body['cursor'];
  }
}

/** The same, for lines. */
export async function askText(given: Given, path: string): Promise<string> {
  return (await textAt(await serverOf(given), 'GET', path, undefined)).text;
}

/** The answer as a file that is not there yet; how many bytes it has. */
export async function askFile(given: Given, path: string, to: string): Promise<number> {
  const { address, key } = await serverOf(given);
  const ask = address.startsWith('https:') ? secureRequest : request;
  const answer = await new Promise<IncomingMessage>((done, failed) => {
    const headers = { authorization: `Bearer ${key}` };
    ask(address + path, { headers }, done)
      .on('error', failed)
      .end();
  });
  if (answer.statusCode !== 200) {
    let text = '';
    for await (const part of answer.setEncoding('utf8')) text += part;
    throw refusedBy(answer.statusCode ?? 0, text, address);
  }
  const file = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(answer, file);
  } catch (error) {
    // What was there before stays.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(to, { force: true });
    throw error;
  }
  return file.bytesWritten;
}

/** Which server is asked. */
export const ASKING = { folder: 'text', url: 'text', key: 'text' } as const;

/** The lines of `--help` about it. */
export const ASKING_HELP = `  --folder <path>        the data folder that a server has open here.
                         Default: ${DEFAULT_FOLDER}
  --url <address>        or a server anywhere, e.g. https://points.example.com
  --key <file>           and the file with the key to show it`;

/** How the help of most of them ends. */
export const ASKING_END = `${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`;

/** What shows what a server answers. `usage`: behind `jifen`, with its operands as `<name>`. */
export const shows = (
  usage: string,
  about: string,
  told: (given: Given) => Promise<unknown>,
): CliCommand => ({
  help: `Usage: jifen ${usage} [options]\n\n${about}\n\n${ASKING_END}`,
  options: ASKING,
  operands: [...usage.matchAll(/<(\w+)>/g)].map(([, name = '']) => name),
  run: async (given) => {
    show(await told(given));
    return 0;
  },
});

/** What was asked for, to stdout. */
export function show(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** What was made, and its secret apart, where it has one: it is shown this once. */
export function showSecret({ secret, ...made }: Readonly<Record<string, unknown>>): void {
  show(made);
  if (secret !== undefined)
    process.stdout.write(`\nIts secret, shown this once:\n\n  ${String(secret)}\n`);
}
