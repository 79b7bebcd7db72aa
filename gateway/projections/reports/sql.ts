// Pieces of SQL that reports have in common. Owns: what is active, redeemed, a member's tier. Never touches: which report has them.
//   reports.Q1. What is asked comes as parameters ($name), or as a number or a name of ours: never as a part of the text.

import type { Asked } from './shapes.js';

/** An entry by which a member was active: he got or used points; not what is taken back, expires, or lies with others. */
export const ACTED = `((earned > 0 OR spent > 0) AND type <> 'reverse')`;

/** Of what owners do: only what members do. */
export const IS_MEMBER = `owner NOT LIKE '@%' AND owner NOT LIKE '#%'`;

/** A share to six decimals; null: of nothing. */
export const share = (part: string, whole: string): string =>
  `CASE WHEN ${whole} = 0 THEN NULL ELSE round(CAST(${part} AS DOUBLE) / CAST(${whole} AS DOUBLE), 6) END`;

/** A day, counted from 1970-01-01, as text. */
export const dateText = (day: string): string =>
  `CAST(DATE '1970-01-01' + CAST(${day} AS INTEGER) AS VARCHAR)`;

/** `AND` of conditions on what was asked for; nothing: none. */
export const and = (...conditions: readonly (string | undefined)[]): string =>
  conditions.flatMap((one) => (one === undefined ? [] : [` AND ${one}`])).join('');

/** Of this asset, where one is asked for. */
export const ofAsset = ({ asset }: Asked, column = 'asset'): string | undefined =>
  asset === undefined ? undefined : `${column} = $asset`;
export const ofProgramme = ({ programme }: Asked, column = 'programme'): string | undefined =>
  programme === undefined ? undefined : `${column} = $programme`;

/**
 * Members and times of which the earliest is when their first entry took effect: when their accounts began, and what took effect before it was booked.
 * An entry never takes effect later than that, so no other entry needs to be looked at.
 */
export const firstOf = (asked: Asked): string =>
  `SELECT owner, time AS t FROM accounts WHERE true${and(ofAsset(asked))}
   UNION ALL SELECT owner, effective FROM entries WHERE effective < time${and(ofAsset(asked))}`;

/** Texts that were asked for, as parameters of a question: those that are there. */
export const given = (
  asked: Asked,
  ...names: readonly ('asset' | 'programme' | 'goods' | 'owner' | 'state')[]
): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = asked[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** The assets of programmes. */
export const ASSETS = `assets_of AS (SELECT key AS programme, document->>'$.asset' AS asset FROM current_definitions WHERE kind = 'programme')`;

/** What goods are called now: the first shard alone logs words. So the node that has it says them, and a question merges them in. */
export const NAMES = `SELECT key AS goods, arg_max(document->>'$.name', version) AS name FROM definitions
  WHERE kind = 'goods' AND shard = 0 GROUP BY key`;

/** The programme of each asset, by which its members have tiers: the one that was asked for, or the first by its key. */
export const programmes = (asked: Asked): string =>
  `programmes AS (
     SELECT document->>'$.asset' AS asset, min(key) AS programme FROM current_definitions
     WHERE kind = 'programme'${and(ofProgramme(asked, 'key'))} GROUP BY 1)`;

/** The tier that a member had at a time; none: NULL. Rows are of `of`, with `owner` and `asset`. */
export const tierAt = (of: string, time: string): string =>
  `LEFT JOIN (SELECT x.owner, p.asset, x.tier, x.since, coalesce(x.until, ${LAST}) AS until
     FROM tiers x JOIN programmes p ON p.programme = x.programme) t
   ON t.owner = ${of}.owner AND t.asset = ${of}.asset AND t.since <= ${time} AND t.until > ${time}`;

/** Later than every time. */
const LAST = Number.MAX_SAFE_INTEGER;
