// What the page `/draws` does, in the browser: asks for seeds, and checks a draw by them. Owns: what is shown. Never touches: other hosts.

import type { DrawSeed, ToldDraw } from '../../engine/protocol/draw.js';
import { drawProblem, findings } from './check.js';
import { DIGESTS } from './digests.js';

/** What is used of an element of the page. */
interface Part {
  textContent: string;
  className: string;
  readonly value: string;
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

function made(name: string, text: string, className = ''): Part {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = className;
  return element;
}

async function seedsOf(query: string): Promise<readonly DrawSeed[]> {
  const answer = await fetch(`${location.origin}/v1/draws/seeds${query}`);
  const body = (await answer.json()) as { seeds?: readonly DrawSeed[]; detail?: string };
  if (body.seeds === undefined)
    throw new Error(body.detail ?? `The ledger answered ${answer.status}.`);
  return body.seeds;
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

async function showSeeds(): Promise<void> {
  const rows = part('seeds');
  rows.replaceChildren();
  for (const { shard, number, from, to, hash, seed, isLost } of await seedsOf('?limit=5')) {
    const row = made('tr', '');
    const told = seed ?? (isLost ? 'lost' : '');
    for (const text of [shard, number, timeOf(from), timeOf(to), hash, told])
      row.append(made('td', String(text)));
    rows.append(row);
  }
}

async function check(text: string): Promise<void> {
  const state = part('state');
  const list = part('findings');
  list.replaceChildren();
  state.textContent = 'Checking ...';
  try {
    const draw = JSON.parse(text) as ToldDraw;
    const problem = drawProblem(draw);
    if (problem !== undefined) throw new Error(problem);
    const { shard, number } = draw.seed;
    const seeds = await seedsOf(`?shard=${shard}&before=${number + 1}&limit=1`);
    const all = await findings(draw, seeds, DIGESTS);
    for (const { isRight, text: said } of all)
      list.append(made('li', said, isRight ? '' : 'wrong'));
    const isRight = all.every((one) => one.isRight);
    state.textContent = isRight ? 'The draw is right.' : 'The draw is not shown to be right.';
  } catch (error) {
    state.textContent = `It cannot be checked: ${(error as Error).message}`;
  }
}

part('form').addEventListener('submit', (event) => {
  event.preventDefault();
  check(part('draw').value);
});
showSeeds().catch((error: Error) => {
  part('state').textContent = error.message;
});
