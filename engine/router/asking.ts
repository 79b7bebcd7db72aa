// Acts whose callers leave out what a record of a `#` owner says (Act.asks). Owns: that it is read on their way to the shard. Never touches: what
// it means, which the act judges in its commit.
//   router.O7. What is read completes the command as if its caller had said it: its id binds all of it. Where it cannot be read, or there is no
//       such record, nothing is handed over and no id is used.
//   router.O8. Nothing is read for who may not ask for the act: that one is refused by the shard, whatever the record says.

import { type Act, CALLER_ACTS } from '../programme/index.js';
import { mayAsk } from '../programme/permitted.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { ActCommand, Command, Query } from '../protocol/commands.js';
import type { Granted } from '../protocol/grants.js';
import { isRefusal, type Outcome, type Refused, refused } from '../protocol/outcomes.js';
import type { Answer } from '../shard/messages.js';

type Asks = NonNullable<Act['asks']>;

/** What is needed of the router. */
interface Asker {
  ask(
    query: Query,
    shard: undefined,
    asking: { readonly owned: boolean; readonly timeoutMs: number },
  ): Promise<Answer | Outcome>;
}

/** What is to be read for a command. */
export interface LeftOut {
  readonly command: ActCommand;
  readonly asks: Asks;
  readonly place: NonNullable<ReturnType<Asks['of']>>;
}

/** What a command leaves out; undefined: nothing that is to be read for its caller. The command may be anything. */
export function leftOut(command: Command, granted: Granted): LeftOut | undefined {
  if (command?.type !== 'act') return undefined;
  const act = CALLER_ACTS.get(command.act);
  if (act?.asks === undefined || !mayAsk(act, granted, command.body)) return undefined;
  const { body } = command;
  const place = typeof body === 'object' && body !== null ? act.asks.of(body) : undefined;
  return place && { command, asks: act.asks, place };
}

/** The command with what it leaves out, or why it cannot be known. `until`: how long it is waited for, by the monotonic clock. */
export async function completed(
  router: Asker,
  { command, asks, place }: LeftOut,
  until: number,
): Promise<Command | Refused> {
  const { owner, type, key, otherwise } = place;
  const query = { type: 'read-record', owner, recordType: recordTypeOf(type), key } as const;
  const timeoutMs = Math.max(0, until - performance.now());
  const answer = await router.ask(query, undefined, { owned: true, timeoutMs });
  const { id } = command;
  if (isRefusal(answer)) return { ...answer, id };
  const { record } = answer as Extract<Answer, { type: 'read-record' }>;
  if (record === undefined) return refused(otherwise, undefined, id);
  return { ...command, body: asks.complete(command.body, recordValueIn(record.value)) };
}
