// The master key: what wraps the root key of a vault. Owns: where it is read, the command of a key management service. Never touches: what is wrapped by the
// root key; the folder, but for the file made where nothing is said.
//   vault.M1. A master key seals nothing itself: what wraps is made of it with a salt of its own each time (HKDF-SHA-256).
//   vault.M2. Of several keys the first wraps and all open, so that a key is changed by putting the new one before the old one, and nothing stops.
//   vault.M3. What a command answers is believed where it is the key that was wrapped, which a digest beside it says: what was sealed under anything else would
//       never open again. What has the key in clear in it is no wrapped key.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MASTER_COMMAND_MS } from '../limits.js';
import { syncDirectory } from '../store/sync.js';
import { open, seal, write } from '../trail/sealing.js';
import type { VaultOptions } from './api.js';
import { destroyed } from './files.js';

const KEY_BYTES = 32;
const SALT_BYTES = 16;
const ABOUT = Buffer.from('jifen root key');
/** A master key: 32 characters or more that can be seen; base64 or hex of 32 random bytes is one. */
const SHAPE = /^[\x21-\x7e]{32,512}$/;
const SEPARATOR = /[\s,]+/;
/** What a command may answer. */
const ANSWER_BYTES_MAX = 64 * 1024;
const BY_KEY = 'k1';
const BY_COMMAND = 'c1';

/** The master key cannot be had, or is another one; the message says what to do. */
export class MasterError extends Error {
  override readonly name = 'MasterError';
}

/** What wraps root keys. */
export class Master {
  readonly #options: VaultOptions;
  readonly #own: string;
  readonly #running = new Set<ChildProcess>();
  #keys: readonly string[] | undefined;

  /** `own`: the file that is made where nothing else is said, and opens where it is there. */
  constructor(own: string, options: VaultOptions) {
    this.#options = options;
    this.#own = own;
  }

  /** Where the key is that wraps. */
  get kind(): 'command' | 'file' | 'environment' {
    const { masterCommand, masterFile, masterKeys } = this.#options;
    if (masterCommand !== undefined) return 'command';
    return masterFile !== undefined || masterKeys === undefined ? 'file' : 'environment';
  }

