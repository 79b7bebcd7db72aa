// Codes of goods and gift cards, through the gateway. Owns: their calls. Never touches: orders, which pay with cards and take codes.

import type { CardState, CodeCount } from '../../engine/protocol/digital.js';
import type { CallOptions } from './ending.js';
import { newId } from './ids.js';
import { bodyOf, type Requests } from './requests.js';
import { part } from './routes.js';

/** What came of an upload. */
export interface UploadedCodes {
  readonly goods: string;
  readonly added: number;
  /** Passed over: the goods have, or had, them already; or they were sent twice. */
  readonly known: number;
  readonly repeated: number;
}

/** What came of codes that were to be withdrawn. */
export interface WithdrawnCodes {
  readonly goods: string;
  readonly withdrawn: number;
  /** They had been withdrawn before. */
  readonly before: number;
  /** Left as they are: an order has them. */
  readonly given: number;
  /** The goods never had them. */
  readonly unknown: number;
}

/** A gift card that is to be issued. */
export interface CardAsked {
  /** A repeat with it comes to the same card. Left out: one is made. */
  readonly id?: string | undefined;
  readonly programme: string;
  /** Minor units. */
  readonly amount: number;
  /** Milliseconds since 1970; left out: it never ends. */
  readonly expiresAt?: number | undefined;
  /** Who pays for it; left out: its points are issued. */
  readonly budget?: string | undefined;
}

/** A card with its code, which nobody is told again. */
export interface IssuedCard extends CardState {
  readonly code: string;
}

/** Takes a key that may `admin`, but for looking at a card, which takes `read`. */
export class Digital {
  readonly #requests: Requests;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Gives goods more codes: 10,000 at most. What they have is passed over, so a repeat does no harm. */
  async upload(
    goods: string,
    codes: readonly string[],
    options: CallOptions = {},
  ): Promise<UploadedCodes> {
    return (await this.#requests.told(
      'POST',
      codesPath(goods),
      { codes },
      options,
    )) as UploadedCodes;
  }

  /** How many codes of goods nobody has, and how many were given out. */
  async count(goods: string, options: CallOptions = {}): Promise<CodeCount> {
    return (await this.#requests.told('GET', codesPath(goods), undefined, options)) as CodeCount;
  }

  /** Withdraws codes that nobody has, with a reason: those, or all of them. What an order has is left as it is; a repeat does no harm. */
  async withdraw(
    goods: string,
    asked: { readonly codes: readonly string[] | 'all'; readonly reason: string },
    options: CallOptions = {},
  ): Promise<WithdrawnCodes> {
    const path = `${codesPath(goods)}/withdraw`;
    return (await this.#requests.told('POST', path, asked, options)) as WithdrawnCodes;
  }

  /** Issues a gift card. */
  async issue(asked: CardAsked, options: CallOptions = {}): Promise<IssuedCard> {
    const said = { ...asked, id: asked.id ?? newId() };
    return (await this.#requests.told('POST', '/v1/cards', said, options)) as IssuedCard;
  }

  /** The card with a code, in whichever way it was typed; undefined: there is none. */
  lookUp(code: string, options: CallOptions = {}): Promise<CardState | undefined> {
    return this.#card('POST', '/v1/cards/look-up', { code }, options);
  }

  /** A card; undefined: there is none. */
  card(card: string, options: CallOptions = {}): Promise<CardState | undefined> {
    return this.#card('GET', cardPath(card), undefined, options);
  }

  /** Gives a card another end; null: none. */
  async extend(
    card: string,
    expiresAt: number | null,
    options: CallOptions = {},
  ): Promise<CardState> {
    const path = `${cardPath(card)}/expiry`;
    return (await this.#requests.told('PUT', path, { expiresAt }, options)) as CardState;
  }

  async #card(
    method: string,
    path: string,
    body: object | undefined,
    options: CallOptions,
  ): Promise<CardState | undefined> {
    const found = await this.#requests.ask({ method, path, body }, options);
    if ('ok' in found && found.code === 'CARD_NOT_FOUND') return undefined;
    return bodyOf(found) as CardState;
  }
}

const codesPath = (goods: string): string => `/v1/goods/${part('goods', goods)}/codes`;
const cardPath = (card: string): string => `/v1/cards/${part('card', card)}`;
