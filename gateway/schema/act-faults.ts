// Which field of a request it was that an act refused. Owns: their names. Never touches: whether something is refused, which the commit
// has judged.

import {
  type AttributeTypes,
  type Command,
  type Engine,
  eventTypeKey,
  type RefusalCode,
  type Refused,
  wrongAttribute,
} from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';

type Fields = Readonly<Partial<Record<RefusalCode, string>>>;

/** By act: the field of its body that a refusal is about. */
const FIELDS: Readonly<Record<string, Fields>> = {
  event: {
    DEFINITION_NOT_FOUND: 'programme',
    EVENT_TYPE_UNKNOWN: 'type',
    EVENT_TIME_INVALID: 'time',
    EVENT_TOO_LATE: 'time',
    EVENT_ATTRIBUTE_INVALID: 'attributes',
    EVENT_LINES_INVALID: 'lines',
  },
  'return-event': { EVENT_NOT_FOUND: 'event', RETURN_INVALID: 'lines' },
  'set-profile': { DEFINITION_NOT_FOUND: 'programme', PROFILE_INVALID: 'profile' },
  'grant-tier': { DEFINITION_NOT_FOUND: 'programme', TIER_UNKNOWN: 'tier' },
};

/** The fields with attributes, and where the definition says of which types they are. */
const ATTRIBUTES: Fields = { EVENT_ATTRIBUTE_INVALID: 'attributes', PROFILE_INVALID: 'profile' };

/** What an act was asked to do. */
interface Asked {
  readonly programme?: unknown;
  readonly type?: unknown;
  readonly amount?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly profile?: Readonly<Record<string, unknown>>;
}

/** Which field of a request a refusal of one of its acts is about. `prefix`: before the names of an act's own fields there. */
export function actFaults(
  engine: Engine,
  prefix: '' | 'body.',
): (command: Command, refused: Refused) => Refusal | Promise<Refusal> {
  const faults = new ActFaults(engine, prefix);
  return (command, refused) => faults.told(command, refused);
}

/** Of one request: what it looks up, it looks up once. */
class ActFaults {
  readonly #engine: Engine;
  readonly #prefix: '' | 'body.';
  readonly #types = new Map<string, Promise<AttributeTypes | undefined>>();

  constructor(engine: Engine, prefix: '' | 'body.') {
    this.#engine = engine;
    this.#prefix = prefix;
  }

  /** A refusal of this command, with the field that it is about, where that is known. */
  async told(command: Command, refused: Refused): Promise<Refusal> {
    if (command.type !== 'act') return refused;
    const { field, code } = refused;
    if (field?.startsWith('body.') === true)
      return { ...refused, field: this.#prefix + field.slice('body.'.length) };
    const { act, body } = command;
    const named = Object.hasOwn(FIELDS, act) ? FIELDS[act]?.[code] : undefined;
    if (field !== undefined || named === undefined) return refused;
    const asked = body as Asked;
    if (code === 'RETURN_INVALID' && asked.amount !== undefined) return this.#at(refused, 'amount');
    return ATTRIBUTES[code] === named
      ? this.#attribute(refused, named as 'attributes' | 'profile', asked)
      : this.#at(refused, named);
  }

  #at = (refused: Refused, field: string, detail?: string): Refusal => ({
    ...refused,
    field: this.#prefix + field,
    detail,
  });

  /** Which attribute it was, by the definition as it is now. */
  async #attribute(
    refused: Refused,
    field: 'attributes' | 'profile',
    asked: Asked,
  ): Promise<Refusal> {
    const { programme, type } = asked;
    const [kind, key] =
      field === 'profile'
        ? (['programme', String(programme)] as const)
        : (['event', eventTypeKey(String(programme), String(type))] as const);
    const types = await this.#typesOf(kind, key, field);
    const given = Object.entries(asked[field] ?? {}).filter(
      ([, value]) => value !== null || field === 'attributes',
    );
    const name = types && wrongAttribute(Object.fromEntries(given), types);
    if (name === undefined) return this.#at(refused, field);
    const wanted = Object.hasOwn(types ?? {}, name) ? types?.[name] : undefined;
    const place = `${this.#prefix}${field}.${name}`;
    const known = Object.keys(types ?? {}).join(', ');
    const detail =
      wanted === undefined
        ? `${place} is not known. Known are: ${known === '' ? 'none' : known}.`
        : `${place} must be ${wanted === 'integer' ? 'a whole number' : `of type ${wanted}`}.`;
    return this.#at(refused, `${field}.${name}`, detail);
  }

  #typesOf(kind: string, key: string, field: string): Promise<AttributeTypes | undefined> {
    const place = `${kind} ${key}`;
    let found = this.#types.get(place);
    if (found === undefined) {
      found = this.#engine.definition(kind, key).then((history) => {
        if (history === undefined || isRefusal(history)) return undefined;
        const { active, versions } = history;
        const document = versions.find(({ version }) => version === active)?.document;
        return document && ((document[field] ?? {}) as AttributeTypes);
      });
      this.#types.set(place, found);
    }
    return found;
  }
}
