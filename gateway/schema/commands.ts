// Commands: what may be asked to be done to the ledger. Owns: the fields of each, and of the bodies of requests. Never
// touches: their judging, which is the engine's on the way of a transfer (test/gateway/schema.test.ts: both say the same).
//   D2. A command has one shape. A request's body is that shape without what its path says.

import Type, { type TObject, type TSchema } from 'typebox';
import { type Command, limits } from '../../engine/index.js';
import {
  Amount,
  AssetCode,
  Count,
  Id,
  Kind,
  KnownId,
  Memo,
  Metadata,
  NAME,
  Owner,
  RecordName,
  RecordValue,
  Reference,
  Time,
  TimeText,
  type Told,
  User,
  whole,
} from './words.js';

const { Optional } = Type;
type Fields = Readonly<Record<string, TSchema>>;

/** An object of these fields and no others. */
export const strict = <T extends Fields>(fields: T, told: Told = {}): TObject<T> =>
  Type.Object(fields, { ...told, additionalProperties: false });

const ABOUT: Fields = {
  kind: Optional(Kind),
  ref: Optional(Reference),
  memo: Optional(Memo),
  metadata: Optional(Metadata),
};
const BUSINESS: Fields = { id: Optional(Id), ...ABOUT };
const ACCOUNT: Fields = { id: Optional(Id), owner: User, asset: AssetCode };
const RECORD: Fields = {
  id: Optional(Id),
  owner: User,
  recordType: RecordName,
  key: RecordName,
  ifVersion: Optional(Count),
};

export const Condition = strict(
  { owner: User, asset: AssetCode, availableAtLeast: Count },
  {
    [NAME]: 'Condition',
    description: 'Posts only where so much is available before the transfer.',
  },
);

/** The commands and their parts. `time`: how times are given; `prefix`: before the names of the parts. */
function shapes(time: TSchema, prefix: string) {
  const expiresAt = Optional(
    Type.Union([time, Type.Null()], {
      description: 'When the credited points expire; null: never. Left out: the asset’s default.',
    }),
  );
  const leg = strict(
    { from: Owner, to: Owner, asset: AssetCode, amount: Amount, expiresAt },
    { [NAME]: `${prefix}Leg`, description: 'Points move from one account to another.' },
  );
  const movement = (legsMax: number): Fields => ({
    legs: Type.Array(leg, { minItems: 1, maxItems: legsMax }),
    condition: Optional(Condition),
  });
  const followUp = strict(
    { ...ABOUT, ...movement(limits.FOLLOW_UP_LEGS_MAX) },
    {
      [NAME]: `${prefix}FollowUp`,
      description: 'A transfer that is carried out once the first one is posted.',
    },
  );
  const followUps = Optional(
    Type.Array(followUp, { minItems: 1, maxItems: limits.FOLLOW_UPS_MAX }),
  );
  const hold: Fields = { ...BUSINESS, owner: User, holdId: Id };
  const commands: Readonly<Record<Command['type'], Fields>> = {
    transfer: { ...BUSINESS, ...movement(limits.LEGS_MAX), followUps },
    hold: { ...BUSINESS, owner: User, asset: AssetCode, amount: Amount, deadline: Optional(time) },
    capture: {
      ...hold,
      to: Owner,
      amount: Optional(Amount),
      releaseRest: Optional(Type.Boolean()),
      expiresAt,
    },
    release: hold,
    reverse: {
      ...BUSINESS,
      owner: Owner,
      transferId: KnownId,
      allowDebt: Optional(Type.Boolean()),
    },
    'open-account': ACCOUNT,
    'freeze-account': ACCOUNT,
    'unfreeze-account': ACCOUNT,
    'close-account': ACCOUNT,
    'set-credit-limit': { ...ACCOUNT, creditLimit: Count },
    'put-record': { ...RECORD, value: RecordValue, expiresAt: Optional(time) },
    'delete-record': RECORD,
    'define-asset': {
      asset: AssetCode,
      scale: whole(0, limits.SCALE_MAX, { description: 'Decimals: how minor units are shown.' }),
      lotTracked: Optional(Type.Boolean()),
      lotGranularityMs: Optional(
        whole(limits.LOT_GRANULARITY_MIN_MS, limits.LOT_GRANULARITY_MAX_MS),
      ),
      defaultExpiryMs: Optional(whole(0, limits.TIME_MAX_MS)),
    },
  };
  return { leg, followUp, commands };
}

const inBodies = shapes(Type.Union([Time, TimeText]), '');
const inCommands = shapes(Time, 'Command');

/** The body of a request for a command; `inPath`: the fields that its path gives. */
function body(type: Command['type'], name: string, ...inPath: readonly string[]): TObject {
  const fields = Object.entries(inBodies.commands[type]).filter(
    ([field]) => !inPath.includes(field),
  );
  return strict(Object.fromEntries(fields), { [NAME]: name });
}

/** The parts of the body of a transfer. */
export const Leg = inBodies.leg;
export const FollowUp = inBodies.followUp;

export const TransferBody = body('transfer', 'Transfer');
export const HoldBody = body('hold', 'Hold');
export const CaptureBody = body('capture', 'Capture', 'owner', 'holdId');
export const ReleaseBody = body('release', 'Release', 'owner', 'holdId');
export const ReverseBody = body('reverse', 'Reverse', 'owner', 'transferId');
export const AccountBody = body('open-account', 'Account', 'owner', 'asset');
export const CreditLimitBody = body('set-credit-limit', 'CreditLimit', 'owner', 'asset');
export const AssetBody = body('define-asset', 'AssetDefinition', 'asset');

/** The parts of a command as the engine takes it. */
export const CommandLeg = inCommands.leg;
export const CommandFollowUp = inCommands.followUp;
/** Commands as the engine takes them and as they are sent over a socket, by type. */
export const COMMANDS: ReadonlyMap<string, TObject> = new Map(
  Object.entries(inCommands.commands).map(([type, fields]) => [
    type,
    strict({ type: Type.Literal(type), ...fields }) as TObject,
  ]),
);

/** The names of the fields of an object. */
export const namesIn = (schema: TObject): ReadonlySet<string> =>
  new Set(Object.keys(schema.properties));
