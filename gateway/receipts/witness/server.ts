// A witness as a server. Owns: its sockets, its folder's lock and key. Never touches: what it cosigns (core.ts).

import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Lock, takeLock } from '../../../engine/index.js';
import { readSecretFile, writeSecretFile } from '../../auth/secret-file.js';
import { type KeyPair, newKeyPair, Signer } from '../signer.js';
import { COSIGNATURE } from '../verify.js';
import { type Fork, Witness, type WitnessAnswer } from './core.js';

export interface WitnessServerOptions {
  /** Where it remembers, and has its key. */
  readonly folder: string;
  /** What it is called in cosignatures: a URL without `https://`. */
  readonly name: string;
  /** Keys of the logs that it watches. */
  readonly logs: readonly string[];
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
  readonly onFork?: ((fork: Fork) => void) | undefined;
}

/** A witness that is running. */
export interface RunningWitness {
  /** E.g. `http://127.0.0.1:8099`. */
  readonly address: string;
  /** Its public key. */
  readonly vkey: string;
  readonly witness: Witness;
  close(): Promise<void>;
}

const KEY_FILE = 'witness.key';
const KEY_SHAPE = /^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/;
const REMEDY = 'A witness with another key is another witness.';
/** 63 lines of a proof, and a note with many signatures. */
const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_MS = 10_000;
const ORIGIN = 'http://witness';
const NOTHING: WitnessAnswer = { status: 404, body: 'there is nothing here\n' };
const TEXT = 'text/plain; charset=utf-8';

async function keyIn(folder: string): Promise<KeyPair> {
  const path = join(folder, KEY_FILE);
  const kept = await readSecretFile(path, KEY_SHAPE, REMEDY);
  const [x, d] = kept?.split('.') ?? [];
  if (x !== undefined && d !== undefined) return { x, d };
  const made = newKeyPair();
  await writeSecretFile(path, `${made.x}.${made.d}`);
  return made;
}

/** Starts a witness; its key is made where the folder has none. Rejects where another process has the folder. */
export async function startWitness(options: WitnessServerOptions): Promise<RunningWitness> {
  const { folder, name, logs, now, onFork } = options;
  await mkdir(folder, { recursive: true });
  const lock = takeLock(join(folder, 'lock'));
  try {
    const signer = new Signer(name, COSIGNATURE, await keyIn(folder));
    const witness = new Witness({ folder, signer, logs, now, onFork });
    const served = new Served(witness, lock);
    await served.listen(options.port, options.host ?? '127.0.0.1');
    return served;
  } catch (error) {
    lock.release();
    throw error;
  }
}

class Served implements RunningWitness {
  readonly witness: Witness;
  readonly #lock: Lock;
  readonly #server: Server;
  #address = '';

  constructor(witness: Witness, lock: Lock) {
    this.witness = witness;
    this.#lock = lock;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: Error) => {
        process.emitWarning(`witness: ${error.message}`);
        if (response.headersSent) request.socket.destroy();
        else send(response, { status: 500, body: 'it could not be done\n' });
      });
    });
    this.#server.requestTimeout = REQUEST_MS;
  }

  get address(): string {
    return this.#address;
  }

  get vkey(): string {
    return this.witness.vkey;
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    const { port: listening } = this.#server.address() as AddressInfo;
    this.#address = `http://${host.includes(':') ? `[${host}]` : host}:${listening}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    if (!URL.canParse(url, ORIGIN)) return send(response, NOTHING);
    const { pathname, searchParams } = new URL(url, ORIGIN);
    switch (`${request.method} ${pathname}`) {
      case 'POST /add-checkpoint': {
        const body = await bodyOf(request);
        if (body === undefined) return send(response, { status: 413, body: 'it is too long\n' });
        return send(response, await this.witness.addCheckpoint(body));
      }
      case 'GET /':
        return send(response, { status: 200, body: `${this.vkey}\n` });
      case 'GET /checkpoint': {
        const kept = await this.witness.latest(searchParams.get('origin') ?? '');
        if (kept === undefined) return send(response, { status: 404, body: 'none was cosigned\n' });
        return send(response, { status: 200, body: kept });
      }
      case 'GET /forks': {
        const body = JSON.stringify({ forks: await this.witness.forks() });
        return send(response, { status: 200, body, type: 'application/json' });
      }
      default:
        return send(response, NOTHING);
    }
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    setTimeout(() => this.#server.closeAllConnections(), REQUEST_MS).unref();
    await closed;
    this.#lock.release();
  }
}

function send(response: ServerResponse, { status, body, type = TEXT }: WitnessAnswer): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { 'content-type': type, 'content-length': length }).end(body);
}

/** Undefined: it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
