// Tickets: what a web page may be given instead of a key. Owns: their making and checking, and the route for them. Never
// touches: sockets.
//   ws.A32. A ticket permits to watch one owner's balances, in the assets of who made it, until its time, at which its connection ends; nothing else. It is not kept anywhere: it carries
//       what it permits, signed with a secret that follows from the administrator's key, so it survives a restart.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { bearerKey } from '../auth/admin-key.js';
import { bareCredentials, type Credentials } from '../auth/authenticator.js';
import { either } from '../auth/principal.js';
import { json, problem } from '../encoding/answer.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import type { Route } from '../route.js';
import { ticketBody } from '../schema/access.js';
import { ticketDescription } from '../schema/access-descriptions.js';
import { bodyReader } from '../schema/check.js';
import { isShown, type StreamAccess, type StreamRights } from './access.js';

/** What a ticket begins with. */
const PREFIX = 'jifen_ticket_';
const CREATED = 201;

/** What a ticket permits, and until when (ms since 1970). */
interface Permit {
  readonly owner: string;
  readonly until: number;
  /** Undefined: all. */
  readonly assets: ReadonlySet<string> | undefined;
}

export class Tickets {
  readonly #limits: GatewayLimits;
  #secret: Buffer | undefined;

  constructor(limits: GatewayLimits) {
    this.#limits = limits;
  }

  /** Before it no ticket is good, and none can be made. */
  setKey(administratorKey: string): void {
    this.#secret = createHmac('sha256', administratorKey).update('stream tickets').digest();
  }

  #signature(body: string): Buffer {
    if (this.#secret === undefined) throw new Error('there is no key to sign tickets with');
    return createHmac('sha256', this.#secret).update(body).digest();
  }

  /** `assets` undefined: all. */
  make(owner: string, until: number, assets?: ReadonlySet<string>): string {
    const permitted = assets === undefined ? [owner, until] : [owner, until, [...assets]];
    const body = Buffer.from(JSON.stringify(permitted)).toString('base64url');
    return `${PREFIX}${body}.${this.#signature(body).toString('base64url')}`;
  }

  /** What the ticket permits; undefined: it is not one, or not any more. */
  #permit(ticket: string): Permit | undefined {
    if (!ticket.startsWith(PREFIX) || this.#secret === undefined) return undefined;
    const [body = '', ...rest] = ticket.slice(PREFIX.length).split('.');
    // As texts: many of them are the same bytes.
    const right = Buffer.from(this.#signature(body).toString('base64url'));
    const given = Buffer.from(rest.join('.'));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [owner, until, assets] = JSON.parse(Buffer.from(body, 'base64url').toString());
    return until > Date.now() ? { owner, until, assets: assets && new Set(assets) } : undefined;
  }

  /** Access by ticket, shown as a key would be; `others`: for everything else. */
  access(others: StreamAccess): StreamAccess {
    return (credentials) => {
      const ticket = bearerKey(credentials.authorization) ?? '';
      const isTicket = ticket.startsWith(PREFIX);
      if (!isTicket || isShown({ ...credentials, authorization: '' })) return others(credentials);
      const permit = this.#permit(ticket);
      return permit === undefined ? refuse('UNAUTHORIZED', 'Authorization') : rightsOf(permit);
    };
  }

  /** `POST /v1/stream/tickets`. */
  routes(): Route[] {
    const read = bodyReader(ticketBody(this.#limits.ticketMsMax));
    const handle: Route['handle'] = ({ body, principal: { assets, owner: only } }) => {
      const asked = read(body);
      if (isRefusal(asked)) return problem(asked);
      const { owner, ttlMs = DEFAULT_TTL_MS } = asked;
      if (only !== undefined && only !== owner) return problem(refuse('OWNER_FORBIDDEN', 'owner'));
      const until = Date.now() + ttlMs;
      return json(CREATED, { ticket: this.make(owner, until, assets), expiresAt: until });
    };
    const access = either('read');
    const path = '/v1/stream/tickets';
    const describes = ticketDescription(this.#limits);
    return [
      { method: 'POST', path, body: 'required', access, module: 'accounts', describes, handle },
    ];
  }
}

const DEFAULT_TTL_MS = 600_000;

/** What is shown where `?ticket=` is: nothing else then. A key there is none: addresses are written down in many places. */
export function shownWith(ticket: string | undefined, credentials: Credentials): Credentials {
  if (ticket === undefined) return credentials;
  const shown = ticket.startsWith(PREFIX) ? ticket : PREFIX;
  return bareCredentials(`Bearer ${shown}`, '');
}

/** A refusal of credentials, about the ticket where that was shown. */
export const aboutTicket = (refusal: Refusal, ticket: string | undefined): Refusal =>
  ticket !== undefined && refusal.code === 'UNAUTHORIZED'
    ? refuse('UNAUTHORIZED', 'ticket')
    : refusal;

function rightsOf({ owner, until, assets }: Permit): StreamRights {
  return {
    grants: { operations: new Set(['read']), assets, owner },
    until,
    isGood: () => until > Date.now(),
    watchProblem: (watched) => {
      if (watched.owner !== owner) return refuse('STREAM_FORBIDDEN', 'owner');
      const { asset, versions = {} } = watched;
      const named = asset === undefined ? Object.keys(versions) : [asset, ...Object.keys(versions)];
      const isHidden = named.some((one) => assets?.has(one) === false);
      return isHidden ? refuse('ASSET_FORBIDDEN', 'asset') : undefined;
    },
    mayFollow: () => false,
    counts: { take: () => refuse('STREAM_FORBIDDEN'), giveBack: () => {} },
  };
}
