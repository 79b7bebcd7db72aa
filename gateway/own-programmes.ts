// What there is for members: programmes as they decide now, with what a member may do in each. Owns: what of definitions members are told. Never
// touches: decisions; what a member has done.
//   gateway.W2. It follows from definitions alone and is the same for all members; which of it somebody is told, who asks decides.

import type { DefinitionVersion, Engine } from '../engine/index.js';
import { activeDocument } from './known-definitions.js';
import { isRefusal, type Refusal } from './refusal.js';

type Document = NonNullable<DefinitionVersion['document']>;

/** How long it is remembered: whoever asks often costs nothing. */
const FRESH_MS = 2_000;
const PAGE = 100;
/** Kinds of definitions that belong to a programme and are told in lists. */
const KINDS = ['event', 'lottery', 'leaderboard', 'tier', 'task'] as const;

/** A definition that decides now. */
interface Defined {
  readonly key: string;
  readonly document: Document;
}

/** A programme, as members are told of it. */
export interface OwnProgramme {
  readonly programme: string;
  readonly asset: string;
  readonly told: object;
}

/** All that there is. */
export interface OwnProgrammes {
  readonly programmes: readonly OwnProgramme[];
  /** Those that nothing is decided by any more, too: what was done in them stays. */
  readonly all: readonly string[];
  /** By asset: in which coalition its points are exchanged. */
  readonly coalitions: ReadonlyMap<string, string>;
}

/** The definitions of a kind that decide now, by key; and the keys of all. */
async function decidingOf(
  engine: Engine,
  kind: string,
): Promise<{ readonly keys: string[]; readonly deciding: Defined[] } | Refusal> {
  const keys: string[] = [];
  const deciding: Defined[] = [];
  for (let after: string | undefined; ; ) {
    const page = await engine.definitions(kind, { after, limit: PAGE });
    if (isRefusal(page)) return page;
    for (const { key, active, versions } of page) {
      keys.push(key);
      if (active === undefined) continue;
      const listed = versions.find(({ version }) => version === active)?.document;
      const document = listed ?? (await activeDocument(engine, kind, key));
      if (isRefusal(document)) return document;
      if (document !== undefined) deciding.push({ key, document });
    }
    after = page.at(-1)?.key;
    if (page.length < PAGE) return { keys, deciding };
  }
}

/** Those fields that are there. */
const some = (document: Document, ...names: readonly string[]): Document =>
  Object.fromEntries(names.flatMap((name) => (name in document ? [[name, document[name]]] : [])));
const words = (document: Document): Document => some(document, 'name', 'description');

/** The name of a type of events, within its programme. */
const typeIn = (programme: string, key: string): string => key.slice(programme.length + 1);

/** What a member may report of itself. */
const eventsOf = (programme: string, types: readonly Defined[]) =>
  types.flatMap(({ key, document }) => {
    if (document['byMember'] === undefined) return [];
    const known = (document['attributes'] ?? {}) as Document;
    const says = (document['memberSays'] ?? []) as readonly string[];
    return [
      {
        type: typeIn(programme, key),
        perDay: document['byMember'],
        attributes: some(known, ...says),
        ...words(document),
      },
    ];
  });

/** The sign-in of the day: an event that members report, best one that counts days in a row; undefined: there is none. */
function signInOf(
  events: ReturnType<typeof eventsOf>,
  tasks: readonly Defined[],
): object | undefined {
  const streak = tasks.find(
    ({ document: { event, steps } }) =>
      steps !== undefined && events.some(({ type }) => type === event),
  );
  if (streak !== undefined) return { type: streak.document['event'], task: streak.key };
  const daily = events.find(({ perDay }) => perDay === 1);
  return daily && { type: daily.type };
}

function lotteryOf({ key, document }: Defined): object {
  const prizes = (document['prizes'] ?? []) as readonly Document[];
  return {
    lottery: key,
    ...words(document),
    ...some(document, 'cost', 'from', 'to', 'cooldownSeconds', 'dailyLimit'),
    prizes: prizes.map((one) => ({ prize: one['key'], ...some(one, 'name', 'weight') })),
  };
}

async function gathered(engine: Engine): Promise<OwnProgrammes | Refusal> {
  const kinds = ['programme', 'gifting', 'referral', 'offer', 'exchanging', ...KINDS] as const;
  const found = new Map<string, readonly Defined[]>();
  let all: readonly string[] = [];
  for (const kind of kinds) {
    const one = await decidingOf(engine, kind);
    if (isRefusal(one)) return one;
    if (kind === 'programme') all = one.keys;
    found.set(kind, one.deciding);
  }
  const of = (kind: (typeof kinds)[number]): readonly Defined[] => found.get(kind) ?? [];
  const within = (kind: (typeof KINDS)[number], programme: string): readonly Defined[] =>
    of(kind).filter(({ document }) => document['programme'] === programme);
  const programmes = of('programme').map(({ key, document }): OwnProgramme => {
    const events = eventsOf(key, within('event', key));
    const tasks = within('task', key);
    const keyed = (kind: 'gifting' | 'referral') => of(kind).find((one) => one.key === key);
    const asset = String(document['asset']);
    const [gifting, referral] = [keyed('gifting'), keyed('referral')];
    const told = {
      programme: key,
      asset,
      ...some(document, 'zone'),
      ...words(document),
      events,
      signIn: signInOf(events, tasks),
      lotteries: within('lottery', key).map(lotteryOf),
      boards: within('leaderboard', key).map((one) => ({
        board: one.key,
        ...some(one.document, 'counts', 'period'),
        ...words(one.document),
      })),
      tiers: within('tier', key)
        .map((one) => ({ tier: one.key, ...some(one.document, 'from'), ...words(one.document) }))
        .sort((a, b) => Number(a['from' as never]) - Number(b['from' as never])),
      tasks: tasks.map((one) => ({
        task: one.key,
        ...some(one.document, 'event', 'span', 'steps', 'badge'),
        ...words(one.document),
      })),
      offers: of('offer')
        .filter((one) => one.document['asset'] === asset)
        .map((one) => ({
          offer: one.key,
          ...some(one.document, 'points', 'from', 'to'),
          ...words(one.document),
        })),
      gifting: gifting && some(gifting.document, 'mostPoints', 'mostTimes', 'mostEach'),
      referral: referral && some(referral.document, 'referrer', 'newcomer', 'newDays'),
    };
    return { programme: key, asset, told };
  });
  const coalitions = new Map(
    of('exchanging').map(({ key, document }) => [key, String(document['coalition'])]),
  );
  return { programmes, all, coalitions };
}

const known = new WeakMap<
  Engine,
  { readonly at: number; readonly told: Promise<OwnProgrammes | Refusal> }
>();

/** What there is for members; as it was 2 seconds ago at most. */
export function ownProgrammes(engine: Engine): Promise<OwnProgrammes | Refusal> {
  const at = performance.now();
  const last = known.get(engine);
  if (last !== undefined && at - last.at <= FRESH_MS) return last.told;
  const told = gathered(engine);
  known.set(engine, { at, told });
  const forget = (): void => {
    known.delete(engine);
  };
  told.then((said) => isRefusal(said) && forget(), forget);
  return told;
}
