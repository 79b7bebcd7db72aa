// Events of a programme: as they are given to the client, as they are sent and answered. Owns: these shapes. Never touches: requests.

import type { ActCommand } from '../../engine/protocol/commands.js';
import type { ToldDraw } from '../../engine/protocol/draw.js';
import type { Refused } from '../../engine/protocol/outcomes.js';
import { type CommandRoute, partOf } from './routes.js';

/** What a member did. */
export interface MemberEvent {
  readonly programme: string;
  /** The type of the event, within its programme. */
  readonly type: string;
  readonly owner: string;
  /** Unique for ever within the member; left out: one is made. */
  readonly id?: string | undefined;
  /** When it happened, milliseconds since 1970; left out: now. */
  readonly time?: number | undefined;
  /** By the names and types that its type has. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** The lines of an order, which sum to its amount. */
  readonly lines?:
    | readonly { readonly line: string; readonly amount: number; readonly quantity?: number }[]
    | undefined;
}

/** What of an event is given back; without lines and amount: all that is left. */
export interface EventReturn {
  readonly owner: string;
  readonly id?: string | undefined;
  readonly lines?:
    | readonly { readonly line: string; readonly amount?: number; readonly quantity?: number }[]
    | undefined;
  /** Of an event without lines. */
  readonly amount?: number | undefined;
}

/** An event as it is in the log. */
export interface EventRecord {
  readonly owner: string;
  readonly event: string;
  readonly programme: string;
  readonly type: string;
  readonly state: 'posted' | 'refused' | 'prepared';
  /** When it was decided, and when it happened; milliseconds since 1970. */
  readonly time: number;
  readonly at: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly lines?: MemberEvent['lines'];
  /** Minor units. */
  readonly earned: number;
  readonly effects: readonly Readonly<Record<string, unknown>>[];
  readonly why: Readonly<Record<string, unknown>>;
  /** Minor units that no return has taken back. */
  readonly remaining?: number;
}

/** Why an event earned what it did. */
export interface Explanation {
  readonly owner: string;
  readonly event: string;
  readonly programme: string;
  readonly type: string;
  readonly lang: 'zh' | 'en';
  readonly earned: number;
  /** In words, a sentence each. */
  readonly lines: readonly string[];
  /** The definitions that decided, in the versions that did. */
  readonly decided: readonly {
    readonly kind: string;
    readonly key: string;
    readonly version: number;
    readonly name?: string;
    /** What was left of what limited it, in minor units: of its limit (0: it was reached), of its budget. */
    readonly left?: { readonly limit?: number; readonly budget?: number };
  }[];
  readonly why: Readonly<Record<string, unknown>>;
}

/** A draw in a lottery. */
export interface DrawRequest {
  readonly owner: string;
  /** Unique for ever within the member; left out: one is made. */
  readonly id?: string | undefined;
}

/** A word that draws are decided by. */
export interface WordRequest extends DrawRequest {
  readonly word: string;
}

/** Which draws of a member to read. */
export interface DrawsQuery {
  /** The key of the lottery. */
  readonly lottery: string;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** A draw, with all that it takes to check it beside its seed. */
export interface DrawRecord extends ToldDraw {
  readonly draw: string;
  /** What is won is called so. */
  readonly name: string;
  readonly amount: number;
}

const given = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** An act of a member, in which what is not given is left out. */
export function actOf(
  act: string,
  owner: string,
  id: string | undefined,
  body: object,
): ActCommand {
  const named = id === undefined ? {} : { id };
  return { type: 'act', act, owner, ...named, body: given(body) };
}

export const eventCommand = ({ owner, id, ...body }: MemberEvent): ActCommand =>
  actOf('event', owner, id, body);

export const returnCommand = (event: string, { owner, id, ...body }: EventReturn): ActCommand =>
  actOf('return-event', owner, id, { event, ...body });

export const drawCommand = (lottery: string, { owner, id }: DrawRequest): ActCommand =>
  actOf('draw', owner, id, { lottery });

export const wordCommand = (lottery: string, { owner, id, word }: WordRequest): ActCommand =>
  actOf('draw-word', owner, id, { lottery, word });

/** An act whose own fields stand beside those of its command. */
export const bodyOfAct = ({ type, act, body, ...fields }: ActCommand): object => ({
  ...body,
  ...fields,
});

/** Where a return goes. */
export function returnRoute(command: ActCommand): CommandRoute | Refused {
  const { event, ...body } = bodyOfAct(command) as Record<string, unknown>;
  const path = partOf('event', event, command.id);
  return typeof path === 'string'
    ? { method: 'POST', path: `/v1/events/${path}/returns`, body }
    : path;
}

/** Where draws, and words for them, go. */
export const lotteryRoute =
  (what: 'draws' | 'words') =>
  (command: ActCommand): CommandRoute | Refused => {
    const { lottery, ...body } = bodyOfAct(command) as Record<string, unknown>;
    const path = partOf('lottery', lottery, command.id);
    return typeof path === 'string'
      ? { method: 'POST', path: `/v1/lotteries/${path}/${what}`, body }
      : path;
  };
