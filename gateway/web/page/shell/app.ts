// The page's one session, its calls, what it keeps. Owns: how these are put together in a browser. Never touches: screens; what differs from page to page (`Page`).

import { batch, signal } from '@preact/signals';
import { newId } from '../../../client/ids.js';
import { pauseMs } from '../../../client/pauses.js';
import { Actions, type Kept, type Outcome } from '../calls/actions.js';
import { Answers } from '../calls/answers.js';
import { Caller } from '../calls/caller.js';
import {
  type AnyOperation,
  type Asked,
  type Problem,
  questionOf,
  type Result,
} from '../calls/operation.js';
import { send, type World } from '../calls/send.js';
import { Session, type SignedIn, type Token, type TokenSource } from '../calls/session.js';
import type { AnswerStore, Store } from '../calls/stores.js';
import type { Language } from '../words/words.js';
import { BASE, go } from './router.js';

/** What differs from page to page. */
export interface Page {
  /** Where its tokens come from. */
  readonly tokens: TokenSource;
  /** What is asked with `DELETE` to end the session. */
  readonly sessionPath: string;
  /** Where texts are kept: over visits, and in this tab; pages of one origin share the browser's. */
  readonly local: Store;
  readonly tab: Store;
  /** Where answers are kept to be read offline. */
  readonly answers: AnswerStore;
  /** Under which name its tabs talk to each other; undefined: they do not. */
  readonly channel: string | undefined;
  /** Are screens kept where a session ends by itself, for whoever signs in again (`lapsed`)? */
  readonly keepsLapsed: boolean;
  /** The address where one signs in; undefined: there is none, the page itself asks who it is. */
  signInAddress(): string | undefined;
  /** Where one proves a second factor, where that is asked for; left out: nowhere. */
  proofAddress?(): string;
  /** What is said of a refusal. */
  problemText(language: Language, problem: Pick<Problem, 'code' | 'status' | 'detail'>): string;
}

const world: World = {
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const WHO = 'jifen.owner';
const SCOPE = 'jifen.scope';

/** The page that this is, and what is made of it: there once `assemble` was called, before anything is shown. */
export let page: Page;
export let session: Session;
export let caller: Caller;
export let answers: Answers;
export let actions: Actions;
/** Tells other tabs. */
let channel: BroadcastChannel | undefined;

export const signedIn = signal<SignedIn>('unknown');
/** The session has ended by itself: who was here, and what they had typed, is kept for them, until somebody else signs in, or for so long. */
export const lapsed = signal(false);
const LAPSED_MS_MAX = 30 * 60_000;
/** Whose page it is: as the token says, or as it was when somebody was reached last. '': nobody's yet. */
export const who = signal('');
/** The words of what the token permits, or the last one did; what is not in it is not offered. */
export const scope = signal<readonly string[]>([]);
/** Why it is not known yet who is signed in: the last answer, or that there was none. */
export const unreached = signal<Problem | undefined>(undefined);
/** Actions whose outcome is not known (yet). */
export const openActions = signal<readonly Kept[]>([]);
/** Outcomes that were asked for after a reload. */
export const found = signal<readonly { readonly kept: Kept; readonly outcome: Outcome }[]>([]);
export const isOnline = signal(navigator.onLine);

/** Puts the page together. */
export function assemble(one: Page): void {
  page = one;
  session = new Session(world, one.tokens);
  caller = new Caller(world, session);
  answers = new Answers(caller, one.answers, world.now);
  actions = new Actions({ caller, store: one.tab, now: world.now, newId });
  if (one.channel !== undefined && 'BroadcastChannel' in globalThis)
    channel = new BroadcastChannel(one.channel);
  who.value = one.local.get(WHO) ?? '';
  scope.value = one.local.get(SCOPE)?.split(' ') ?? [];
}

function forget(): void {
  page.local.remove(WHO);
  page.local.remove(SCOPE);
  who.value = '';
  scope.value = [];
  found.value = [];
  void answers.wipe();
}

let dropping: ReturnType<typeof setTimeout> | undefined;

function changed(state: SignedIn, token: Token | undefined, isLapsed: boolean): void {
  const wasLapsed = lapsed.peek();
  clearTimeout(dropping);
  batch(() => {
    lapsed.value = state === 'out' && isLapsed && page.keepsLapsed;
    signedIn.value = state;
    if (state === 'out' && !lapsed.value) forget();
    if (token !== undefined) entered(token, wasLapsed);
  });
  // Whoever is away for longer does not come back to it, and others may sit there by then.
  if (lapsed.peek()) dropping = setTimeout(() => session.end(), LAPSED_MS_MAX);
}

function entered(token: Token, wasLapsed: boolean): void {
  const isOther = who.value !== token.who;
  // Somebody else was here before.
  if (isOther && who.value !== '') {
    void answers.wipe();
    found.value = [];
  }
  // Nor is it told to this one what others did in this tab, or kept where they sent it.
  actions.forget(token.who);
  page.local.set(WHO, token.who);
  page.local.set(SCOPE, token.scope.join(' '));
  who.value = token.who;
  scope.value = token.scope;
  // The cookie is one for all tabs: those that show somebody else ask again who is signed in.
  if (isOther || wasLapsed) channel?.postMessage('in');
  comeBack();
  void actions.resume(token.who);
}

/** Signs out, here and in every tab; what was kept is gone. False: nobody could be reached, and the session goes on. */
export async function signOut(): Promise<boolean> {
  const sent = await world
    .fetch(page.sessionPath, {
      method: 'DELETE',
      credentials: 'same-origin',
    })
    .catch(() => undefined);
  if (sent === undefined || (!sent.ok && sent.status !== 401)) return false;
  left();
  return true;
}

/** Asks once, with no token but the session's cookie: signing in, and what is of the session itself. */
export async function askOwn<Op extends AnyOperation>(
  operation: Op,
  asked: Asked<Op>,
): Promise<Result<Op>> {
  const sent = await send(world, questionOf(operation, asked), undefined, true);
  if (!sent.ok) return sent as Result<Op>;
  return { ok: true, status: sent.status, answer: sent.body } as Result<Op>;
}

/** The session is over because that is wanted: nothing of it stays, in any tab. */
export function left(): void {
  actions.forget();
  session.end();
  channel?.postMessage('out');
}

const BACK = 'jifen.back';

/** Whoever goes to sign in comes back to where they are, with what stands in the address, which the page for signing in does not take. */
export const keepPlace = (): void => page.tab.set(BACK, location.pathname + location.search);

function comeBack(): void {
  const back = page.tab.get(BACK);
  page.tab.remove(BACK);
  const isBeginning = location.pathname === BASE && location.search === '';
  if (back?.startsWith(`${BASE}/`) && (isBeginning || back.startsWith(`${location.pathname}?`)))
    go(back, true);
}

/** Longer is not waited for, whatever a server asks for: somebody looks at this page. */
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
  const isOthers = (): boolean => who.peek() !== (page.local.get(WHO) ?? '');
  channel?.addEventListener('message', ({ data }) => {
    if (data === 'out') {
      actions.forget();
      session.end();
    }
    if (data === 'in' && (isOthers() || lapsed.peek())) void session.again();
  });
  const again = (): void => {
    isOnline.value = navigator.onLine;
    if (document.visibilityState === 'hidden') return;
    // What is kept went with a sign-out that this tab was not told of, or is somebody else's.
    if (isOthers()) session.end();
    if (!navigator.onLine) return;
    if (session.state !== 'in') void session.again();
    if (who.value !== '' && openActions.value.length > 0) void actions.resume(who.value);
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
