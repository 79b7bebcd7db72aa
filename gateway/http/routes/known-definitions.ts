// What definitions say now, remembered for a moment. Owns: what is remembered, and for how long. Never touches: decisions, which shards make by
// what they have themselves.

import type { DefinitionVersion, Engine } from '../../../engine/index.js';
import { isRefusal } from '../../refusal.js';

type Document = NonNullable<DefinitionVersion['document']>;

/** How long it is remembered, and of how many definitions. */
const KNOWN_MS = 1_000;
const KNOWN_MAX = 1_000;

interface Known {
  readonly until: number;
  readonly document: Promise<Document | undefined>;
}

const known = new WeakMap<Engine, Map<string, Known>>();

/** The document of the version that decides; undefined: none does, or it cannot be known now. It may be a second old. */
export function activeDocument(
  engine: Engine,
  kind: string,
  key: string,
): Promise<Document | undefined> {
  let all = known.get(engine);
  if (all === undefined) known.set(engine, (all = new Map()));
  const place = `${kind} ${key}`;
  const found = all.get(place);
  const now = performance.now();
  if (found !== undefined && now < found.until) return found.document;
  if (all.size >= KNOWN_MAX) all.clear();
  const document = read(engine, kind, key);
  all.set(place, { until: now + KNOWN_MS, document });
  return document;
}

async function read(engine: Engine, kind: string, key: string): Promise<Document | undefined> {
  const history = await engine.definition(kind, key);
  if (history === undefined || isRefusal(history)) return undefined;
  return history.versions.find(({ version }) => version === history.active)?.document;
}
