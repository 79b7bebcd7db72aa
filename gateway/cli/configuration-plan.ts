// What a configuration changes. Owns: the differences between files and a ledger, which of them wait for a second person, how they are told. Never touches:
// files, servers but through configuration-ledger.

import { createHash } from 'node:crypto';
import { limits, programmeOf, takesSecond } from '../../engine/index.js';
import type { Given } from './arguments.js';
import {
  type Document,
  type Fault,
  fileOf,
  formed,
  inOrder,
  type Wanted,
} from './configuration-folder.js';
import {
  type Answer,
  assetFault,
  isSame,
  leanAsset,
  readLedger,
  type Said,
  type There,
  tried,
} from './configuration-ledger.js';

/** A field that changes; undefined: it is not there. */
interface FieldChange {
  readonly field: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** A definition or an asset that changes. */
export interface Change {
  readonly kind: string;
  readonly key: string;
  readonly change: 'create' | 'change' | 'retire';
  readonly fields: readonly FieldChange[];
  /** What it is to say; undefined: it is retired. */
  readonly document?: Document | undefined;
  /** The version that it follows; 0: none. */
  readonly ifVersion: number;
  /** `proposes`: a second person must agree to it; `waits`: that is what it waits for. */
  readonly second?: 'proposes' | 'waits' | undefined;
  /** Who has proposed what waits. */
  readonly by?: string | undefined;
}

/** What is to be done. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly faults: readonly Fault[];
  /** Tells this plan from any other. */
  readonly digest: string;
}

/** What is asked for. */
export interface Asked {
  /** Only what belongs to this programme. */
  readonly programme: string | undefined;
  /** Is what the files do not have retired? */
  readonly prune: boolean;
  readonly activeFrom: number | undefined;
  /** Is what was proposed made active, and nothing else? */
  readonly approves: boolean;
}

const NOT_PROPOSED = 'It was not proposed as it is here: jifen apply comes first.';

const nameOf = ({ kind, key }: { readonly kind: string; readonly key: string }): string =>
  `${kind} ${key}`;

/** What is looked at: a file, or what a ledger has. */
type Item = Pick<There, 'kind' | 'key' | 'document'>;

/** Which of all belong to a programme: what names it, it itself, and its asset. */
export function belongingTo(
  programme: string | undefined,
  all: readonly Item[],
): (one: Item) => boolean {
  if (programme === undefined) return () => true;
  const assets = all.flatMap(({ kind, key, document }) =>
    kind === 'programme' && key === programme ? [document?.['asset']] : [],
  );
  return ({ kind, key, document }) =>
    (kind === 'programme' && key === programme) ||
    (kind === 'asset' && assets.includes(key)) ||
    programmeOf({ kind, key, document }) === programme;
}

/** What has to be done so that a ledger says what files say; looks at what is there, tries it, changes nothing. */
export async function planned(
  given: Given,
  { wanted, faults }: { readonly wanted: readonly Wanted[]; readonly faults: readonly Fault[] },
  asked: Asked,
): Promise<Plan> {
  const all = await readLedger(given);
  const isOurs = belongingTo(asked.programme, [...wanted, ...all]);
  const there = new Map(all.map((one) => [nameOf(one), one]));
  const ours = wanted.filter((one) => isOurs(one) || isOurs(there.get(nameOf(one)) ?? one));
  const changes = [...changesOf(ours, there)];
  const unchanged = ours.length - changes.length;
  if (asked.prune) {
    const known = new Set(wanted.map(nameOf));
    const gone = all.filter((one) => isOurs(one) && !known.has(nameOf(one)));
    changes.push(...gone.sort(inOrder).reverse().flatMap(retired));
  }
  const definitions = changes.filter(({ kind }) => kind !== 'asset');
  if (changes.length > limits.TOGETHER_COMMANDS_MAX)
    throw new Error(
      `${changes.length} definitions and assets change, and at most ${limits.TOGETHER_COMMANDS_MAX} can at once: say --programme`,
    );
  const seconded = definitions.map((change) => waiting(change, there, definitions));
  const judged = await judge(given, seconded, asked);
  const assets = changes.filter(({ kind }) => kind === 'asset');
  const assetFaults = assets.flatMap((one): Fault[] => {
    const fault = assetFault(
      { ...one, document: one.document ?? {} },
      there.get(nameOf(one))?.document,
    );
    return fault === undefined ? [] : [{ file: fileOf(one), ...fault }];
  });
  if (asked.approves)
    assetFaults.push(...assets.map((one) => ({ file: fileOf(one), detail: NOT_PROPOSED })));
  const result = [...assets, ...judged.changes];
  return {
    changes: result,
    unchanged,
    faults: [...faults, ...assetFaults, ...judged.faults],
    digest: digestOf(result),
  };
}

/** The same for the same changes of the same versions. */
function digestOf(changes: readonly Change[]): string {
  const hash = createHash('sha256');
  for (const { kind, key, document, ifVersion, second = '' } of changes)
    hash.update(`${kind} ${key} ${ifVersion} ${second} ${document && formed(document)}\n`);
  return hash.digest('hex').slice(0, 16);
}