  get #isOwn(): boolean {
    const { masterCommand, masterFile, masterKeys } = this.#options;
    return (masterCommand ?? masterFile ?? masterKeys) === undefined;
  }

  /** A key, wrapped, as a line of text. `make`: the file of its own may be made. */
  async wrap(key: Uint8Array): Promise<string> {
    if (this.kind === 'command') {
      const answer = await this.#asked('wrap', key);
      if (isShown(answer, key))
        throw new MasterError("The master key's command answers the key itself, not wrapped.");
      return [BY_COMMAND, answer.toString('base64url'), checkOf(key)].join('.');
    }
    const [first] = this.#lines(true);
    if (first === undefined) throw new MasterError('There is no master key to wrap anything with.');
    const salt = randomBytes(SALT_BYTES);
    const sealed = seal(wrapping(first, salt), ABOUT, key);
    return [BY_KEY, salt.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /** What was wrapped; throws MasterError where it cannot be had. */
  async unwrap(wrapped: string): Promise<Buffer> {
    const [way, first = '', second = ''] = wrapped.split('.');
    if (way === BY_COMMAND) {
      if (this.#options.masterCommand === undefined)
        throw new MasterError(
          'The root key was wrapped by a command: start with --master-key-command.',
        );
      const key = keyOf(await this.#asked('unwrap', Buffer.from(first, 'base64url')));
      if (checkOf(key) === second) return key;
      throw new MasterError("The master key's command unwrapped another key than was wrapped.");
    }
    if (way !== BY_KEY) throw new MasterError('The file of the root key holds something else.');
    const salt = Buffer.from(first, 'base64url');
    for (const line of this.#lines(false)) {
      const key = open(wrapping(line, salt), ABOUT, Buffer.from(second, 'base64url'));
      if (key !== undefined) return keyOf(key);
    }
    throw new MasterError(
      'No master key that is here opens the root key: put the one that wrapped it behind the new one.',
    );
  }

  /** Wraps anew by `rotate`, with files read again; in the file of its own there is another key then. */
  async renewed(rotate: () => Promise<void>): Promise<void> {
    this.#keys = undefined;
    if (!this.#isOwn) return rotate();
    const [before] = this.#lines(true);
    const made = newKey();
    this.#write(`${made}\n${before ?? ''}\n`);
    await rotate();
    this.#write(`${made}\n`);
  }

  /** Did a kill end a change of the file of its own? */
  get isHalf(): boolean {
    return this.#isOwn && existsSync(this.#own) && this.#lines(false).length > 1;
  }

  /** Ends commands that are running. */
  close(): void {
    for (const one of this.#running) one.kill('SIGKILL');
  }

  #lines(mayMake: boolean): readonly string[] {
    if (this.#keys !== undefined && this.#keys.length > 0) return this.#keys;
    const { masterFile, masterKeys } = this.#options;
    if (mayMake && this.#isOwn && !existsSync(this.#own)) this.#write(`${newKey()}\n`);
    const texts = [
      masterFile === undefined ? '' : fileText(masterFile),
      masterKeys ?? '',
      existsSync(this.#own) ? ownText(this.#own) : '',
    ];
    const keys = texts.flatMap((text) => text.split(SEPARATOR)).filter((line) => line !== '');
    if (keys.some((one) => !SHAPE.test(one)))
      throw new MasterError('A master key is 32 to 512 characters without blanks.');
    this.#keys = keys;
    return keys;
  }

  /** Puts the file of its own in the place of the one before, which is written over: there is a whole one whenever a kill comes. */
  #write(text: string): void {
    mkdirSync(dirname(this.#own), { recursive: true, mode: 0o700 });
    const beside = `${this.#own}.new`;
    this.#tidy();
    write(beside, 'wx', Buffer.from(text));
    if (existsSync(this.#own)) linkSync(this.#own, this.#old);
    renameSync(beside, this.#own);
    syncDirectory(dirname(this.#own));
    this.#tidy();
    this.#keys = undefined;
  }

  get #old(): string {
    return `${this.#own}.old`;
  }

  /** Removes what a kill has left beside the file. */
  #tidy(): void {
    destroyed(`${this.#own}.new`);
    // Where the kill came before the new one had the name, both names are of one file.
    if (existsSync(this.#old) && statSync(this.#old).nlink > 1) rmSync(this.#old);
    else destroyed(this.#old);
  }

  async #asked(what: 'wrap' | 'unwrap', bytes: Uint8Array): Promise<Buffer> {
    const child = spawn(`${this.#options.masterCommand} ${what}`, {
      shell: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: MASTER_COMMAND_MS,
      killSignal: 'SIGKILL',
    });
    this.#running.add(child);
    try {
      return await answered(child, what, bytes);
    } finally {
      this.#running.delete(child);
    }
  }
}

function answered(child: ChildProcess, what: string, bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new MasterError(`The master key's command, asked to ${what}, ${why}.`));
    };
    child.once('error', (error) => fail(`cannot be started: ${error.message}`));
    child.stdout?.on('data', (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length > ANSWER_BYTES_MAX) fail(`answered more than ${ANSWER_BYTES_MAX} bytes`);
    });
    child.once('close', (code, signal) => {
      if (code !== 0) return fail(`ended with ${signal ?? `code ${code}`}`);
      if (length === 0) return fail('answered nothing');
      resolve(Buffer.concat(parts));
    });
    // A command that reads nothing closes its end.
    child.stdin?.on('error', () => {});
    child.stdin?.end(bytes);
  });
}

function keyOf(bytes: Buffer): Buffer {
  if (bytes.length === KEY_BYTES) return bytes;
  throw new MasterError(`The master key unwrapped ${bytes.length} bytes, not ${KEY_BYTES}.`);
}

/** Says which key it is, and nothing about it (vault.M3). */
const checkOf = (key: Uint8Array): string =>
  createHmac('sha256', key).update('jifen root key check').digest('base64url');

/** Is the key in it, as bytes or as text? */
function isShown(answer: Buffer, key: Uint8Array): boolean {
  const bytes = Buffer.from(key);
  const text = answer.toString('latin1');
  return (
    answer.includes(bytes) ||
    text.toLowerCase().includes(bytes.toString('hex')) ||
    ['base64', 'base64url'].some((form) =>
      text.includes(bytes.toString(form as 'base64').replace(/=+$/, '')),
    )
  );
}

const newKey = (): string => randomBytes(KEY_BYTES).toString('base64url');

const wrapping = (line: string, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', line, salt, 'jifen master key', KEY_BYTES));

function fileText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    throw new MasterError(`The master key's file cannot be read: ${(error as Error).message}`);
  }
}

/** The same of the file of its own, which nobody else may read. */
function ownText(path: string): string {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return fileText(path);
  throw new MasterError(
    `${path} can be read by others (mode 0${mode.toString(8)}): run chmod 600 on it, and jifen vault rotate.`,
  );
}
