// Definitions of a programme. Owns: their refusals and changes. Never touches: what documents say; accounts.
//   ledger.V4. The first shard decides, and numbers version and place; every other one takes what it is told, or nothing.
//   ledger.V5. What a kind accepts is looked at when a definition is said, never in a replay: kinds may change with a release.
//   ledger.V6. What decides begins DEFINITION_LEAD_MS after it was said at the earliest.
//   ledger.V7. A newer table of a zone changes no day that has begun when it begins to count.
//   ledger.V9. Where a second person must agree, what becomes active or ends is the newest draft, of somebody else by the credentials shown.

import {
  DEFINITION_LEAD_MS,
  DEFINITIONS_BYTES_MAX,
  DEFINITIONS_MAX,
  MANY_DEFINITIONS_BYTES_MAX,
  MANY_DEFINITIONS_MAX,
  NEVER,
  ZONE_LEAD_MS,
} from '../limits.js';
import { takesSecond } from '../programme/definitions/belonging.js';
import {
  type DefinitionProblem,
  definitionProblem,
  type Known,
  zone,
  zoneOf,
} from '../programme/definitions/index.js';
import type { SaidBefore } from '../programme/definitions/kind.js';
import type { Said } from '../protocol/commands.js';
import type { Document } from '../protocol/definition-fields.js';
import { EXTRA } from '../protocol/effects.js';
import {
  type DefinitionVersion,
  definitionOf,
  isSameDefinition,
  isSameDocument,
  partsOfDefinition,
} from '../protocol/outcomes.js';
import { REFUSALS } from '../protocol/refusals.js';
import { bytesOf } from './definition-table.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

/** May a command decide by definitions at this block time? Else DEFINITIONS_UNCONFIRMED. Not asked in a replay. */
export const mayDecide = ({ time, definitionsConfirmedUntil }: Work): boolean =>
  time < definitionsConfirmedUntil;

type Definition = Said<'put-definition'>;

/** What other definitions say: the newest version of each that decides, or will; `drafts`: whichever is the newest. */
const knownIn =
  ({ state: { definitions } }: Work, drafts: boolean): Known =>
  (kind, key) =>
    definitions.versions(kind, key).findLast(({ number }) => drafts || number > 0)?.document;

/** What is wrong with it. A draft fits what counts, or the newest drafts of what else it needs. */
function foundIn(work: Work, command: Definition): DefinitionProblem | null {
  const found = definitionProblem(command, knownIn(work, false));
  return found === null || command.state !== 'draft'
    ? found
    : definitionProblem(command, knownIn(work, true));
}

/** What keeps a definition from being said, whatever is defined already: a refusal's number; 0: nothing. */
function problemOf(work: Work, command: Definition): number {
  if (work.isReplaying) return APPLIED;
  const found = foundIn(work, command);
  if (found !== null) return REFUSALS[found.code].number;
  // Whoever takes a caller's definition fills them in.
  const isComplete = zoneOf(command) === undefined || command.zoneOffsets !== undefined;
  return isComplete ? APPLIED : REFUSALS.ZONE_UNKNOWN.number;
}

/** From when on days may be others by this definition, whenever it decides. */
const changesFrom = ({ kind, document }: Definition): number =>
  kind === zone.name ? (document?.['from'] as number) : NEVER;

/** Of these versions all that ever decided, or ended it. */
const saidBefore = (versions: readonly DefinitionVersion[]): SaidBefore[] =>
  versions.flatMap((one, i) => {
    const { number, document, definedAt: at, by } = one;
    const draft = versions[i - 1];
    const isAgreed =
      draft?.state === 'draft' &&
      draft.by !== undefined &&
      by !== undefined &&
      draft.by !== by &&
      isSameDocument(draft, one);
    return number === 0 ? [] : [{ document, at, isAgreed }];
  });

