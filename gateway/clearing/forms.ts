// A statement as bytes: JSON and CSV. Owns: both forms. Never touches: what is owed; who signs it.
//   clearing.F1. The same statement is the same bytes: names in one order, values exact, CSV by RFC 4180 with a head.

import { decimalText, VALUE_DIGITS } from '../../engine/index.js';
import type { Statement } from './statement.js';

/** The forms that a statement has, with their content types. */
export const FORMS = { json: 'application/json', csv: 'text/csv' } as const;
export type Form = keyof typeof FORMS;
export const FORM_NAMES = Object.keys(FORMS) as readonly Form[];

const HEAD = 'what,from,to,asset,amount,value';

/** A value as it is told: exact. */
function valueText(value: bigint): string {
  const text = decimalText(
    { over: value < 0n ? -value : value, under: 10n ** BigInt(VALUE_DIGITS) },
    VALUE_DIGITS,
  );
  return value < 0n ? `-${text}` : text;
}

/** A statement as it is told. */
export const shownStatement = ({ debts, positions, settlements, ...rest }: Statement) => ({
  ...rest,
  debts: debts.map((one) => ({ ...one, value: valueText(one.value) })),
  positions: positions.map(({ platform, owed, owes, net }) => ({
    ...{ platform, owed: valueText(owed), owes: valueText(owes), net: valueText(net) },
  })),
  settlements: settlements.map((one) => ({ ...one, value: valueText(one.value) })),
});

/** As CSV. Names of platforms and assets have nothing that would have to be quoted. */
export function csvText({ debts, positions, settlements }: Statement): string {
  const lines = [
    HEAD,
    ...debts.map(({ debtor, creditor, asset, amount, value }) =>
      ['debt', debtor, creditor, asset, amount, valueText(value)].join(),
    ),
    ...positions.map(({ platform, net }) => ['net', platform, '', '', '', valueText(net)].join()),
    ...settlements.map(({ from, to, value }) =>
      ['settlement', from, to, '', '', valueText(value)].join(),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** The statement of a cycle in each form. */
export function bytesOf(cycle: number, statement: Statement): Readonly<Record<Form, Uint8Array>> {
  const { coalition, ...rest } = shownStatement(statement);
  const json = JSON.stringify({ coalition, cycle, ...rest });
  return { json: Buffer.from(json), csv: Buffer.from(csvText(statement)) };
}
