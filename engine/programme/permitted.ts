// What an act takes of who asks for it. Owns: that a member is asked for what the act takes of members, and others for what it takes of them. Never touches:
// whose command it is, which is judged where it is carried out (engine/ledger/permission.ts).

import type { Said } from '../protocol/commands.js';
import type { Granted, Operation } from '../protocol/grants.js';
import type { Act } from './act.js';

type Asked = Pick<Act, 'needs' | 'or' | 'own'>;
type Body = Said<'act'>['body'];

/** What an act with this body takes of who asks; undefined: that one cannot ask for it. */
export function needsOf(
  { needs, or, own }: Asked,
  granted: Granted,
  body: Body,
): readonly Operation[] | undefined {
  if (!granted.isMember) {
    const isOther = or !== undefined && granted.may(or) && !needs.every((one) => granted.may(one));
    return isOther ? [or] : needs;
  }
  return own === undefined || own.says?.(body) === false ? undefined : own.needs;
}

/** Could this caller ask for an act with this body, in some asset? */
export const mayAsk = (act: Asked, granted: Granted, body: Body): boolean =>
  needsOf(act, granted, body)?.every((one) => granted.may(one)) === true;

/** May the caller ask for this act in these assets, which it was decided to concern? Its other permissions were judged before. */
export function mayConcern(
  act: Asked,
  granted: Granted,
  body: Body,
  assets: readonly string[],
): boolean {
  const needs = needsOf(act, granted, body) ?? act.needs;
  return needs.every((operation) => {
    const permitted = granted.assetsOf(operation);
    return permitted === undefined || assets.every((asset) => permitted.has(asset));
  });
}