function* changesOf(
  wanted: readonly Wanted[],
  there: ReadonlyMap<string, There>,
): Generator<Change> {
  for (const one of wanted) {
    const { kind, key, document } = one;
    const known = there.get(nameOf(one));
    const before = known?.document;
    const isAsset = kind === 'asset' && assetFault(one) === undefined;
    const fields = differences(before ?? {}, isAsset ? leanAsset(document) : document);
    if (before !== undefined && fields.length === 0) continue;
    const change = before === undefined ? 'create' : 'change';
    yield { kind, key, change, fields, document, ifVersion: known?.version ?? 0 };
  }
}

/** Assets stay: points may be in them. */
function retired({ kind, key, version, document }: There): Change[] {
  if (kind === 'asset' || document === undefined) return [];
  return [{ kind, key, change: 'retire', fields: [], ifVersion: version }];
}

function differences(before: Document, after: Document): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((field) => {
    const [from, to] = [before[field], after[field]];
    return isSame(from, to) ? [] : [{ field, from, to }];
  });
}

/** A change that was proposed already, where it takes a second person by what was read. */
function waiting(
  change: Change,
  there: ReadonlyMap<string, There>,
  all: readonly Change[],
): Change {
  const draft = there.get(nameOf(change))?.draft;
  const isProposed = draft !== undefined && isSame(draft.document, change.document);
  if (!isProposed) return change;
  const counting = (kind: string, key: string): Document[] => {
    const said = all.find((one) => one.kind === kind && one.key === key)?.document;
    return [there.get(`${kind} ${key}`)?.document, said].filter((one) => one !== undefined);
  };
  return takesSecond(change, counting) ? { ...change, second: 'waits', by: draft.by } : change;
}

/** As a server takes it. */
export function saidOf(change: Change, activeFrom: number | undefined, agrees: boolean): Said {
  const { kind, key, document, ifVersion, second } = change;
  if (second === 'proposes' && !agrees) return { kind, key, state: 'draft', document, ifVersion };
  const state = document === undefined ? 'retired' : 'active';
  return { kind, key, state, document, activeFrom, ifVersion };
}

/** What the server says of the changes: which of them it does not take, and which take a second person. */
async function judge(
  given: Given,
  definitions: readonly Change[],
  { activeFrom, approves }: Asked,
): Promise<{ readonly changes: readonly Change[]; readonly faults: readonly Fault[] }> {
  const asSaid = (changes: readonly Change[]) =>
    tried(
      given,
      changes.map((one) => saidOf(one, activeFrom, approves)),
    );
  const isUnapproved = ({ code }: Answer | undefined = {}): boolean =>
    code === 'DEFINITION_UNAPPROVED';
  if (approves) {
    const answers = await asSaid(definitions);
    return { changes: definitions, faults: faultsOf(definitions, answers, true) };
  }
  const sent = definitions.filter(({ second }) => second !== 'waits');
  const first = await asSaid(sent);
  if (!first.some(isUnapproved))
    return { changes: definitions, faults: faultsOf(sent, first, false) };
  const proposes = new Set(sent.filter((_, place) => isUnapproved(first[place])));
  const changes = definitions.map((one): Change => {
    return proposes.has(one) ? { ...one, second: 'proposes' } : one;
  });
  const again = changes.filter(({ second }) => second !== 'waits');
  return { changes, faults: faultsOf(again, await asSaid(again), false) };
}

/** A fault that a server has told. */
interface Refused extends Fault {
  readonly code?: string | undefined;
}
const FOR_OTHERS = 'DEFINITION_INVALID';

function faultsOf(
  changes: readonly Change[],
  answers: readonly Answer[],
  approves: boolean,
): Fault[] {
  const faults = changes.flatMap((change, place): Refused[] => {
    const file = fileOf(change);
    if (approves && change.second !== 'waits') return [{ file, detail: NOT_PROPOSED }];
    const { code, field, detail } = answers[place] ?? {};
    if (code === undefined) return [];
    if (code === 'DEFINITION_UNAPPROVED' && approves)
      return [{ file, detail: `${change.by} has proposed it: another credential must agree.` }];
    const within = field?.replace(/^document\.?/, '') || undefined;
    const told = detail?.startsWith(`${field}: `) ? detail.slice(`${field}: `.length) : detail;
    return [{ file, field: within, detail: told ?? code, code }];
  });
  // What names no field is right by itself, and refused for want of another one, which is told.
  const clear = faults.filter(({ field, code }) => field !== undefined || code !== FOR_OTHERS);
  return clear.length === 0 ? faults : clear;
}

const SIGNS = { create: '+', change: '~', retire: '-' } as const;
const shown = (value: unknown): string => (value === undefined ? '(none)' : JSON.stringify(value));

/** A plan in words. */
export function wordsOf({ changes, unchanged, digest }: Plan): string {
  const lines = changes.flatMap(({ kind, key, change, fields, second, by }) => {
    const waits = `  proposed by ${by}, waits for a second person`;
    const told = second === 'waits' ? waits : second ? '  takes a second person' : '';
    const each = change === 'change' ? fields : [];
    return [
      `${SIGNS[change]} ${kind} ${key}${told}`,
      ...each.map(({ field, from, to }) => `    ${field}: ${shown(from)} -> ${shown(to)}`),
    ];
  });
  const count = (of: Change['change']) => changes.filter(({ change }) => change === of).length;
  const sums = `${count('create')} to create, ${count('change')} to change, ${count('retire')} to retire`;
  return `${[...lines, `${sums}, ${unchanged} unchanged`, `plan ${digest}`].join('\n')}\n`;
}
