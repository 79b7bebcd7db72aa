// A receipt that is saved as a file, where the ledger gives receipts. Owns: whether that is offered. Never touches: what is in it.

import type { ComponentChildren, JSX } from 'preact';
import { getV1CheckpointKeys } from '../api/operations.js';
import type { AnyOperation, Asked } from '../calls/operation.js';
import { useAnswer } from '../shell/answers.js';
import { SaveFile } from './save-file.js';

/** A button that saves a receipt; none where receipts are off. `of`: what the file is called after. */
export function SaveReceipt<Op extends AnyOperation>({
  operation,
  asked,
  of,
  children,
}: {
  operation: Op;
  asked: Asked<Op>;
  of: readonly (string | number)[];
  children: ComponentChildren;
}): JSX.Element | null {
  const keys = useAnswer(getV1CheckpointKeys, {});
  if (keys.answer === undefined) return null;
  const name = ['receipt', ...of].join('-').replace(/[^A-Za-z0-9._-]+/g, '_');
  return (
    <SaveFile
      operation={operation}
      asked={asked}
      name={`${name.slice(0, 120)}.json`}
      type="application/json"
    >
      {children}
    </SaveFile>
  );
}
