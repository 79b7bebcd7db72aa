// Balances as they change. Owns: the stream of `jifen/client` with the member's token, and what is done while there is none: asking now and then. Never touches: screens.

import type { HistoryEntry } from '../../../../engine/protocol/outcomes.js';
import type { Stream } from '../../../client/stream.js';
import { getV1AccountsByOwner } from '../../../web/page/api/operations.js';
import { changeAnswer, refresh } from '../../../web/page/shell/answers.js';
import { isOnline, session, signedIn } from '../../../web/page/shell/app.js';
import { date } from '../../../web/page/shell/language.js';
import { streamBy } from '../../../web/page/shell/stream.js';
import { isLive, owner } from './app.js';

/** Changes come in bursts: what follows from balances is asked for once after one. */
const SETTLE_MS = 1_200;
/** How often is asked where there is no stream. */
const POLL_MS = 30_000;
/** Before another stream is begun where one was refused. */
const AGAIN_MS = 5_000;

type Accounts = NonNullable<NonNullable<(typeof getV1AccountsByOwner)['types']>['answer']>;

let stream: Stream | undefined;
let settling: ReturnType<typeof setTimeout> | undefined;

function settle(): void {
  clearTimeout(settling);
  settling = setTimeout(() => void refresh(), SETTLE_MS);
}

/** Balances as they are after these entries: at once, before the rest is asked for. */
function take(of: string, entries: readonly HistoryEntry[]): void {
  changeAnswer(getV1AccountsByOwner, { path: { owner: of } }, (answer): Accounts => {
    const accounts = answer.accounts.map((account) => {
      const last = entries.filter(({ asset }) => asset === account.asset).at(-1);
      if (last === undefined || last.version <= account.version) return account;
      const { available, held, version } = last;
      return { ...account, available, held, total: available + held, version };
    });
    return { ...answer, accounts } as Accounts;
  });
  settle();
}

function stop(): void {
  stream?.close();
  stream = undefined;
  isLive.value = false;
}

async function start(of: string): Promise<void> {
  const token = await session.token();
  if ('code' in token || stream !== undefined || owner.peek() !== of) return;
  const made = streamBy(token.text);
  stream = made;
  made.onState = (state) => {
    if (stream === made) isLive.value = state === 'open';
  };
  made.watch(of, (event) => {
    if (stream !== made) return;
    if (event.type === 'entries') take(of, event.entries);
    else if (event.type === 'ended') {
      // The token has ended: with another one it goes on.
      stop();
      session.refused(token.text);
      setTimeout(() => void begin(), AGAIN_MS);
    }
  });
}

function begin(): Promise<void> | undefined {
  const of = owner.peek();
  return signedIn.peek() === 'in' && of !== '' && isOnline.peek() ? start(of) : undefined;
}

/** Follows who is signed in. */
export function followBalances(): void {
  let was = '';
  const follow = (): void => {
    const now = signedIn.value === 'in' ? owner.value : '';
    if (now === was) return;
    was = now;
    stop();
    void begin();
  };
  signedIn.subscribe(follow);
  owner.subscribe(follow);
  isOnline.subscribe((now) => {
    if (now && stream === undefined) void begin();
  });
  let day = date(Date.now());
  const poll = (): void => {
    if (document.visibilityState !== 'visible' || !isOnline.peek() || signedIn.peek() !== 'in')
      return;
    // With another day other things are to do, and no entry tells that.
    const today = date(Date.now());
    if (!isLive.peek() || today !== day) void refresh();
    day = today;
  };
  setInterval(poll, POLL_MS);
  document.addEventListener('visibilitychange', poll);
}
