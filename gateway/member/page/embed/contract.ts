// What a page that embeds this one and this one say to each other: the contract, version 1 (ops/docs/embed.md). Owns: its messages, what is none. Never touches:
// windows.
//   embed.C1. Every message is an object with `jifen: 1` and a `type`. What is no such object is somebody else's, and is left alone; what is one, and is wrong, is
//        answered with what is wrong.

import { type Problem, readTheme, type Theme } from './theme.js';

/** The version of the contract. */
export const VERSION = 1;

/** What the host says. */
export type FromHost =
  | { readonly type: 'ticket'; readonly ticket: string }
  | { readonly type: 'theme'; readonly theme: Theme }
  | { readonly type: 'language'; readonly language: 'zh' | 'en' }
  | { readonly type: 'navigate'; readonly to: string };

/** What the page says. */
export type FromPage =
  /** It listens. */
  | { readonly type: 'ready'; readonly platform: string }
  /** Nobody is signed in, or not any more: a ticket, please. Said again until there is one. */
  | { readonly type: 'needs-ticket' }
  /** How high it is, in CSS pixels. */
  | { readonly type: 'height'; readonly height: number }
  /** The member has ordered goods: the order's number. */
  | { readonly type: 'redeemed'; readonly order: string; readonly goods: string }
  /** A message of this type was wrong, and nothing came of it. */
  | ({ readonly type: 'refused'; readonly of: string } & Problem);

/** A message that is wrong. */
export interface Wrong {
  readonly type: 'wrong';
  readonly of: string;
  readonly problem: Problem;
}

const TICKET_LENGTH_MAX = 512;
/** A place of the page, with neither host nor query: `/mall`, `/mall/tea`. */
const PLACE = /^\/(?:[a-z][a-z-]{0,23}(?:\/[A-Za-z0-9_~-][A-Za-z0-9._:~-]{0,63}){0,2})?$/;

/** Reads a message; undefined: it is none of these. */
export function readMessage(data: unknown): FromHost | Wrong | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const said = data as Readonly<Record<string, unknown>>;
  if (said['jifen'] === undefined) return undefined;
  const of = typeof said['type'] === 'string' ? said['type'].slice(0, 32) : '';
  const wrong = (field: string, detail: string): Wrong => ({
    type: 'wrong',
    of,
    problem: { field, detail },
  });
  if (said['jifen'] !== VERSION) return wrong('jifen', `must be ${VERSION}`);
  switch (of) {
    case 'ticket': {
      const { ticket } = said;
      return typeof ticket === 'string' && ticket !== '' && ticket.length <= TICKET_LENGTH_MAX
        ? { type: 'ticket', ticket }
        : wrong('ticket', 'must be what POST /v1/members/{owner}/sign-in-tickets has given');
    }
    case 'theme': {
      const theme = readTheme(said['variables']);
      return 'field' in theme ? wrong(theme.field, theme.detail) : { type: 'theme', theme };
    }
    case 'language': {
      const { language } = said;
      return language === 'zh' || language === 'en'
        ? { type: 'language', language }
        : wrong('language', 'must be zh or en');
    }
    case 'navigate': {
      const { to } = said;
      return typeof to === 'string' && PLACE.test(to)
        ? { type: 'navigate', to }
        : wrong('to', 'must be a place of the page, such as /mall');
    }
    default:
      return wrong('type', 'must be ticket, theme, language or navigate');
  }
}
