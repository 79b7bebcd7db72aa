// Channels: their records in the ledger. Owns: what is kept of a channel, its secret, what a channel must be. Never touches: what is sent by it.
//   notices.C1. A secret is kept sealed to its channel, and shown to nobody.
//   notices.C2. A channel goes where a webhook may, by a name that is looked up again for each connection: nothing else decides it.

import { randomBytes } from 'node:crypto';
import type { Sealer } from '../../auth/sealing.js';
import { Documents, isTooLong, type OwnLedger } from '../../documents.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { bodyReader } from '../../schema/check.js';
import { ChannelBody } from '../../schema/notices.js';
import { ChannelId, fits } from '../../schema/words.js';
import type { Destinations } from '../addresses.js';
import { isZone } from './quiet.js';
import { robotSecret } from './robots.js';
import {
  type Channel,
  type ChannelSettings,
  isRobotType,
  type SenderType,
  type SendingChannel,
} from './shapes.js';

/** A channel as it is kept. */
export interface StoredChannel extends ChannelSettings {
  readonly id: string;
  readonly type: SenderType;
  readonly state: 'active' | 'paused';
  /** What happened before is told to nobody, milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly sealed?: string | undefined;
  /** Which key sealed it. */
  readonly keyId?: string | undefined;
}

/** All channels. */
export const CHANNELS = new Documents<StoredChannel>('#channels', 'channel');

const readBody = bodyReader(ChannelBody);
const isChannelId = fits(ChannelId);
const ID_BYTES = 8;

export function shownChannel({ sealed, keyId: _, ...channel }: StoredChannel): Channel {
  return { ...channel, hasSecret: sealed !== undefined };
}

const about = (id: string): string => `channel ${id}`;

/** A channel as the thread needs it; undefined: its secret was sealed with another key than this folder's. */
export function openChannel(
  { sealed, keyId, state: _, createdAt: __, updatedAt: ___, ...channel }: StoredChannel,
  sealer: Sealer,
): SendingChannel | undefined {
  if (sealed === undefined) return { ...channel, secret: undefined };
  const secret = keyId === sealer.keyId ? sealer.open(sealed, about(channel.id)) : undefined;
  return secret === undefined ? undefined : { ...channel, secret };
}

/** What channels are made with. */
export interface ChannelParts {
  readonly ledger: OwnLedger;
  readonly sealer: Sealer;
  readonly destinations: Destinations;
  readonly limits: GatewayLimits;
  /** Milliseconds since 1970, by the ledger's clock. */
  readonly now: number;
  readonly isPlatform: (id: string) => boolean;
}

// --- what a channel must be -----------------------------------------------------------------------------------------

