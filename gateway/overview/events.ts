// Events as they were reported, of all members. Owns: how they are found in the audit trail. Never touches: what they earned, which their records say.
//   overview.E1. A page looks at so much of the logs and no more: one that has found little has a cursor, too.

import type { Caller, Engine } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';

/** Which events. */
export interface EventsQuery {
  readonly programme?: string | undefined;
  readonly type?: string | undefined;
  readonly owner?: string | undefined;
  /** Milliseconds since 1970: decided from then on, and before. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** An event. */
export interface ListedEvent {
  readonly owner: string;
  readonly event: string;
  readonly programme: string;
  readonly type: string;
  /** When it was decided, and when it happened, milliseconds since 1970. */
  readonly time: number;
  readonly at: number;
  /** `ok`, `PREPARED`, or why it was refused. */
  readonly outcome: string;
  /** Minor units that it brought its member; left out: that is not known yet. */
  readonly earned?: number | undefined;
  /** Who reported it. */
  readonly by: string;
}

/** A page of events, the newest first. */
export async function eventsPage(
  engine: Engine,
  caller: Caller,
  query: EventsQuery,
): Promise<{ readonly events: readonly ListedEvent[]; readonly cursor?: string } | Refusal> {
  const page = await engine.audit({ ...query, operation: 'act', act: 'event' });
  if (isRefusal(page)) return page;
  const events: ListedEvent[] = [];
  for (const {
    owner = '',
    id: event = '',
    time,
    outcome,
    principal: by,
    command,
  } of page.records) {
    const {
      programme = '',
      type = '',
      ...body
    } = command['body'] as {
      readonly programme?: string;
      readonly type?: string;
      readonly time?: number;
    };
    const record =
      outcome === 'ok' || outcome === 'PREPARED' ? await caller.transfer(owner, event) : undefined;
    if (isRefusal(record)) return record;
    const decided = record?.outcome;
    const came = decided === undefined ? outcome : decided.ok ? 'ok' : decided.code;
    const earned = decided?.ok === true ? earnedIn(decided.act?.effects ?? []) : undefined;
    const at = Math.min(body.time ?? time, time);
    events.push({ owner, event, programme, type, time, at, outcome: came, earned, by });
  }
  return page.cursor === undefined ? { events } : { events, cursor: page.cursor };
}

const earnedIn = (effects: readonly Readonly<Record<string, unknown>>[]): number =>
  effects.reduce((sum, { type, amount }) => (type === 'earn' ? sum + Number(amount) : sum), 0);
