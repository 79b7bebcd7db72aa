// Everything that is no tab: on a phone the way to all other screens, language and signing out.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { signOut } from '../../../web/page/shell/app.js';
import { language, speak, speaker } from '../../../web/page/shell/language.js';
import { href, isEmbedded } from '../../../web/page/shell/router.js';
import { Icon } from '../../../web/page/ui/icons.js';
import { Button, Card, Note } from '../../../web/page/ui/parts.js';
import { AROUND } from '../../../web/page/words/around.js';
import { may } from '../shell/app.js';
import { screens } from '../shell/screens.js';
import { SHELL } from '../words/shell.js';

const t = speaker(SHELL);
const around = speaker(AROUND);

export default function More(): JSX.Element {
  const isLeaving = useSignal(false);
  const isStuck = useSignal(false);
  const others = screens.filter(({ nav, needs }) => nav === 'more' && (!needs || may(needs)));
  const leave = async (): Promise<void> => {
    isLeaving.value = true;
    isStuck.value = !(await signOut());
    isLeaving.value = false;
  };
  return (
    <>
      {others.length > 0 && (
        <nav class="card list" aria-label={t('more')}>
          {others.map(({ name, path, title, icon }) => (
            <a key={name} class="row" href={href(...path.split('/'))}>
              <Icon name={icon} />
              <span class="grow">{title()}</span>
              <Icon name="next" size={18} />
            </a>
          ))}
        </nav>
      )}
      <Card title={around('language')}>
        <Button kind="plain" onClick={() => speak(language.value === 'zh' ? 'en' : 'zh')}>
          <span lang={language.value === 'zh' ? 'en' : 'zh-CN'}>{around('otherLanguage')}</span>
        </Button>
      </Card>
      {!isEmbedded && (
        <>
          <Button kind="plain" isBusy={isLeaving.value} onClick={() => void leave()}>
            {around('signOut')}
          </Button>
          {isStuck.value && (
            <Note kind="danger" icon="cross">
              {around('signOutFailed')}
            </Note>
          )}
        </>
      )}
    </>
  );
}
