// A member as it changes. Owns: the stream of `jifen/client` with the operator's token while a member is shown. Never touches: screens.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Stream } from '../../../../client/stream.js';
import { refresh } from '../../../../web/page/shell/answers.js';
import { session, signedIn } from '../../../../web/page/shell/app.js';
import { streamBy } from '../../../../web/page/shell/stream.js';

/** Changes come in bursts: what is shown is asked for once after one. */
const SETTLE_MS = 500;
/** Before another stream is begun where one has ended, for example with its token. */
const AGAIN_MS = 5_000;

/** Is what is shown followed as it changes? */
export const isLive = signal(false);

/** Asks for what is shown again whenever something changes for a member. */
export function useLive(owner: string): void {
  useEffect(() => {
    let isGone = false;
    let stream: Stream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let settling: ReturnType<typeof setTimeout> | undefined;
    const begin = async (): Promise<void> => {
      const token = await session.token();
      if (isGone) return;
      if ('code' in token) {
        // Nobody could be reached. Who is signed out begins it by signing in.
        if (token.status !== 401) timer = setTimeout(() => void begin(), AGAIN_MS);
        return;
      }
      const made = streamBy(token.text);
      stream = made;
      made.onState = (state) => {
        if (stream === made) isLive.value = state === 'open';
      };
      made.watch(owner, (event) => {
        if (stream !== made) return;
        if (event.type === 'entries') {
          clearTimeout(settling);
          settling = setTimeout(() => void refresh(), SETTLE_MS);
        } else if (event.type === 'ended') {
          end();
          session.refused(token.text);
          timer = setTimeout(() => void begin(), AGAIN_MS);
        }
      });
    };
    const end = (): void => {
      stream?.close();
      stream = undefined;
      isLive.value = false;
    };
    void begin();
    return () => {
      isGone = true;
      clearTimeout(timer);
      clearTimeout(settling);
      end();
    };
  }, [owner, signedIn.value]);
}
