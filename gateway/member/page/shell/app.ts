// The page's one session, its calls, what it keeps. Owns: how these are put together in a browser. Never touches: screens.

import { signal } from '@preact/signals';
import { newId } from '../../../client/ids.js';
import { pauseMs } from '../../../client/pauses.js';
import { Actions, type Kept, type Outcome } from '../calls/actions.js';
import { Answers } from '../calls/answers.js';
import { Caller } from '../calls/caller.js';
import type { Problem } from '../calls/operation.js';
import type { World } from '../calls/send.js';
import { Session, type SignedIn, type Token } from '../calls/session.js';
import { memoryAnswers, memoryStore } from '../calls/stores.js';
import { browserAnswers, browserStore } from './browser-stores.js';
import { BASE, go, isEmbedded } from './router.js';

const world: World = {
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const OWNER = 'jifen.owner';
const SCOPE = 'jifen.scope';
/** A guest leaves nothing behind: what `/me` itself keeps in this browser may be another member's. */
const local = isEmbedded ? memoryStore() : browserStore('local');
const tab = isEmbedded ? memoryStore() : browserStore('session');

/** What an embedded page is told by whoever embeds it: set before anything is asked. */
let ticketOf: (() => Promise<string>) | undefined;
export const embedBy = (ticket: () => Promise<string>): void => {
  ticketOf = ticket;
};

export const session = new Session(world, () => (ticketOf === undefined ? undefined : ticketOf()));
export const caller = new Caller(world, session);
export const answers = new Answers(
  caller,
  isEmbedded ? memoryAnswers() : browserAnswers(),
  world.now,
);
export const actions = new Actions({
  caller,
  store: tab,
  now: world.now,
  newId,
});

export const signedIn = signal<SignedIn>('unknown');
/** Whose page it is: as the token says, or as it was when somebody was reached last. '': nobody's yet. */
export const owner = signal(local.get(OWNER) ?? '');
/** The words of the token's scope, or of the last one; what is not in it is not offered. */
export const scope = signal<readonly string[]>(local.get(SCOPE)?.split(' ') ?? []);
/** May something be asked? With a platform's points: `redeem`, or `redeem:shop`. */
export const may = (word: string): boolean =>
  scope.value.some((one) => one === word || one.startsWith(`${word}:`));

/** Why it is not known yet who is signed in: the last answer, or that there was none. */
export const unreached = signal<Problem | undefined>(undefined);
/** Actions whose outcome is not known (yet). */
export const openActions = signal<readonly Kept[]>([]);
/** Outcomes that were asked for after a reload. */
export const found = signal<readonly { readonly kept: Kept; readonly outcome: Outcome }[]>([]);
/** Does what is shown follow changes as they happen? */
export const isLive = signal(false);
export const isOnline = signal(navigator.onLine);

/** Tells other tabs. */
const channel =
  !isEmbedded && 'BroadcastChannel' in globalThis ? new BroadcastChannel('jifen') : undefined;

function forget(): void {
  local.remove(OWNER);
  local.remove(SCOPE);
  owner.value = '';
  scope.value = [];
  found.value = [];
  void answers.wipe();
}

function changed(state: SignedIn, token: Token | undefined): void {
  signedIn.value = state;
  if (state === 'out') forget();
  if (token === undefined) return;
  const isOther = owner.value !== token.owner;
  // Somebody else was here before.
  if (isOther && owner.value !== '') {
    void answers.wipe();
    found.value = [];
  }
  // Nor is it told to this member what others did in this tab, or kept where they sent it.
  actions.forget(token.owner);
  local.set(OWNER, token.owner);
  local.set(SCOPE, token.scope.join(' '));
  owner.value = token.owner;
  scope.value = token.scope;
  // The cookie is one for all tabs: those that show somebody else ask again who is signed in.
  if (isOther) channel?.postMessage('in');
  comeBack();
  void actions.resume(token.owner);
}

/** Signs out, here and in every tab; what was kept is gone. False: nobody could be reached, and the session goes on. */
export async function signOut(): Promise<boolean> {
  const sent = await fetch('/session', { method: 'DELETE', credentials: 'same-origin' }).catch(
    () => undefined,
  );
  if (sent === undefined || (!sent.ok && sent.status !== 401)) return false;
  left();
  return true;
}

/** The session is over because the member wants that: nothing of it stays, in any tab. */
export function left(): void {
  actions.forget();
  session.end();
  channel?.postMessage('out');
}

/** Where one signs in. */
export const signInAddress = (): string => `/sign-in?to=${encodeURIComponent(location.pathname)}`;

const BACK = 'jifen.back';

/** Whoever goes to sign in comes back to where they are, with what stands in the address, which the page for signing in does not take. */
export const keepPlace = (): void => tab.set(BACK, location.pathname + location.search);

function comeBack(): void {
  const back = tab.get(BACK);
  tab.remove(BACK);
  const isBeginning = location.pathname === BASE && location.search === '';
  if (back?.startsWith(`${BASE}/`) && (isBeginning || back.startsWith(`${location.pathname}?`)))
    go(back, true);
}

/** Longer is not waited for, whatever a server asks for: a member looks at this page. */
const AGAIN_MS_MAX = 10_000;
/** The first pause is four times as long as a client's in a computer centre. */
const FIRST = 2;

/** Asks who is signed in until that is known: without it there is nothing to show, and nothing else that would ask again. */
async function reach(): Promise<void> {
  for (let attempt = 1; session.state === 'unknown'; attempt++) {
    const token = await session.token();
    if (session.state !== 'unknown' || !('code' in token)) break;
    unreached.value = token;
    await world.sleep(Math.min(AGAIN_MS_MAX, Math.max(pauseMs(attempt + FIRST), token.afterMs)));
  }
  unreached.value = undefined;
}

/** Begins: who is signed in, what is open, what changes outside. */
export function begin(): void {
  session.onChange = changed;
  actions.onChange = (open) => {
    openActions.value = open;
  };
  actions.onFound = (kept, outcome) => {
    found.value = [...found.value, { kept, outcome }];
  };
  openActions.value = actions.open();
  channel?.addEventListener('message', ({ data }) => {
    if (data === 'out') {
      actions.forget();
      session.end();
    }
    if (data === 'in' && owner.peek() !== (local.get(OWNER) ?? '')) void session.again();
  });
  const again = (): void => {
    isOnline.value = navigator.onLine;
    if (document.visibilityState === 'hidden') return;
    // What is kept went with a sign-out that this tab was not told of, or is another member's.
    if (owner.peek() !== (local.get(OWNER) ?? '')) session.end();
    if (!navigator.onLine) return;
    if (session.state !== 'in') void session.again();
    if (owner.value !== '' && openActions.value.length > 0) void actions.resume(owner.value);
  };
  // Out of the browser's memory, when somebody goes back: who is signed in may be another one.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) again();
    if (event.persisted && session.state === 'in') void session.again();
  });
  window.addEventListener('online', again);
  window.addEventListener('offline', again);
  document.addEventListener('visibilitychange', again);
  void reach();
}
