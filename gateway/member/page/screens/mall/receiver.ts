// Where an order is sent to. Owns: what is asked for, what is wrong with it. Never touches: where it is kept, which the ledger does sealed.

export const RECEIVER_FIELDS = ['name', 'phone', 'address', 'postcode', 'note'] as const;
export type ReceiverField = (typeof RECEIVER_FIELDS)[number];
export type Receiver = Readonly<Record<ReceiverField, string>>;

export const NOBODY: Receiver = { name: '', phone: '', address: '', postcode: '', note: '' };
/** Without these a parcel arrives nowhere. */
export const NEEDED: readonly ReceiverField[] = ['name', 'phone', 'address'];
/** As the API takes them. */
const LENGTH_MAX = 300;
const BYTES_MAX = 1_000;
const PHONE = /^\+?[0-9][0-9 ()./-]{3,29}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is those that are looked for.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

export type ReceiverProblem = 'missing' | 'long' | 'phone';

/** Text of one line, as it is sent: what was pasted with line breaks has blanks there. */
export const oneLine = (text: string): string => text.replace(CONTROL, ' ').trim();

/** What is wrong, by field; nothing: it can be sent. */
export function receiverProblems(
  receiver: Receiver,
): Readonly<Partial<Record<ReceiverField, ReceiverProblem>>> {
  const problems: Partial<Record<ReceiverField, ReceiverProblem>> = {};
  for (const field of RECEIVER_FIELDS) {
    const text = oneLine(receiver[field]);
    if (text === '' && NEEDED.includes(field)) problems[field] = 'missing';
    else if (text.length > LENGTH_MAX) problems[field] = 'long';
    else if (field === 'phone' && text !== '' && !PHONE.test(text)) problems[field] = 'phone';
  }
  const bytes = new TextEncoder().encode(JSON.stringify(sent(receiver))).length;
  if (bytes > BYTES_MAX) problems.address ??= 'long';
  return problems;
}

/** As it is sent: without what is empty. */
export const sent = (receiver: Receiver): Readonly<Partial<Record<ReceiverField, string>>> =>
  Object.fromEntries(
    RECEIVER_FIELDS.flatMap((field) => {
      const text = oneLine(receiver[field]);
      return text === '' ? [] : [[field, text] as const];
    }),
  );
