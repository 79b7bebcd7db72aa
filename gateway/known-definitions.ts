// What definitions say now, remembered for a moment. Owns: what is remembered, and for how long. Never touches: decisions, which shards make by
// what they have themselves.

import type { DefinitionHistory, DefinitionVersion, Engine } from '../engine/index.js';
import { isRefusal, type Refusal } from './refusal.js';

type Document = NonNullable<DefinitionVersion['document']>;
type History = DefinitionHistory | Refusal | undefined;

/** How long it is remembered, and of how many definitions. */
const KNOWN_MS = 1_000;
const KNOWN_MAX = 1_000;
/** What begins to decide within this time may decide already, by a clock that is ahead. */
const SOON_MS = 60_000;

interface Known {
  readonly until: number;
  readonly history: Promise<History>;
}

const known = new WeakMap<Engine, Map<string, Known>>();

/** A definition with its versions, at most a second old unless it is `fresh`; a refusal where it cannot be known now. */
function historyOf(
  engine: Engine,
  kind: string,
  key: string,
  isFresh: boolean,
): Promise<DefinitionHistory | Refusal | undefined> {
  let all = known.get(engine);
  if (all === undefined) known.set(engine, (all = new Map()));
  const place = `${kind} ${key}`;
  const found = all.get(place);
  const now = performance.now();
  if (found !== undefined && now < found.until && !isFresh) return found.history;
  if (all.size >= KNOWN_MAX) all.clear();
  const history = engine.definition(kind, key);
  const one = { until: now + KNOWN_MS, history };
  all.set(place, one);
  const forget = (): void => {
    if (known.get(engine)?.get(place) === one) known.get(engine)?.delete(place);
  };
  history.then((said) => isRefusal(said) && forget(), forget);
  return history;
}

/** The document of the version that decides; undefined: none does. It may be a second old; a refusal where it cannot be known now. */
export async function activeDocument(
  engine: Engine,
  kind: string,
  key: string,
): Promise<Document | Refusal | undefined> {
  const history = await historyOf(engine, kind, key, false);
  if (history === undefined || isRefusal(history)) return history;
  return history.versions.find(({ version }) => version === history.active)?.document;
}

/** The document that decides; of a past time (milliseconds since 1970) the one that did. As `activeDocument`. */
export async function documentAt(
  engine: Engine,
  kind: string,
  key: string,
  at?: number,
): Promise<Document | Refusal | undefined> {
  if (at === undefined) return activeDocument(engine, kind, key);
  const history = await historyOf(engine, kind, key, false);
  if (history === undefined || isRefusal(history)) return history;
  const { versions } = history;
  return versions.findLast(({ number, activeFrom }) => number > 0 && activeFrom <= at)?.document;
}

/** All documents that have decided up to a time, the first one first: what has ended since stays in them. */
export async function documentsUntil(
  engine: Engine,
  kind: string,
  key: string,
  at: number,
): Promise<readonly Document[] | Refusal> {
  const history = await historyOf(engine, kind, key, false);
  if (history === undefined) return [];
  if (isRefusal(history)) return history;
  return history.versions.flatMap(({ number, activeFrom, document }) =>
    number > 0 && activeFrom <= at && document !== undefined ? [document] : [],
  );
}

/** As `activeDocument`; where none decides, that of the newest version that was to: what was decided by a definition stays when it is retired. */
export async function lastDocument(
  engine: Engine,
  kind: string,
  key: string,
): Promise<Document | Refusal | undefined> {
  const history = await historyOf(engine, kind, key, false);
  if (history === undefined || isRefusal(history)) return history;
  const { active, versions } = history;
  const found = versions.find(({ version }) => version === active);
  return (found ?? versions.findLast(({ state }) => state === 'active'))?.document;
}

/**
 * The documents by which a shard may decide at this moment, the likeliest first: none may, and then none does. That of the version that decided a
 * moment ago, and what follows it soon, for whoever asks has a clock of its own. A version is known long before it decides
 * (limits.DEFINITION_LEAD_MS), so none is missing.
 */
export async function possibleDocuments(
  engine: Engine,
  kind: string,
  key: string,
  isFresh = false,
): Promise<readonly Document[] | Refusal> {
  const history = await historyOf(engine, kind, key, isFresh);
  if (history === undefined) return [];
  if (isRefusal(history)) return history;
  const { active, versions } = history;
  const soon = Date.now() + SOON_MS;
  const [newest] = versions.slice(-1);
  const from = active ?? newest?.version ?? 0;
  return versions.flatMap(({ version, number, state, activeFrom, document }) => {
    const mayDecide = version === active || (number > 0 && version >= from && activeFrom <= soon);
    return mayDecide && state === 'active' && document !== undefined ? [document] : [];
  });
}