/** The fields that channels of one type alone have. */
const OF_TYPE: Readonly<Record<SenderType, readonly (keyof ChannelSettings)[]>> = {
  email: ['user', 'from', 'fromName'],
  sms: ['headers', 'fields', 'format'],
  webhook: [],
  dingtalk: [],
  wecom: [],
};
const FILLED = /\{([a-z]+)\}/g;
const IN_FIELDS = ['to', 'text', 'id', 'secret'];
/** What a request has of itself, and who asks cannot say. */
const RESERVED_HEADERS =
  /^(connection|content-length|content-type|expect|host|idempotency-key|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/i;
const HEADER = /^[A-Za-z0-9-]{1,64}$/;
const PRINTABLE = /^[\x20-\x7e]*$/;
const SIGNING_SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

type Said = Omit<StoredChannel, 'sealed'> & {
  readonly secret?: string | undefined;
  readonly token?: string | undefined;
};

const wrong = (field: string, detail: string): Refusal =>
  refuse('CHANNEL_INVALID', field, `${field}: ${detail}`);

function fillingProblem(field: string, texts: object, known: readonly string[]): Refusal | null {
  for (const text of Object.values(texts) as string[])
    for (const [, name = ''] of text.matchAll(FILLED))
      if (!known.includes(name))
        return wrong(field, `{${name}} is not known. Known are: ${known.join(', ')}.`);
  return null;
}

function urlProblem({ type, url }: Said, destinations: Destinations): Refusal | null {
  if (!URL.canParse(url)) return wrong('url', 'It is no URL.');
  const read = new URL(url);
  const problem = type === 'email' ? destinations.mailProblem(read) : destinations.problem(read);
  return problem === undefined ? null : refuse('CHANNEL_URL_FORBIDDEN', 'url', `url: ${problem}`);
}

function typeProblem(said: Said, hasSecret: boolean): Refusal | null {
  const { type, user, from, headers = {}, fields = {}, secret } = said;
  if (isRobotType(type)) return robotProblem(said, hasSecret);
  if (said.token !== undefined) return wrong('token', 'It is of robots of chats.');
  for (const [other, names] of Object.entries(OF_TYPE))
    for (const name of names)
      if (other !== type && said[name] !== undefined)
        return wrong(name, `It is of channels of type ${other}.`);
  if (type === 'email') {
    if (from === undefined) return wrong('from', 'Mails are from somebody.');
    if ((user === undefined) === hasSecret)
      return wrong('user', 'user, and its password as secret, belong together.');
    return null;
  }
  if (type === 'webhook') {
    if (!hasSecret) return wrong('secret', 'What is sent is signed with it.');
    return secret === undefined || SIGNING_SECRET.test(secret)
      ? null
      : wrong('secret', 'It is `whsec_` and at least 24 bytes in base64.');
  }
  const all = Object.values(fields).join(' ');
  if (!all.includes('{to}') || !all.includes('{text}'))
    return wrong('fields', '{to} and {text} are in one of them each.');
  const reserved = Object.keys(headers).find(
    (name) => !HEADER.test(name) || RESERVED_HEADERS.test(name),
  );
  if (reserved !== undefined) return wrong('headers', `${reserved} cannot be said.`);
  if (!Object.values(headers).every((value) => PRINTABLE.test(value)))
    return wrong('headers', 'Their values are printable ASCII.');
  return (
    fillingProblem('headers', headers, ['secret']) ?? fillingProblem('fields', fields, IN_FIELDS)
  );
}

/** What a channel tells who runs the ledger of. */
const STAFF = ['alerts', 'reports'] as const;

/** Where it is sent, in each type that sends by an address. */
const ADDRESSES: Readonly<Partial<Record<SenderType, RegExp>>> = {
  email: /@/,
  sms: /^\+?[0-9]{5,15}$/,
};

function robotProblem({ type, notices, token, secret, url, ...told }: Said, has: boolean) {
  if (STAFF.every((one) => told[one] === undefined))
    return wrong('alerts', 'A robot tells of alerts, or of reports.');
  if (notices !== undefined) return wrong('notices', 'A robot tells no members.');
  if (new URL(url).search !== '') return wrong('url', 'What is behind the ? is said as token.');
  if (!has) return wrong('token', 'A robot is known by it.');
  if (type === 'wecom' && secret !== undefined) return wrong('secret', 'WeCom knows none.');
  return secret !== undefined && token === undefined
    ? wrong('token', 'It is said together with its secret.')
    : null;
}

/** What is wrong with whom it tells of alerts, or of reports. */
function staffProblem({ type, platform, ...said }: Said): Refusal | null {
  for (const field of STAFF) {
    const told = said[field];
    if (told === undefined) continue;
    if (platform !== undefined) return wrong(field, 'They are of the whole ledger.');
    const { to } = told;
    const address = ADDRESSES[type];
    if (address === undefined && to === undefined) continue;
    if (address === undefined) return wrong(`${field}.to`, 'It is of mails and short messages.');
    if (to === undefined) return wrong(`${field}.to`, 'Somebody is told of them.');
    const bad = to.findIndex((one) => !address.test(one));
    if (bad >= 0) return wrong(`${field}.to[${bad}]`, 'It is no address of this type of channel.');
  }
  return null;
}

function problemOf(said: Said, hasSecret: boolean, parts: ChannelParts): Refusal | null {
  const { platform, quiet, zone } = said;
  const found =
    urlProblem(said, parts.destinations) ?? typeProblem(said, hasSecret) ?? staffProblem(said);
  if (found !== null) return found;
  if (platform !== undefined && !parts.isPlatform(platform))
    return refuse('PLATFORM_NOT_FOUND', 'platform');
  if (zone !== undefined && !isZone(zone)) return wrong('zone', 'There is no such time zone.');
  return quiet?.from !== undefined && quiet.from === quiet.to
    ? wrong('quiet', 'from and to are two times.')
    : null;
}

const tooLong = (channel: StoredChannel): Refusal | null =>
  isTooLong(channel) ? refuse('COMMAND_INVALID', 'body', 'The channel has too long fields.') : null;

/** What is kept secret of a channel: of a robot its token, too. */
function sealedSecret(
  sealer: Sealer,
  { id, secret, token }: Pick<Said, 'id' | 'secret' | 'token'>,
): Pick<StoredChannel, 'sealed' | 'keyId'> {
  const kept = token === undefined ? secret : robotSecret(token, secret);
  return kept === undefined ? {} : { sealed: sealer.seal(kept, about(id)), keyId: sealer.keyId };
}

// --- made and changed -----------------------------------------------------------------------------------------------

/** Makes a channel: members are told what happens from now on. */
export async function addChannel(
  parts: ChannelParts,
  body: unknown,
): Promise<Refusal | StoredChannel> {
  const { ledger, sealer, limits, now } = parts;
  const fields = readBody(body);
  if (isRefusal(fields)) return fields;
  const id = `nc_${randomBytes(ID_BYTES).toString('hex')}`;
  const said: Said = { ...fields, id, state: 'active', createdAt: now, updatedAt: now };
  const problem = problemOf(said, (said.token ?? said.secret) !== undefined, parts);
  if (problem !== null) return problem;
  const present = await CHANNELS.all(ledger);
  if (isRefusal(present)) return present;
  if (present.length >= limits.channelsMax) return refuse('CHANNEL_LIMIT');
  const { secret: _, token: __, ...channel } = said;
  const stored = { ...channel, ...sealedSecret(sealer, said) };
  return tooLong(stored) ?? (await CHANNELS.put(ledger, id, stored, 0)) ?? stored;
}

async function changed(
  { ledger, now }: Pick<ChannelParts, 'ledger' | 'now'>,
  id: string,
  change: (channel: StoredChannel) => StoredChannel | Refusal,
): Promise<Refusal | StoredChannel> {
  const found = isChannelId(id)
    ? await CHANNELS.change(ledger, id, (before) => {
        const next = change(before);
        return isRefusal(next) ? next : { ...next, updatedAt: now };
      })
    : undefined;
  return found ?? refuse('CHANNEL_NOT_FOUND', 'channel');
}

/** Says one anew; its secret stays where none is said. */
export async function changeChannel(
  parts: ChannelParts,
  id: string,
  body: unknown,
): Promise<Refusal | StoredChannel> {
  const fields = readBody(body);
  if (isRefusal(fields)) return fields;
  return changed(parts, id, ({ state, createdAt, updatedAt, ...before }) => {
    if (fields.type !== before.type) return wrong('type', 'It stays as it is.');
    if (fields.platform !== before.platform) return wrong('platform', 'It stays as it is.');
    const said: Said = { ...fields, id, state, createdAt, updatedAt };
    const { secret, token, ...channel } = said;
    const isNone = said.type === 'email' && said.user === undefined;
    const kept = isNone ? {} : { sealed: before.sealed, keyId: before.keyId };
    const hasSecret = (token ?? secret ?? kept.sealed) !== undefined;
    const problem = problemOf(said, hasSecret, parts);
    if (problem !== null) return problem;
    const stored = { ...channel, ...kept, ...sealedSecret(parts.sealer, said) };
    return tooLong(stored) ?? stored;
  });
}

/** Has nothing sent by it, or something again, from where it was. */
export const pauseChannel = (
  parts: Pick<ChannelParts, 'ledger' | 'now'>,
  id: string,
  state: Channel['state'],
): Promise<Refusal | StoredChannel> => changed(parts, id, (before) => ({ ...before, state }));

/** Forgets one. */
export async function removeChannel(
  { ledger }: Pick<ChannelParts, 'ledger'>,
  id: string,
): Promise<Refusal | StoredChannel> {
  const found = await findChannel(ledger, id);
  return isRefusal(found) ? found : ((await CHANNELS.delete(ledger, id)) ?? found);
}

export async function findChannel(ledger: OwnLedger, id: string): Promise<Refusal | StoredChannel> {
  const found = isChannelId(id) ? await CHANNELS.get(ledger, id) : undefined;
  if (isRefusal(found)) return found;
  return found?.read() ?? refuse('CHANNEL_NOT_FOUND', 'channel');
}
