// What an act has decided beside its legs, done: its records, and what its outcome tells. Owns: how that is written and read back.
// Never touches: decisions.

import { NEVER } from '../limits.js';
import type { RecordDelta } from '../programme/act.js';
import { type LoggedPlan, recordBytes, recordTypeOf } from '../programme/plan.js';
import { PLANS_ONCE_VERSION } from '../protocol/block.js';
import type { CommandView } from '../protocol/command-view.js';
import { EXTRA } from '../protocol/effects.js';
import { PLACES, planPlace } from '../protocol/layout.js';
import { causeFollowUps } from '../transfer/follow-ups.js';
import { campaignOf } from './campaign-table.js';
import type { Page } from './page.js';
import { eraseRecord, recordRoom, writeRecord } from './records.js';
import { APPLIED } from './result.js';
import type { State } from './state.js';
import type { Work } from './work.js';

const { id: ID } = PLACES.act;

/** Has an owner room for the records of a plan? Returns a refusal's number or 0. */
export function planRoom(state: State, page: Page, owner: string, plan: LoggedPlan): number {
  const most = plan.records?.length ?? 0;
  // Which of them are new, is asked only where it matters.
  if (most === 0 || recordRoom(state, page, owner, most) === APPLIED) return APPLIED;
  return recordRoom(state, page, owner, newRecords(page, owner, plan));
}

/** How many records a plan adds to an owner's. */
function newRecords(page: Page, owner: string, { records = [] }: LoggedPlan): number {
  const isNew = ({ type, key }: { readonly type: string; readonly key: string }): boolean =>
    page.records?.has(owner, recordTypeOf(type), key) !== true;
  return records.filter((one) => one.value !== null && isNew(one)).length;
}

/** After the line, on the home shard: what a command has decided beside its moves is done. `carried`: as other shards know it. */
export function postPlan(work: Work, carried: CommandView, plan: LoggedPlan | undefined): void {
  if (plan === undefined) return;
  const owner = work.homeOwner;
  work.beside?.posted(owner, carried.text(ID));
  const page = work.state.pages.pageOf(work.home.hash);
  const { records } = plan;
  if (records !== undefined) {
    // What was decided here lies packed in its command.
    const isPacked = work.packer.plan === plan && carried === work.command;
    for (let i = 0; i < records.length; i++)
      if (isPacked) postPacked(work, page, owner, records[i] as RecordDelta, i);
      else postRecord(work, page, owner, records[i] as RecordDelta);
  }
  // The record's own command tells it, and otherwise nobody.
  if (carried === work.command && work.draft.rules >= PLANS_ONCE_VERSION) work.hasToldPlan = true;
  else {
    const { bytes } = carried;
    const place = planPlace(carried.op) as number;
    const start = carried.bytesStart(place);
    work.draft.effects.opaqueExtra(EXTRA.act, bytes, start, start + carried.bytesLength(place));
  }
  if (plan.followUps !== undefined) causeFollowUps(work, carried);
}

/** As postRecord(), of the record at `i` of the plan under way: its value lies in the command. */
function postPacked(work: Work, page: Page, owner: string, record: RecordDelta, i: number): void {
  const { command, packer } = work;
  const from = command.bytesStart(planPlace(command.op) as number);
  const start = from + (packer.values[2 * i] as number);
  const end = from + (packer.values[2 * i + 1] as number);
  post(work, page, owner, record, record.value === null ? null : command.bytes, start, end);
}

/** After the line: one record of an act is written, or goes away. */
export function postRecord(work: Work, page: Page, owner: string, record: RecordDelta): void {
  const value = recordBytes(record);
  post(work, page, owner, record, value, 0, value?.length ?? 0);
}

/** `value`: bytes of which [start, end) are what it says; null: it goes away. */
function post(
  work: Work,
  page: Page,
  owner: string,
  { type: ofType, key, expiresAt = NEVER }: RecordDelta,
  value: Uint8Array | null,
  start: number,
  end: number,
): void {
  const type = recordTypeOf(ofType);
  const campaign = campaignOf(type, key);
  if (campaign !== undefined) {
    const had = page.records?.has(owner, type, key) === true;
    if (had !== (value !== null)) work.state.campaigns.count(campaign, had ? -1 : 1);
  }
  if (value !== null) {
    writeRecord(work, page, { owner, type, key, expiresAt }, value, start, end);
    return;
  }
  const known = page.records?.get(owner, type, key);
  if (known !== undefined) eraseRecord(work, page, known);
}
