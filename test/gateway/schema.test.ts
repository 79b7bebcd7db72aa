// The schemas and the engine say the same of commands, whether they come in the body of a request or over a socket (schema.D2).

import t from 'tap';
import type { TObject } from 'typebox';
import type { Command } from '../../engine/index.js';
import { KINDS } from '../../engine/programme/definitions/index.js';
import { documentProblem, NOT_KNOWN } from '../../engine/programme/definitions/kind.js';
import { CALLER_ACTS, problemWith } from '../../engine/programme/index.js';
import { CommandReader, commandProblem } from '../../gateway/schema/command-reader.js';
import * as bodies from '../../gateway/schema/commands.js';
import { Compile, Type } from '../../gateway/schema/typebox.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { Draw, type Schema } from './draw.js';

t.setTimeout(0);

interface Judged {
  readonly code: string;
  readonly field?: string | undefined;
  readonly detail?: string | undefined;
}

/** A shape with the engine's verdict on it: undefined where it takes it. */
interface Subject {
  readonly name: string;
  readonly schema: Schema;
  readonly judge: (value: unknown) => Judged | undefined;
}

/** Of the kinds that say what their keys are, one of which each takes. */
const KEYS = ['shop.CONSUME', 'gold.tin', 'gold', 'tier.changed.en'];

/** What is wrong with a document, whichever kind it is of. */
function documentOfNoKind({ type, document }: any): Judged | undefined {
  if (type !== 'put-definition' || document === undefined) return undefined;
  const found = KINDS.flatMap((kind) =>
    KEYS.map((key) => documentProblem(kind, document, key, NOT_KNOWN)),
  );
  if (found.includes(null)) return undefined;
  return (found.find((one) => BEYOND.some((is) => is(one as Judged))) ?? found[0]) as Judged;
}

const judged = (command: any): Judged | undefined =>
  problemWith(command) ?? documentOfNoKind(command);

const built = (command: any): Judged | undefined =>
  command.ok === false ? command : judged(command);

const reading = (type: Command['type'], inPath: Readonly<Record<string, string>> = {}) => {
  const reader = new CommandReader(type, Object.keys(inPath));
  return (body: unknown) => reader.read(structuredClone(body), Object.values(inPath));
};

const BODIES: readonly Subject[] = [
  ['transfer', bodies.TransferBody, reading('transfer')],
  ['hold', bodies.HoldBody, reading('hold')],
  ['capture', bodies.CaptureBody, reading('capture', { owner: 'ann', holdId: 'H' })],
  ['release', bodies.ReleaseBody, reading('release', { owner: 'ann', holdId: 'H' })],
  ['reverse', bodies.ReverseBody, reading('reverse', { owner: 'ann', transferId: 'E' })],
  [
    'confirmation',
    bodies.ConfirmBody,
    reading('confirm-pending', { owner: 'ann', transferId: 'E' }),
  ],
  ['account', bodies.AccountBody, reading('open-account', { owner: 'ann', asset: 'gold' })],
  [
    'change of an account',
    bodies.AccountChangeBody,
    reading('freeze-account', { owner: 'ann', asset: 'gold' }),
  ],
  ['limit', bodies.CreditLimitBody, reading('set-credit-limit', { owner: 'ann', asset: 'gold' })],
  ['extension', bodies.ExtensionBody, reading('extend-lots', { owner: 'ann', asset: 'gold' })],
  [
    'definition',
    bodies.DefinitionBody,
    reading('put-definition', { kind: 'offer', key: 'spring' }),
  ],
  ['asset', bodies.AssetBody, reading('define-asset', { asset: 'gold' })],
].map(([name, schema, make]) => ({
  name: `the body of a ${name}`,
  schema: schema as Schema,
  judge: (body) => built((make as (body: unknown) => unknown)(body)),
}));

/** The command of each act: what it takes is the act's own. */
const ofActs = (schema: TObject): [string, TObject][] =>
  [...CALLER_ACTS.values()].map(({ name, body }) => {
    const own = { act: Type.Literal(name), body: bodies.strict(bodies.actFields(body)) };
    return [`act ${name}`, bodies.strict({ ...schema.properties, ...own })];
  });

const SHAPES = [...bodies.COMMANDS].flatMap(([type, schema]): [string, TObject][] =>
  type === 'act' ? ofActs(schema) : [[type, schema]],
);
const COMMANDS: readonly Subject[] = SHAPES.map(([type, schema]) => ({
  name: `the command ${type}`,
  schema,
  judge: (value) => {
    const command = structuredClone(value);
    return commandProblem(command) ?? judged(command);
  },
}));

/**
 * What a schema does not say: that two fields go together, how many bytes a text or an object has, whether it is well-formed,
 * and whether there is such a day. Nothing else.
 */
const BEYOND: readonly ((found: Judged) => boolean)[] = [
  ({ code }) => /^(SAME_ACCOUNT|EXPIRY_POLICY_INVALID|LEG_PARTS_INVALID)$/.test(code),
  ({ code }) => code === 'OWNER_NOT_PARTY',
  ({ code }) => code === 'ID_TOO_LONG',
  ({ code }) => /^(MEMO_INVALID|METADATA_INVALID|METADATA_TOO_LARGE|RECORD_TOO_LARGE)$/.test(code),
  ({ code }) => /^(EXPIRY|DEADLINE|OCCURRED|PENDING|ACTIVE_FROM)_INVALID$/.test(code),
  ({ code }) => code === 'DEFINITION_TOO_LARGE',
  // Half a character, in a text of which that matters.
  ({ field }) => field === 'reason',
  // What an act takes is said by its own route.
  ({ field }) => field === 'body' || field?.startsWith('body.') === true,
  // Places of prizes rise, and do not overlap.
  ({ field }) => field === 'document.prizes',
  // What a kind says of fields that are right each by itself: a time before another, a condition that cannot be compiled.
  ({ field, detail }) =>
    field?.startsWith('document.') === true &&
    detail !== undefined &&
    !detail.includes('is not a field of'),
];

t.test('a schema takes what the engine takes, and nothing else', async (t) => {
  const subjects = [...BODIES, ...COMMANDS].map((subject) => ({
    ...subject,
    validator: Compile(subject.schema as never),
    accepted: 0,
    refused: 0,
  }));
  const runs = campaign({ name: 'schemas', long: 20_000, sample: 150 });
  await runs.run((seed) => {
    const draw = new Draw(new Random(seed), {});
    for (const subject of subjects) {
      const whole = draw.valid(subject.schema);
      const value = draw.random.chance(0.4) ? whole : draw.mutated(whole);
      const isAllowed = subject.validator.Check(value);
      const found = subject.judge(value);
      if (found === undefined) subject.accepted++;
      else subject.refused++;
      const agree =
        isAllowed === (found === undefined) ||
        (isAllowed && found !== undefined && BEYOND.some((is) => is(found)));
      if (agree) continue;
      const verdicts = `the schema: ${isAllowed}, the engine: ${JSON.stringify(found)}`;
      throw new Error(`${subject.name}: ${verdicts}, of ${JSON.stringify(value)}`);
    }
  });
  const few = Math.min(5, runs.count / 10);
  for (const { name, accepted, refused } of subjects)
    t.ok(accepted >= few && refused >= few, `${name}: ${accepted} accepted, ${refused} refused`);
  t.ok(runs.count < 300 || runs.count * subjects.length >= 3_000);
});
