// Where the member has points. Owns: how amounts and names of programmes are written. Never touches: balances; what may be done there.

import { getV1MembersByOwnerProgrammes } from '../api/operations.js';
import type { AnswerOf, CodeOf } from '../calls/operation.js';
import { type Known, useAnswer } from './answers.js';
import { owner } from './app.js';
import { amount } from './language.js';

type Programmes = typeof getV1MembersByOwnerProgrammes;
/** Platforms, assets and programmes of a member. */
export type Where = AnswerOf<Programmes>;
export type ProgrammeThere = Where['programmes'][number];

export function useWhere(): Known<Where, CodeOf<Programmes>> {
  const of = owner.value;
  return useAnswer(getV1MembersByOwnerProgrammes, of === '' ? undefined : { path: { owner: of } });
}

/** Digits behind the point of an asset. */
export const scaleOf = (where: Where | undefined, asset: string): number =>
  where?.assets.find((one) => one.asset === asset)?.scale ?? 0;

/** Whose points an asset is: the platform's name; the asset itself, where it is no platform's. */
export function unitOf(where: Where | undefined, asset: string): string {
  const platform = where?.assets.find((one) => one.asset === asset)?.platform;
  return where?.platforms.find((one) => one.platform === platform)?.name ?? platform ?? asset;
}

/** An amount in minor units, with whose points they are. */
export const points = (where: Where | undefined, minor: number, asset: string): string =>
  `${amount(minor, scaleOf(where, asset))} ${unitOf(where, asset)}`;

/** What a programme is called. */
export const programmeName = ({ programme, name }: ProgrammeThere): string => name ?? programme;
