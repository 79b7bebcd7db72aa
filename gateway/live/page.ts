// What the page `/live` does, in the browser: watches an owner's balances with `jifen/client`. Owns: what is shown. Never
// touches: other hosts; the key stays in the form's field.

import { type BalanceEvent, type Client, connect, type HistoryEntry } from '../client/index.js';

/** What is used of an element of the page. */
interface Part {
  textContent: string;
  className: string;
  readonly value: string;
  readonly children: { readonly length: number };
  readonly lastElementChild: Part | null;
  append(...parts: readonly Part[]): void;
  prepend(part: Part): void;
  replaceChildren(): void;
  replaceWith(part: Part): void;
  remove(): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
}
declare const document: {
  getElementById(id: string): Part | null;
  createElement(name: string): Part;
};
declare const location: { readonly origin: string };

const CHANGES_SHOWN = 20;

function part(id: string): Part {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}

function made(name: string, text = ''): Part {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

const form = part('form');
const state = part('state');
const balances = part('balances');
const changes = part('changes');

/** One row of the table for each asset. */
const rows = new Map<string, Part>();
let client: Client | undefined;

function show(asset: string, available: number, held: number, version: number): void {
  const row = made('tr');
  row.className = 'changed';
  for (const text of [asset, available, held, version]) row.append(made('td', String(text)));
  const before = rows.get(asset);
  rows.set(asset, row);
  if (before === undefined) balances.append(row);
  else before.replaceWith(row);
}

function change({
  asset,
  delta,
  heldDelta,
  type,
  kind,
  time,
  version,
  available,
  held,
}: HistoryEntry): void {
  show(asset, available, held, version);
  const amount = delta === 0 ? `${heldDelta} held` : `${delta > 0 ? '+' : ''}${delta}`;
  const what = kind === undefined ? type : `${type} ${kind}`;
  changes.prepend(made('li', `${new Date(time).toISOString()}  ${amount} ${asset}  (${what})`));
  if (changes.children.length > CHANGES_SHOWN) changes.lastElementChild?.remove();
}

function take(event: BalanceEvent): void {
  if (event.type === 'ended') state.textContent = `Ended: ${event.refusal.message}`;
  else if (event.type === 'entries') for (const entry of event.entries) change(entry);
  else
    for (const { asset, available, held, version } of event.balances)
      show(asset, available, held, version);
}

const STATES = { connecting: 'Connecting ...', open: 'Live.', closed: 'Not connected.' } as const;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  client?.close();
  rows.clear();
  balances.replaceChildren();
  changes.replaceChildren();
  client = connect({ url: location.origin, key: part('key').value });
  client.stream.onState = (now) => {
    if (now !== 'closed') state.textContent = STATES[now];
  };
  client.stream.watch(part('owner').value, take);
});
