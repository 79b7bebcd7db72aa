// Secrets of platforms at rest. Owns: `<folder>/secrets.key`, sealing and opening. Never touches:
// records.
//   auth.A4. A secret is sealed to its platform (AES-256-GCM, a random nonce, the platform's id as
//       associated data): put into another platform's record it does not open.

import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  concealed,
  keyedDigest,
  keyVersionOf,
  type Opening,
  revealed,
  SECRETS_KEY_FILE,
  type Sealing,
  type Vault,
} from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { readSecretFile, writeSecretFile } from './secret-file.js';

const SHAPE = /^[A-Za-z0-9_-]{43}$/;
const REMEDY =
  'Put the right one in its place; without it the secrets of all platforms must be made anew.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Digits of a device's digest, as grants have it. */
const DEVICE_DIGITS = 32;

/** Seals and opens secrets with one key. */
export class Sealer {
  /** Which key it is: not secret. */
  readonly keyId: string;
  readonly #key: Buffer;
  #vault: Vault | undefined;

  constructor(key: Buffer) {
    this.#key = key;
    this.keyId = createHash('sha256').update('jifen key id').update(key).digest('hex').slice(0, 16);
  }

  /** The sealer of a data folder; undefined: it has no key. */
  static async of(folder: string): Promise<Sealer | undefined> {
    const text = await readSecretFile(join(folder, SECRETS_KEY_FILE), SHAPE, REMEDY);
    return text === undefined ? undefined : new Sealer(Buffer.from(text, 'base64url'));
  }

  /** Makes the key of a data folder that has none. */
  static async make(folder: string): Promise<Sealer> {
    const key = randomBytes(32);
    await writeSecretFile(join(folder, SECRETS_KEY_FILE), key.toString('base64url'));
    return new Sealer(key);
  }

  /** By which nodes of a cluster see whether they have the same key. It says nothing about the key. */
  digestFor(cluster: string): string {
    return createHmac('sha256', this.#key).update(`jifen cluster ${cluster}`).digest('hex');
  }

  /** The digest of a text, as shards prove codes of coupons. */
  proof(text: string): Uint8Array {
    return keyedDigest(this.#key, text);
  }

  /** A member's device as marks of risk know it: 32 hexadecimal digits. */
  deviceDigest(device: string): string {
    return Buffer.from(this.proof(`device ${device}`))
      .toString('hex')
      .slice(0, DEVICE_DIGITS);
  }

  /** Proof that who has the key has said this, 43 characters of base64url: under a key for this purpose and no other. The parts have borders. */
  mac(purpose: string, parts: readonly string[]): string {
    const key = createHmac('sha256', this.#key).update(`jifen mac ${purpose}`).digest();
    return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  }

  /** A text as it may lie in records and logs (engine/vault/sealed-text.ts). `about`: what it is, and whose. */
  conceal(text: string, about: string, salt?: Uint8Array): string {
    return concealed(this.#key, text, about, salt);
  }

  /** The text; undefined: it was sealed with another key, is about something else, or was changed. */
  reveal(sealed: string, about: string): string | undefined {
    return revealed(this.#key, sealed, about);
  }

  /** What is about members is sealed under their own keys from now on. */
  use(vault: Vault): this {
    this.#vault = vault;
    return this;
  }

  /**
   * A text about a member, under its own key (engine/vault). `once`: the id of the command that has it in its body, so that a repeat is the same. Refused
   * `MEMBER_ERASED`, `VAULT_CLOSED`, `SHARD_UNAVAILABLE`.
   */
  async concealOf(
    owner: string,
    text: string,
    about: string,
    { once, version }: Pick<Sealing, 'once' | 'version'> = {},
  ): Promise<string | Refusal> {
    const sealed = await this.#members.seal([{ owner, text, about, once, version }]);
    return isRefusal(sealed) ? sealed : (sealed[0] as string);
  }

  /** The text; undefined as in `revealOfAll`. */
  async revealOf(
    owner: string,
    sealed: string,
    about: string,
  ): Promise<string | undefined | Refusal> {
    const opened = await this.revealOfAll([{ owner, sealed, about }]);
    return isRefusal(opened) ? opened : opened[0];
  }

  /** Texts about members, in their order, those too that older releases sealed under this key; undefined: the member is erased, or as `reveal`. */
  async revealOfAll(texts: readonly Opening[]): Promise<readonly (string | undefined)[] | Refusal> {
    if (texts.length === 0) return [];
    const older = texts.filter(({ sealed }) => keyVersionOf(sealed) === undefined);
    const opened = texts.length === older.length ? [] : await this.#members.open(texts);
    if (isRefusal(opened)) return opened;
    const erased = new Set<string>();
    for (const owner of new Set(older.map((one) => one.owner))) {
      const found = await this.#members.state(owner);
      if (isRefusal(found)) return found;
      if (found.state === 'erased') erased.add(owner);
    }
    return texts.map(({ owner, sealed, about }, i) =>
      keyVersionOf(sealed) !== undefined || erased.has(owner)
        ? opened[i]
        : this.reveal(sealed, about),
    );
  }

  /** Versions of a member's key, the newest last. */
  async versionsOf(owner: string): Promise<readonly number[] | Refusal> {
    const found = await this.#members.state(owner);
    return isRefusal(found) ? found : found.versions;
  }

  get #members(): Vault {
    if (this.#vault === undefined) throw new Error('a sealer without a vault');
    return this.#vault;
  }

  /** Sealed, as text. */
  seal(secret: string, platform: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(platform));
    const sealed = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed).toString('base64url');
  }

  /** The secret; undefined: it was sealed with another key, or for another platform, or changed. */
  open(sealed: string, platform: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const tag = bytes.subarray(bytes.length - TAG_BYTES);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, options);
    decipher.setAAD(Buffer.from(platform)).setAuthTag(tag);
    const text = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
    try {
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
