// Webhooks: their records in the ledger. Owns: what is kept of a webhook, the lives of its secrets, whose it is. Never touches: what is sent.
//   outbound.W1. A secret is told once, and kept sealed to its webhook; a new one leaves the last one good for a while, at most two are.
//   outbound.W2. A webhook is its maker's: nobody else finds it, but for who administers the whole ledger.

import { randomBytes } from 'node:crypto';
import { ADMINISTRATOR, mayWhole, type Principal } from '../auth/principal.js';
import type { Sealer } from '../auth/sealing.js';
import { Documents, isTooLong, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { RotateBody } from '../schema/access.js';
import { bodyReader } from '../schema/check.js';
import { ReplayBody, WebhookBody, WebhookChange } from '../schema/webhooks.js';
import { fits, WebhookId } from '../schema/words.js';
import type { Destinations } from './addresses.js';
import type { From } from './receiver.js';
import { newSecret } from './signing.js';

interface StoredSecret {
  readonly sealed: string;
  /** Which key sealed it. */
  readonly keyId: string;
  /** Milliseconds since 1970; left out: until it is replaced. */
  readonly until?: number | undefined;
}

/** A webhook, without its secrets. */
export interface Webhook {
  readonly id: string;
  readonly name?: string | undefined;
  readonly url: string;
  /** Types of events, and patterns of them. */
  readonly types: readonly string[];
  /** Whose it is, and so what it is told: `administrator`, `key:<id>`, `platform:<id>`. */
  readonly principal: string;
  readonly state: 'active' | 'paused';
  /** It was paused because it answered 410. */
  readonly gone?: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A webhook as it is kept. */
export interface StoredWebhook extends Webhook {
  readonly from: From;
  /** How often a replay was asked for. */
  readonly epoch: number;
  /** The newest one first; at most two. */
  readonly secrets: readonly StoredSecret[];
}

/** A webhook and a secret of it, which is shown this once. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

/** All webhooks. */
export const WEBHOOKS = new Documents<StoredWebhook>('#webhooks', 'webhook');

const readBody = bodyReader(WebhookBody);
const readChange = bodyReader(WebhookChange);
const readRotation = bodyReader(RotateBody);
const readReplay = bodyReader(ReplayBody);
const isWebhookId = fits(WebhookId);
const ID_BYTES = 8;

/** What keeps somebody from a webhook: who may not see it is told that there is none. */
function lackingFor(
  principal: Principal,
  webhook: Webhook,
  operation: 'view' | 'admin',
): Refusal | undefined {
  if (isOwn(principal, webhook, operation)) return undefined;
  return isOwn(principal, webhook, 'view')
    ? refuse('OPERATION_FORBIDDEN', 'webhook', OPERATORS)
    : refuse('WEBHOOK_NOT_FOUND', 'webhook');
}

export function shown({ secrets: _, from: __, epoch: ___, ...webhook }: StoredWebhook): Webhook {
  return webhook;
}

/** What secrets of a webhook are sealed to. */
const about = (id: string): string => `webhook ${id}`;

/** May somebody see a webhook, who may do this, or change it? */
export const isOwn = (
  principal: Principal,
  { principal: owner }: Webhook,
  operation: 'view' | 'admin',
): boolean =>
  mayWhole(principal, operation) ||
  (principal.principal !== undefined && principal.principal === owner);

function sealed(sealer: Sealer, id: string): readonly [secret: string, stored: StoredSecret] {
  const secret = newSecret();
  return [secret, { sealed: sealer.seal(secret, about(id)), keyId: sealer.keyId }];
}

/** The secrets of a webhook, fit for use, the newest one first; none: another key than this folder's has sealed them. */
export function openSecrets(
  { id, secrets }: StoredWebhook,
  sealer: Sealer,
): { readonly secret: string; readonly until: number }[] {
  if (secrets[0]?.keyId !== sealer.keyId) return [];
  return secrets.flatMap(({ sealed: text, until = Number.POSITIVE_INFINITY }) => {
    const secret = sealer.open(text, about(id));
    return secret === undefined ? [] : [{ secret, until }];
  });
}

function urlProblem(destinations: Destinations, url: string | undefined): Refusal | undefined {
  if (url === undefined) return undefined;
  if (!URL.canParse(url)) return refuse('COMMAND_INVALID', 'url', 'url: It is no URL.');
  const problem = destinations.problem(new URL(url));
  return problem === undefined
    ? undefined
    : refuse('WEBHOOK_URL_FORBIDDEN', 'url', `url: ${problem}`);
}

/** What webhooks are made with. */
export interface WebhookParts {
  readonly ledger: OwnLedger;
  readonly sealer: Sealer;
  readonly destinations: Destinations;
  readonly limits: GatewayLimits;
  readonly principal: Principal;
  /** Milliseconds since 1970, by the ledger's clock. */
  readonly now: number;
  /** Of the whole ledger. */
  readonly shards: number;
  readonly isPlatform: (id: string) => boolean;
}

/** Makes a webhook, which is told what happens from now on. */
export async function addWebhook(
  { ledger, sealer, destinations, limits, principal, now, isPlatform }: WebhookParts,
  body: unknown,
): Promise<Refusal | WebhookWithSecret> {
  const fields = readBody(body);
  if (isRefusal(fields)) return fields;
  const { platform, types = ['*'], ...said } = fields;
  const problem = urlProblem(destinations, said.url);
  if (problem !== undefined) return problem;
  const isAll = mayWhole(principal, 'admin');
  if (platform !== undefined && !isAll)
    return refuse('OPERATION_FORBIDDEN', 'platform', 'platform: Only for who administers all.');
  // What an operator sets up is the ledger's: it goes on when the operator has left.
  const isOperators = principal.kind === 'operator';
  if (isOperators && !isAll) return refuse('OPERATION_FORBIDDEN', undefined, OPERATORS);
  if (platform !== undefined && !isPlatform(platform))
    return refuse('PLATFORM_NOT_FOUND', 'platform');
  const present = await WEBHOOKS.all(ledger);
  if (isRefusal(present)) return present;
  if (present.length >= limits.webhooksMax) return refuse('WEBHOOK_LIMIT');
  const id = `wh_${randomBytes(ID_BYTES).toString('hex')}`;
  const [secret, stored] = sealed(sealer, id);
  const own = isOperators ? ADMINISTRATOR.principal : principal.principal;
  const owner = platform === undefined ? own : `platform:${platform}`;
  const webhook: StoredWebhook = {
    ...{ id, ...said, types, principal: owner ?? '', state: 'active' },
    ...{ createdAt: now, updatedAt: now, from: { at: now }, epoch: 0, secrets: [stored] },
  };
  const refusal = tooLong(webhook) ?? (await WEBHOOKS.put(ledger, id, webhook, 0));
  return refusal ?? { webhook: shown(webhook), secret };
}

const OPERATORS = 'What is sent out is set up by who administers the ledger.';

const tooLong = (webhook: StoredWebhook): Refusal | undefined =>
  isTooLong(webhook)
    ? refuse('COMMAND_INVALID', 'body', 'The webhook has too long fields.')
    : undefined;

/** Changes one that is the caller's. */
async function changed(
  { ledger, principal, now }: Pick<WebhookParts, 'ledger' | 'principal' | 'now'>,
  id: string,
  change: (webhook: StoredWebhook) => StoredWebhook,
): Promise<Refusal | StoredWebhook> {
  if (!isWebhookId(id)) return refuse('WEBHOOK_NOT_FOUND', 'webhook');
  const found = await WEBHOOKS.change(ledger, id, (before) => {
    const lacking = lackingFor(principal, before, 'admin');
    if (lacking !== undefined) return lacking;
    const next = { ...change(before), updatedAt: now };
    return tooLong(next) ?? next;
  });
  return found ?? refuse('WEBHOOK_NOT_FOUND', 'webhook');
}

/** Changes what is named. */
export async function changeWebhook(
  parts: WebhookParts,
  id: string,
  body: unknown,
): Promise<Refusal | StoredWebhook> {
  const fields = readChange(body);
  if (isRefusal(fields)) return fields;
  const problem = urlProblem(parts.destinations, fields.url);
  if (problem !== undefined) return problem;
  return changed(parts, id, (before) => ({ ...before, ...fields }));
}

/** Has nothing sent to it, or something again, from where it was. */
export const pauseWebhook = (
  parts: Pick<WebhookParts, 'ledger' | 'principal' | 'now'>,
  id: string,
  state: Webhook['state'],
  gone?: true,
): Promise<Refusal | StoredWebhook> =>
  changed(parts, id, ({ gone: _, ...before }) => ({ ...before, state, ...(gone && { gone }) }));

/** Gives it a new secret; the one before signs, too, for `overlapSeconds` more. */
export async function rotateWebhook(
  parts: WebhookParts,
  id: string,
  body: unknown,
): Promise<Refusal | WebhookWithSecret> {
  const fields = readRotation(body);
  if (isRefusal(fields)) return fields;
  const { sealer, limits, now } = parts;
  const { overlapSeconds = limits.secretOverlapSeconds } = fields;
  const [secret, stored] = sealed(sealer, id);
  const found = await changed(parts, id, (before) => {
    const [last] = before.secrets;
    const until = now + overlapSeconds * 1_000;
    const kept = last === undefined || overlapSeconds === 0 ? [] : [{ ...last, until }];
    return { ...before, secrets: [stored, ...kept] };
  });
  return isRefusal(found) ? found : { webhook: shown(found), secret };
}

/** Has it told again what happened from a time or from positions on. */
export async function replayWebhook(
  parts: WebhookParts,
  id: string,
  body: unknown,
): Promise<Refusal | StoredWebhook> {
  const fields = readReplay(body);
  if (isRefusal(fields)) return fields;
  const { from } = fields;
  const problem = fromProblem(from, parts);
  if (problem !== undefined) return refuse('COMMAND_INVALID', 'from', `from: ${problem}`);
  return changed(parts, id, (before) => ({
    ...before,
    from: fromOf(from, parts.now),
    epoch: before.epoch + 1,
  }));
}

function fromProblem(
  said: number | string,
  { now, shards }: Pick<WebhookParts, 'now' | 'shards'>,
): string | undefined {
  if (typeof said === 'number') return said <= now ? undefined : 'That time is still to come.';
  const named = said.split(',').map((one) => Number(one.split(':')[0]));
  if (named.some((shard) => shard >= shards)) return `There are ${shards} shards.`;
  return new Set(named).size === named.length ? undefined : 'It names a shard twice.';
}

function fromOf(said: number | string, now: number): From {
  if (typeof said === 'number') return { at: said };
  const positions = said.split(',').map((one) => one.split(':').map(Number));
  const named = positions.map(([shard = 0, seq = 0]) => [shard, Math.max(1, seq)] as const);
  return { positions: Object.fromEntries(named), at: now };
}

/** Forgets one. */
export async function removeWebhook(
  { ledger, principal }: Pick<WebhookParts, 'ledger' | 'principal'>,
  id: string,
): Promise<Refusal | StoredWebhook> {
  const found = await findWebhook(ledger, principal, id, 'admin');
  return isRefusal(found) ? found : ((await WEBHOOKS.delete(ledger, id)) ?? found);
}

/** One that is the caller's. */
export async function findWebhook(
  ledger: OwnLedger,
  principal: Principal,
  id: string,
  operation: 'view' | 'admin',
): Promise<Refusal | StoredWebhook> {
  const found = isWebhookId(id) ? await WEBHOOKS.get(ledger, id) : undefined;
  if (isRefusal(found)) return found;
  const webhook = found?.read();
  if (webhook === undefined) return refuse('WEBHOOK_NOT_FOUND', 'webhook');
  return lackingFor(principal, webhook, operation) ?? webhook;
}

/** All that are the caller's. */
export async function ownWebhooks(
  ledger: OwnLedger,
  principal: Principal,
): Promise<Refusal | readonly Webhook[]> {
  const all = await WEBHOOKS.all(ledger);
  if (isRefusal(all)) return all;
  return all
    .map((one) => one.read())
    .filter((one) => isOwn(principal, one, 'view'))
    .map(shown);
}
