// Platforms: their records in the ledger. Owns: what is known of a platform, its secrets' lives.
// Never touches: requests, what others remember of it (directory.ts).

import { randomBytes } from 'node:crypto';
import { limits } from '../../engine/index.js';
import { Documents, isTooLong, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { PlatformBody, PlatformChange, RotateBody } from '../schema/access.js';
import { bodyReader } from '../schema/check.js';
import { isPlatformId } from '../schema/words.js';
import type { Platform } from './principal.js';
import type { Sealer } from './sealing.js';

/** A secret as it is kept. */
interface StoredSecret {
  readonly sealed: string;
  /** Which key sealed it. */
  readonly keyId: string;
  /** Milliseconds since 1970; left out: until it is replaced. */
  readonly until?: number | undefined;
}

/** A platform as it is kept. */
export interface StoredPlatform extends Platform {
  /** The newest one first; at most two. */
  readonly secrets: readonly StoredSecret[];
}

/** A platform and a secret of it, which is shown this once. */
export interface WithSecret {
  readonly platform: Platform;
  readonly secret: string;
}

/** All platforms. */
export const PLATFORMS = new Documents<StoredPlatform>('#platforms', 'platform', 'id');

const readPlatform = bodyReader(PlatformBody);
const readChange = bodyReader(PlatformChange);
const readRotation = bodyReader(RotateBody);

/** A platform without its secrets. */
export function shown({ secrets: _, ...platform }: StoredPlatform): Platform {
  return platform;
}

const newSecret = (): string => `jifen_secret_${randomBytes(32).toString('base64url')}`;

/** Registers a platform; its secret is in the answer and nowhere else to be had. */
export async function addPlatform(
  engine: OwnLedger,
  sealer: Sealer,
  body: unknown,
): Promise<Refusal | WithSecret> {
  const fields = readPlatform(body);
  if (isRefusal(fields)) return fields;
  const problem = urlProblem(fields);
  if (problem !== undefined) return problem;
  const present = await PLATFORMS.all(engine);
  if (isRefusal(present)) return present;
  // Another key than this folder's has sealed what is there: a secret sealed with this one could not be read by the other nodes.
  if (present.some((platform) => isUnreadable(platform.read(), sealer)))
    return refuse('SECRETS_KEY_DIFFERS');
  if (present.length >= limits.RECORDS_PAGE_MAX) return refuse('RECORD_LIMIT', 'id');
  const secret = newSecret();
  const now = Date.now();
  const platform: StoredPlatform = {
    proof: 'any',
    userIds: 'global',
    ...fields,
    disabled: false,
    createdAt: now,
    updatedAt: now,
    secrets: [{ sealed: sealer.seal(secret, fields.id), keyId: sealer.keyId }],
  };
  const written = tooLong(platform) ?? (await PLATFORMS.put(engine, fields.id, platform, 0));
  if (written === undefined) return { platform: shown(platform), secret };
  return written.code === 'CHANGED_MEANWHILE' ? refuse('PLATFORM_EXISTS', 'id') : written;
}

/** Is the key of this folder not the one that its newest secret was sealed with? */
export const isUnreadable = ({ secrets }: StoredPlatform, sealer: Sealer): boolean =>
  secrets[0]?.keyId !== sealer.keyId;

// What patterns do not say of URLs.
function urlProblem({
  endpoint,
  embedOrigins = [],
}: Pick<Platform, 'endpoint' | 'embedOrigins'>): Refusal | undefined {
  if (endpoint !== undefined && !(URL.canParse(endpoint) && new URL(endpoint).username === ''))
    return refuse('COMMAND_INVALID', 'endpoint', 'endpoint: An http or https URL without a user.');
  const other = embedOrigins.find((one) => !(URL.canParse(one) && new URL(one).origin === one));
  if (other === undefined) return undefined;
  const told = `embedOrigins: ${other} is not an origin as browsers write it.`;
  return refuse('COMMAND_INVALID', 'embedOrigins', told);
}

const tooLong = (platform: StoredPlatform): Refusal | undefined =>
  isTooLong(platform)
    ? refuse('COMMAND_INVALID', 'body', 'The platform has too long fields.')
    : undefined;

async function changed(
  engine: OwnLedger,
  id: string,
  change: (platform: StoredPlatform) => StoredPlatform,
): Promise<Refusal | Platform> {
  if (!isPlatformId(id)) return refuse('PLATFORM_NOT_FOUND', 'platform');
  const platform = await PLATFORMS.change(engine, id, (before) => {
    const next = { ...change(before), updatedAt: Date.now() };
    return tooLong(next) ?? next;
  });
  if (platform === undefined) return refuse('PLATFORM_NOT_FOUND', 'platform');
  return isRefusal(platform) ? platform : shown(platform);
}

/** Changes settings of a platform: those that are named; its id stays. */
export async function updatePlatform(
  engine: OwnLedger,
  id: string,
  body: unknown,
): Promise<Refusal | Platform> {
  const fields = readChange(body);
  if (isRefusal(fields)) return fields;
  const problem = urlProblem(fields);
  if (problem !== undefined) return problem;
  return changed(engine, id, (platform) => ({ ...platform, ...fields }));
}

/**
 * Gives a platform a new secret. The one before is good for `overlapSeconds` more; one that was
 * before that ends now.
 */
export async function rotateSecret(
  engine: OwnLedger,
  sealer: Sealer,
  id: string,
  body: unknown,
  defaultOverlapSeconds: number,
): Promise<Refusal | WithSecret> {
  const fields = readRotation(body);
  if (isRefusal(fields)) return fields;
  const seconds = fields.overlapSeconds ?? defaultOverlapSeconds;
  const secret = newSecret();
  const fresh = { sealed: sealer.seal(secret, id), keyId: sealer.keyId };
  const platform = await changed(engine, id, (before) => {
    const last = before.secrets[0];
    const kept =
      last === undefined || seconds === 0 ? [] : [{ ...last, until: Date.now() + seconds * 1_000 }];
    return { ...before, secrets: [fresh, ...kept] };
  });
  return isRefusal(platform) ? platform : { platform, secret };
}

/** Disables a platform, or enables it again. */
export function setDisabled(
  engine: OwnLedger,
  id: string,
  disabled: boolean,
): Promise<Refusal | Platform> {
  return changed(engine, id, (platform) => ({ ...platform, disabled }));
}