/** Does it take a second person, who has not agreed to the newest draft with it? Looked at when it is said, as V5. */
function lacksSecond(work: Work, command: Definition, newest?: DefinitionVersion): boolean {
  if (work.isReplaying || command.state === 'draft') return false;
  const { definitions } = work.state;
  const counting = (kind: string, key: string): Document[] =>
    definitions
      .counting(kind, key, work.time)
      .flatMap(({ document }) => (document === undefined ? [] : [document]));
  const past = {
    before: saidBefore(definitions.versions(command.kind, command.key)),
    time: work.time,
  };
  if (!takesSecond(command, counting, past)) return false;
  if (newest?.state !== 'draft' || newest.by === undefined || command.by === undefined) return true;
  return newest.by === command.by || !isSameDocument(newest, command);
}

/** The version that a command would make, or has made already; else a refusal's number. */
function judgeDefinition(work: Work, command: Definition): DefinitionVersion | number {
  if (work.state.places.shard !== 0) return REFUSALS.HOME_ELSEWHERE.number;
  const { definitions } = work.state;
  const { kind, key, state, activeFrom, ifVersion } = command;
  const versions = definitions.versions(kind, key);
  const newest = versions.at(-1);
  const known = newest?.version ?? 0;
  const isRepeat =
    newest !== undefined &&
    (ifVersion === undefined || ifVersion === known - 1 || ifVersion === known) &&
    isSameDefinition(newest, command);
  if (!isRepeat && lacksSecond(work, command, newest)) return REFUSALS.DEFINITION_UNAPPROVED.number;
  const problem = problemOf(work, command);
  if (problem !== APPLIED) return problem;
  if (isRepeat) return newest;
  if (ifVersion !== undefined && ifVersion !== known)
    return REFUSALS.DEFINITION_VERSION_MISMATCH.number;
  const soonest = work.time + DEFINITION_LEAD_MS;
  if (activeFrom !== undefined && activeFrom < soonest) return REFUSALS.ACTIVE_FROM_TOO_SOON.number;
  if (!work.isReplaying && changesFrom(command) < (activeFrom ?? soonest) + ZONE_LEAD_MS)
    return REFUSALS.ACTIVE_FROM_TOO_SOON.number;
  if (command.document === undefined) {
    const last = versions.findLast(({ number }) => number > 0);
    if (last === undefined) return REFUSALS.DEFINITION_NOT_FOUND.number;
    if (last.state === 'retired') return REFUSALS.DEFINITION_RETIRED.number;
  }
  const isDraft = state === 'draft';
  const version = definitionOf(command, {
    version: known + 1,
    number: isDraft ? 0 : definitions.count + 1,
    definedAt: work.time,
    activeFrom: isDraft ? 0 : (activeFrom ?? soonest),
  });
  const { many, others } = definitions;
  const isFull =
    definitions.shareOf(kind) === many
      ? many.versions >= MANY_DEFINITIONS_MAX ||
        many.bytes + bytesOf(version) > MANY_DEFINITIONS_BYTES_MAX
      : others.versions >= DEFINITIONS_MAX ||
        others.bytes + bytesOf(version) > DEFINITIONS_BYTES_MAX;
  return isFull ? REFUSALS.DEFINITION_LIMIT.number : version;
}

/** What the first shard has decided, as it is told to this one; else a refusal's number. */
function told(work: Work, command: Definition): DefinitionVersion | number {
  const { definitions } = work.state;
  const { version = 0, number = 0, definedAt = 0, activeFrom = 0 } = command;
  if (work.state.places.shard === 0) return REFUSALS.HOME_ELSEWHERE.number;
  const known = definitions.numbered(number);
  if (known !== undefined) return known;
  if (number !== definitions.count + 1) return REFUSALS.DEFINITION_VERSION_MISMATCH.number;
  return definitionOf(command, { version, number, definedAt, activeFrom });
}

export function putDefinition(work: Work, command: Said<'put-definition'>): number {
  const judged =
    command.version === undefined ? judgeDefinition(work, command) : told(work, command);
  if (typeof judged === 'number') return judged;
  // From here the command must succeed.
  work.begin();
  const { definitions } = work.state;
  const { kind, key, version } = judged;
  const isKnown = definitions.versions(kind, key).some((one) => one.version === version);
  if (!isKnown) definitions.add(judged);
  work.draft.effects.extra(EXTRA.definition, ...partsOfDefinition(judged));
  return APPLIED;
}
