// The audit trail outside. Owns: what its records look like, and what its route says of itself. Never touches: the trail.

import { CALLER_ACTS, COMMANDS, limits, REFUSALS, type RefusalCode } from '../../engine/index.js';
import { type Description, SHARDS } from './description.js';
import { AnyTime } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { Count, Holder, KnownId, oneOf, Time, whole } from './words.js';

const { Optional } = Type;

const OPERATIONS = Object.entries(COMMANDS)
  .filter(([, { by }]) => by === 'caller')
  .map(([type]) => type);
const Operation = oneOf(OPERATIONS, { description: 'The type of a command.' });
const Principal = Type.String({
  minLength: 1,
  maxLength: limits.PRINCIPAL_LENGTH_MAX,
  description:
    'Who asks, by the credentials shown: `administrator`, `operator:{name}`, `key:{id}`, `platform:{id}`.',
});

const AuditRecord = answer('AuditRecord', {
  shard: whole(0, limits.SHARDS_MAX - 1),
  seq: Count,
  index: Type.Unsafe<number>({ ...whole(0, limits.AMOUNT_MAX), description: 'Within its block.' }),
  time: Time,
  principal: Principal,
  address: Optional(
    Type.String({ description: 'Left out once the days of the audit trail are over.' }),
  ),
  agent: Optional(Type.String({ description: 'Likewise.' })),
  device: Optional(Type.String({ description: 'What the member’s device is called; likewise.' })),
  memberAddress: Optional(
    Type.String({ description: 'The member’s own address, where a platform said it; likewise.' }),
  ),
  traceId: Optional(Type.String({ description: '32 hexadecimal digits.' })),
  operation: Operation,
  owner: Optional(Holder),
  id: Optional(KnownId),
  outcome: Type.String({
    description: '`ok`, or a refusal’s code; `PREPARED`: its id tells what it came to.',
  }),
  command: Type.Record(Type.String(), Type.Unknown(), {
    description: 'What was asked, without memos, metadata and values of records.',
  }),
});

export const auditDescription: Description = {
  tag: 'operations',
  summary: 'The audit trail: who asked for what, newest first.',
  details:
    'Of every command that has a record in the ledger, carried out or refused for good. A page that looked at much of the log has a `cursor` ' +
    'although it may have found less than `limit`: go on until there is none.',
  query: Type.Object({
    from: Optional(AnyTime),
    to: Optional(AnyTime),
    principal: Optional(Principal),
    owner: Optional(
      Type.String({
        minLength: 1,
        maxLength: limits.OWNER_LENGTH_MAX,
        description: 'Only commands that name this owner.',
      }),
    ),
    operation: Optional(Operation),
    act: Optional(oneOf([...CALLER_ACTS.keys()], { description: 'Only acts of this name.' })),
    outcome: Optional(
      oneOf(['ok', 'refused', ...(Object.keys(REFUSALS) as RefusalCode[])], {
        description: 'Only what came to this; `refused`: to any refusal.',
      }),
    ),
    id: Optional(
      Type.String({
        minLength: 1,
        maxLength: limits.ID_LENGTH_MAX,
        description: 'Only commands of this id, whoever’s it is.',
      }),
    ),
    limit: Optional(
      whole(1, limits.AUDIT_PAGE_MAX, {
        description: `1 to ${limits.AUDIT_PAGE_MAX}; default ${limits.AUDIT_PAGE_DEFAULT}.`,
      }),
    ),
    cursor: Optional(Type.String({ description: 'From the page before.' })),
  }),
  answers: {
    200: {
      summary: 'A page.',
      schema: answer('AuditPage', {
        records: Type.Array(AuditRecord),
        cursor: Optional(Type.String({ description: 'Pass it to get the next page.' })),
      }),
    },
  },
  refusals: [...SHARDS, 'CURSOR_INVALID'],
};
