// Queries about definitions, and until when a shard may decide by them. Owns: how they are answered from the state. Never changes
// the state.

import type { Ledger } from '../ledger/ledger.js';
import { DEFINITION_ANSWER_BYTES } from '../limits.js';
import { decidingVersion } from '../programme/definitions/index.js';
import type { Said } from '../protocol/commands.js';
import type { DefinitionHistory, DefinitionVersion } from '../protocol/outcomes.js';
import type { Answer, Confirmation } from './messages.js';

export type DefinitionRead = 'definitions-since' | 'read-definitions';

/** Answers a query about definitions, as far as its caller may know; else a refusal's number. */
export function answerDefinitions(ledger: Ledger, query: Said<DefinitionRead>): Answer | number {
  const { permission, granted, state, time } = ledger;
  const forbidden = permission.ofWhole(granted, 'view', 'id');
  if (forbidden !== 0) return forbidden;
  const { definitions } = state;
  switch (query.type) {
    case 'definitions-since': {
      const versions: DefinitionVersion[] = [];
      let bytes = 0;
      for (let number = query.after + 1; bytes < DEFINITION_ANSWER_BYTES; number++) {
        const version = definitions.numbered(number);
        if (version === undefined) break;
        const deciding = decidingVersion(version);
        bytes += JSON.stringify(deciding).length;
        versions.push(deciding);
      }
      const { count } = definitions;
      return { type: query.type, time, count, mark: definitions.mark(count), versions };
    }
    case 'read-definitions': {
      const { kind, key, after = '', limit } = query;
      const isKnown = key !== undefined && definitions.versions(kind, key).length > 0;
      const own = isKnown ? [key] : [];
      const keys = key === undefined ? definitions.keysAfter(kind, after, limit) : own;
      const found = keys.map((one): DefinitionHistory => {
        const all = definitions.versions(kind, one);
        const active = definitions.active(kind, one, time)?.version;
        const versions = key === undefined ? newestOf(all) : all;
        return { kind, key: one, ...(active === undefined ? {} : { active }), versions };
      });
      return { type: query.type, definitions: found };
    }
  }
}

/** The newest version, and before it, where that is a draft, the newest that is none. */
function newestOf(versions: readonly DefinitionVersion[]): readonly DefinitionVersion[] {
  const newest = versions.slice(-1);
  if (newest[0]?.number !== 0) return newest;
  const before = versions.findLast(({ number }) => number > 0);
  return before === undefined ? newest : [before, ...newest];
}

/** The shard may decide by its definitions at block times before `until`, if it has these; does it? */
export function confirmDefinitions(ledger: Ledger, { count, mark, until }: Confirmation): boolean {
  const { definitions, places } = ledger.state;
  // The first shard may have said more meanwhile; no other has any that the first one has not.
  const isAhead = definitions.count > count && places.shard !== 0;
  if (isAhead || definitions.count < count || definitions.mark(count) !== mark) return false;
  ledger.definitionsConfirmedUntil = until;
  return true;
}
