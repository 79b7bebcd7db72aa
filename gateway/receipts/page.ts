// What the page `/receipts` does, in the browser: reads files that are chosen, checks them, says what they show. Owns: what is shown. Never touches: other
// hosts; what was chosen leaves the browser in no way.

import { checkpointIn, compareCheckpoints } from './compare.js';
import { type Believed, believed, type ReceiptEntry, type Trust, verifyReceipt } from './verify.js';

/** What is used of an element of the page. */
interface Part {
  textContent: string;
  className: string;
  value: string;
  readonly files: readonly { text(): Promise<string> }[] | null;
  append(...parts: readonly Part[]): void;
  replaceChildren(): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
}
declare const document: {
  getElementById(id: string): Part | null;
  createElement(name: string): Part;
};
declare const location: { readonly origin: string };

function part(id: string): Part {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

function made(name: string, text: string): Part {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

const linesIn = (id: string): string[] =>
  part(id)
    .value.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const timeOf = (ms: number): string => new Date(ms).toISOString();

function say(text: string, className: '' | 'right' | 'wrong'): void {
  const state = part('state');
  state.textContent = text;
  state.className = className;
}

function show(name: string, text: string): void {
  part('found').append(made('dt', name), made('dd', text));
}

function showCheckpoint({ origin, size, logs, witnesses }: Believed): void {
  show('Log', origin);
  show('Entries in it', String(size));
  show('Signed by', logs.map(({ name }) => name).join(', '));
  const seen = witnesses.map(({ name, time = 0 }) => `${name} (${timeOf(time * 1_000)})`);
  show('Cosigned by', seen.length === 0 ? 'nobody whom you trust' : seen.join(', '));
}

function showEntries(entries: readonly ReceiptEntry[]): void {
  for (const one of entries) {
    const { time, type, id, asset, version, delta, available, held } = one;
    const row = made('tr', '');
    for (const text of [timeOf(time), type, id ?? '', asset, version, delta, available, held])
      row.append(made('td', String(text)));
    part('entries').append(row);
  }
}

async function showOne(text: string, trust: Trust): Promise<void> {
  if (!text.trimStart().startsWith('{')) {
    showCheckpoint(await believed(text, trust));
    return say('The checkpoint is right.', 'right');
  }
  const { owner, id, account, entries, checkpoint } = await verifyReceipt(text, trust);
  show('Whose', owner);
  if (id !== undefined) show('Command', id);
  if (account !== undefined) {
    const { asset, available, held, version, isWhole } = account;
    show('Account', asset);
    show('Balance', `${available} available, ${held} held, in minor units`);
    const all = `all ${version} entries are here: it is their sum`;
    show('Shown by', isWhole ? all : `${entries.length} of ${version} entries`);
  }
  showCheckpoint(checkpoint);
  showEntries(entries);
  return say('The receipt is right.', 'right');
}

async function check(): Promise<void> {
  for (const id of ['found', 'entries']) part(id).replaceChildren();
  say('Checking ...', '');
  try {
    const [first, second] = await Promise.all(
      ['first', 'second'].map((id) => part(id).files?.[0]?.text()),
    );
    if (first === undefined) throw new Error('no file is chosen');
    const trust = { logs: linesIn('logs'), witnesses: linesIn('witnesses') };
    if (second === undefined) return await showOne(first, trust);
    const { state, why } = await compareCheckpoints(
      ...([checkpointIn(first), checkpointIn(second), trust] as const),
    );
    return say(`${state}: ${why}`, state === 'same' || state === 'consistent' ? 'right' : 'wrong');
  } catch (error) {
    return say(`It is not shown to be right: ${(error as Error).message}`, 'wrong');
  }
}

/** Asks this server for its keys, and for nothing else. */
async function ask(): Promise<void> {
  const answer = await fetch(`${location.origin}/v1/checkpoint-keys`);
  const body = (await answer.json()) as {
    readonly keys?: readonly { readonly vkey: string; readonly retiredAt: number | null }[];
    readonly detail?: string;
  };
  if (body.keys === undefined) throw new Error(body.detail ?? `It answered ${answer.status}.`);
  const good = body.keys.filter(({ retiredAt }) => retiredAt === null);
  part('logs').value = good.map(({ vkey }) => vkey).join('\n');
  part('source').textContent =
    `${location.origin} names these. Who trusts it for its keys trusts it for its receipts.`;
}

part('form').addEventListener('submit', (event) => {
  event.preventDefault();
  check();
});
part('ask').addEventListener('click', () => {
  ask().catch((error: Error) => say(error.message, 'wrong'));
});
