// What expressions are told of a member at a time. Owns: these figures. Never touches: which expressions there are.

import { dateOf, dayAt } from '../../ledger/calendar.js';
import type { AccountView, Reads } from '../act.js';
import { expressionIn, type Figures } from '../cel.js';
import { momentAt } from '../day.js';
import type { AttributeTypes } from '../definitions/attributes.js';
import { scopeOf } from '../definitions/scope.js';
import {
  type Member,
  memberIn,
  type Programme,
  periodAt,
  profileIn,
  progressIn,
  type Tier,
  tierAt,
  tiersIn,
} from './member.js';

/** Of whom, and when. */
interface Told {
  readonly programme: Programme;
  readonly account: AccountView;
  readonly member: Member;
  readonly tier: Tier | undefined;
  /** Of which what counts for tiers is told. */
  readonly period: number;
  readonly at: number;
  /** What an event says. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

const NOTHING = {};

/** What is told of a time, in the zone of the programme. */
export function dayFigures({ zoneOffsets: offsets = [0, 0] }: Programme, at: number) {
  const { weekday, hour } = momentAt(at, offsets);
  const { year, month, day } = dateOf(dayAt(at, offsets));
  return { weekday, hour, day, month, year };
}

/** As scopeOf() names them. */
export function figuresOf(see: Reads, told: Told): Figures {
  const { programme, account, member, tier, period, at, attributes } = told;
  const { available, earned, held } = account;
  const progress = progressIn(member, period);
  return {
    event: attributes,
    member: { available, earned, held, tier: tier?.key ?? '', progress },
    profile: profileIn(see, programme.key),
    day: dayFigures(programme, at),
  };
}

/** Is a member one of an audience, at this time? */
export function isInAudience(
  see: Reads,
  programme: Programme,
  account: AccountView,
  audience: string,
  at: number,
): boolean {
  const profile = programme.document.profile as AttributeTypes | undefined;
  const member = memberIn(see, programme.key);
  const tier = tierAt(member, programme, tiersIn(see, programme.key), at);
  const period = periodAt(member, programme, at);
  const told = { programme, account, member, tier, period, at, attributes: NOTHING };
  const figures = figuresOf(see, told);
  return expressionIn(scopeOf(undefined, profile), audience, 'bool')?.of(figures) === true;
}
