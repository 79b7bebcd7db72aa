// Definitions, as the rules say it in words. Owns: versions, and which one decides. Never touches: engine/ledger.

import type { PutDefinitionCommand } from '../../engine/protocol/commands.js';
import { ModelRefusal } from './model-account.js';

const LEAD_MS = 10_000;

interface Version {
  readonly said: string;
  readonly state: string;
  /** undefined: a draft's. */
  readonly from: number | undefined;
}

export class ModelDefinitions {
  readonly #versions = new Map<string, Version[]>();

  put(
    { kind, key, state, document, activeFrom, ifVersion }: PutDefinitionCommand,
    time: number,
  ): { definitionVersion: number; activeFrom: number | undefined } {
    const name = `${kind} ${key}`;
    const versions = this.#versions.get(name) ?? [];
    const said = JSON.stringify([state, Object.entries(document ?? {}).sort()]);
    const last = versions.at(-1);
    const answer = () => ({
      definitionVersion: versions.length,
      activeFrom: versions.at(-1)!.from,
    });
    const isAt = activeFrom === undefined || activeFrom === last?.from;
    const isNext = ifVersion === undefined || versions.length - ifVersion <= 1;
    const isPast = ifVersion === undefined || ifVersion <= versions.length;
    if (last?.said === said && isAt && isNext && isPast) return answer();
    if (ifVersion !== undefined && ifVersion !== versions.length)
      throw new ModelRefusal('DEFINITION_VERSION_MISMATCH');
    if (activeFrom !== undefined && activeFrom - time < LEAD_MS)
      throw new ModelRefusal('ACTIVE_FROM_TOO_SOON');
    const deciding = versions.filter(({ from }) => from !== undefined);
    if (state === 'retired' && deciding.length === 0)
      throw new ModelRefusal('DEFINITION_NOT_FOUND');
    if (state === 'retired' && deciding.at(-1)!.state === 'retired')
      throw new ModelRefusal('DEFINITION_RETIRED');
    const from = state === 'draft' ? undefined : (activeFrom ?? time + LEAD_MS);
    versions.push({ said, state, from });
    this.#versions.set(name, versions);
    return answer();
  }

  /** The version that decides, counted from 1; undefined: none. Plays every moment of a change from the first on. */
  active(kind: string, key: string, time: number): number | undefined {
    const versions = this.#versions.get(`${kind} ${key}`) ?? [];
    const begun = versions.flatMap(({ from, state }, i) =>
      from === undefined || from > time ? [] : [{ from, state, version: i + 1 }],
    );
    let deciding: (typeof begun)[number] | undefined;
    for (const one of begun.sort((a, b) => a.from - b.from || a.version - b.version))
      if (deciding === undefined || one.version > deciding.version) deciding = one;
    return deciding?.state === 'active' ? deciding.version : undefined;
  }
}
