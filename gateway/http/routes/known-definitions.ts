// What definitions say now, remembered for a moment. Owns: what is remembered, and for how long. Never touches: decisions, which shards make by
// what they have themselves.

import type { DefinitionVersion, Engine } from '../../../engine/index.js';
import { isRefusal, type Refusal } from '../../refusal.js';

type Document = NonNullable<DefinitionVersion['document']>;

/** How long it is remembered, and of how many definitions. */
const KNOWN_MS = 1_000;
const KNOWN_MAX = 1_000;

interface Known {
  readonly until: number;
  readonly document: Promise<Document | Refusal | undefined>;
}

const known = new WeakMap<Engine, Map<string, Known>>();

/** The document of the version that decides; undefined: none does. It may be a second old; a refusal where it cannot be known now. */
export function activeDocument(
  engine: Engine,
  kind: string,
  key: string,
): Promise<Document | Refusal | undefined> {
  let all = known.get(engine);
  if (all === undefined) known.set(engine, (all = new Map()));
  const place = `${kind} ${key}`;
  const found = all.get(place);
  const now = performance.now();
  if (found !== undefined && now < found.until) return found.document;
  if (all.size >= KNOWN_MAX) all.clear();
  const document = read(engine, kind, key);
  const one = { until: now + KNOWN_MS, document };
  all.set(place, one);
  const forget = (): void => {
    if (known.get(engine)?.get(place) === one) known.get(engine)?.delete(place);
  };
  document.then((said) => isRefusal(said) && forget(), forget);
  return document;
}

async function read(
  engine: Engine,
  kind: string,
  key: string,
): Promise<Document | Refusal | undefined> {
  const history = await engine.definition(kind, key);
  if (history === undefined || isRefusal(history)) return history;
  return history.versions.find(({ version }) => version === history.active)?.document;
}
