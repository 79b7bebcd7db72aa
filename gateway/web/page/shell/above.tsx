// What is said above all screens. Owns: the network, actions whose outcome was not known. Never touches: what screens say themselves.

import type { JSX } from 'preact';
import { Button, Note } from '../ui/parts.js';
import { saidOf } from '../ui/told.js';
import { AROUND } from '../words/around.js';
import { actions, found, isOnline, openActions, who } from './app.js';
import { speaker } from './language.js';

const t = speaker(AROUND);

/** What concerns the page as a whole: the network, and actions whose outcome was not known. */
export function Above(): JSX.Element {
  return (
    <div role="status" class="above">
      {!isOnline.value && (
        <Note kind="warn" icon="offline">
          {t('offline')}
        </Note>
      )}
      {found.value.map(({ kept, outcome }) => (
        <Note key={kept.id} kind={outcome.state === 'done' ? 'good' : 'danger'}>
          {outcome.state === 'refused'
            ? t('foundRefused', { title: kept.title, why: saidOf(outcome.problem) })
            : t('foundDone', { title: kept.title })}{' '}
          <Button
            kind="quiet"
            onClick={() => {
              found.value = found.value.filter((one) => one.kept.id !== kept.id);
            }}
          >
            {t('close')}
          </Button>
        </Note>
      ))}
      {openActions.value.length > 0 && (
        <Note kind="warn" icon="clock">
          <p>
            {t('openActions', { n: openActions.value.length })}:{' '}
            {openActions.value.map(({ title }) => title).join(', ')}
          </p>
          <Button kind="quiet" onClick={() => void actions.resume(who.peek())}>
            {t('askAgain')}
          </Button>
        </Note>
      )}
    </div>
  );
}
