// Where the member has points. Owns: how amounts and names of programmes are written. Never touches: balances; what may be done there.

import { useEffect } from 'preact/hooks';
import { getV1MembersByOwnerProgrammes } from '../../../web/page/api/operations.js';
import type { AnswerOf, CodeOf } from '../../../web/page/calls/operation.js';
import { type Known, useAnswer } from '../../../web/page/shell/answers.js';
import { amount, speaker, zone } from '../../../web/page/shell/language.js';
import { table } from '../../../web/page/words/words.js';
import { owner } from './app.js';

type Programmes = typeof getV1MembersByOwnerProgrammes;
/** Platforms, assets and programmes of a member. */
export type Where = AnswerOf<Programmes>;
export type ProgrammeThere = Where['programmes'][number];

export function useWhere(): Known<Where, CodeOf<Programmes>> {
  const of = owner.value;
  const known = useAnswer(
    getV1MembersByOwnerProgrammes,
    of === '' ? undefined : { path: { owner: of } },
  );
  useEffect(() => followZone(known.answer), [known.answer]);
  return known;
}

/** Digits behind the point of an asset. */
export const scaleOf = (where: Where | undefined, asset: string): number =>
  where?.assets.find((one) => one.asset === asset)?.scale ?? 0;

/** Whose points an asset is: the platform's name; the asset itself, where it is no platform's. */
export function unitOf(where: Where | undefined, asset: string): string {
  const platform = where?.assets.find((one) => one.asset === asset)?.platform;
  return where?.platforms.find((one) => one.platform === platform)?.name ?? platform ?? asset;
}

const t = speaker(
  table({
    en: {
      points: { one: '{amount} point', other: '{amount} points' },
      pointsOf: '{amount} {whose} points',
    },
    zh: { points: '{amount} 积分', pointsOf: '{amount} {whose}积分' },
  }),
);

/** An amount in minor units, with whose points they are. */
export const points = (where: Where | undefined, minor: number, asset: string): string =>
  t('pointsOf', {
    amount: amount(minor, scaleOf(where, asset)),
    whose: unitOf(where, asset),
  });

/** The same where it is plain whose points they are. */
export const short = (where: Where | undefined, minor: number, asset: string): string =>
  t('points', { amount: amount(minor, scaleOf(where, asset)), n: minor });

/** Programmes that have a mall. */
export const programmesWithGoods = ({ programmes }: Where): readonly ProgrammeThere[] =>
  programmes.filter(({ hasGoods }) => hasGoods);

/** Times are shown in the zone of the first programme. */
function followZone(where: Where | undefined): void {
  const first = where?.programmes[0]?.zone;
  if (first !== undefined && zone.peek() !== first) zone.value = first;
}

/** What a programme is called. */
export const programmeName = ({ programme, name }: ProgrammeThere): string => name ?? programme;
