// The subjects that rules are tried on: the naive model, and the ledger itself.
// Owns: the list. Never touches: how a subject works.

import { LedgerSubject } from './ledger-subject.js';
import { ModelSubject, type Subject } from './subject.js';

export const SUBJECTS: readonly (readonly [name: string, make: () => Subject])[] = [
  ['the model', () => new ModelSubject()],
  ['the ledger', () => new LedgerSubject()],
];
