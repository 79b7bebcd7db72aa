// Budgets outside. Owns: what their bodies and answers look like. Never touches: points.

import { strict } from './commands.js';
import { command, type Description, SHARDS } from './description.js';
import { answer, Posted } from './outcomes.js';
import { Type } from './typebox.js';
import { Amount, AssetCode, Count, Memo, NewId, text } from './words.js';

const Budget = text('[A-Za-z0-9._:-]{1,51}', { description: 'The name of a budget.' });
const PATH = { budget: Budget, asset: AssetCode };

export const BudgetBody = strict({
  id: Type.Optional(NewId),
  amount: Amount,
  memo: Type.Optional(Memo),
});

const BudgetState = answer('BudgetState', {
  budget: Budget,
  asset: AssetCode,
  available: Count,
  held: Count,
  lent: Count,
  funded: Count,
  paid: Count,
});

/** What the documents say of the routes of budgets. */
export const BUDGET_DESCRIPTIONS: Readonly<Record<'read' | 'fund', Description>> = {
  read: {
    tag: 'definitions',
    summary:
      'What a budget has left on all shards, what of it is reserved or lent to other shards than its own, and what it ever got and paid.',
    path: PATH,
    answers: { 200: { summary: 'The budget.', schema: BudgetState } },
    refusals: [...SHARDS, 'OWNER_INVALID', 'OWNER_RESERVED', 'ASSET_INVALID', 'ASSET_UNKNOWN'],
  },
  fund: {
    tag: 'definitions',
    summary:
      'Put points into a budget, out of `@issue`: acts pay out of it, and never more than it has.',
    path: PATH,
    body: BudgetBody,
    takesKey: true,
    answers: {
      200: { summary: 'It had been done before.', schema: Posted },
      201: { summary: 'It is done.', schema: Posted },
    },
    refusals: command('transfer'),
  },
};
