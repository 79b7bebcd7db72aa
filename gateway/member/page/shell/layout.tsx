// What stands around each screen. Owns: navigation, where the focus goes when another screen is shown, what is said above all screens. Never touches: screens.

import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Above } from '../../../web/page/shell/above.js';
import { keepPlace, session, signedIn, unreached } from '../../../web/page/shell/app.js';
import { language, speak, speaker } from '../../../web/page/shell/language.js';
import { href, isEmbedded, place } from '../../../web/page/shell/router.js';
import { placedOf } from '../../../web/page/shell/screen.js';
import { Boundary, NotFound, Shown } from '../../../web/page/shell/shown.js';
import { Icon } from '../../../web/page/ui/icons.js';
import { Button } from '../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../web/page/ui/told.js';
import { AROUND } from '../../../web/page/words/around.js';
import { SHELL } from '../words/shell.js';
import { may, owner, signInAddress } from './app.js';
import { type MemberScreen, screens } from './screens.js';

const t = speaker(SHELL);
const around = speaker(AROUND);

const isOffered = ({ needs }: MemberScreen): boolean =>
  needs === undefined || signedIn.value !== 'in' || may(needs);

/** The address of the tab that a screen belongs to. */
const firstOf = (path: string): string => path.split('/')[0] ?? '';

function Links({
  nav,
  now,
}: {
  nav: readonly MemberScreen['nav'][];
  now: MemberScreen | undefined;
}) {
  return (
    <>
      {screens
        .filter((screen) => nav.includes(screen.nav) && isOffered(screen))
        .map(({ name, path, title, icon }) => (
          <a
            key={name}
            href={href(...path.split('/').filter(Boolean))}
            aria-current={
              now !== undefined && firstOf(now.path) === firstOf(path) ? 'page' : undefined
            }
          >
            <Icon name={icon} />
            <span>{title()}</span>
          </a>
        ))}
    </>
  );
}

function SignedOut(): JSX.Element {
  return (
    <div class="welcome" data-screen="signed-out">
      <img src="/me/icons/icon.svg" alt="" width="72" height="72" />
      <h1>{t('signInTitle')}</h1>
      <p>{t('signInWhy')}</p>
      {isEmbedded ? (
        <Button onClick={() => void session.again()}>{around('again')}</Button>
      ) : (
        <a class="button main" href={signInAddress()} onClick={keepPlace}>
          <span>{around('signIn')}</span>
        </a>
      )}
    </div>
  );
}

function Head({ now }: { now: MemberScreen | undefined }): JSX.Element {
  const title = now?.title() ?? around('notFoundTitle');
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef<string | undefined>(undefined);
  const name = now?.name ?? '';
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
    // Not at the first screen: whoever opens the page begins at its beginning.
    if (before.current !== undefined && before.current !== name) heading.current?.focus();
    before.current = name;
  }, [name, title]);
  return (
    <header class="head">
      {now?.nav === 'none' && (
        <a class="button quiet" href={href(firstOf(now.path))} aria-label={around('back')}>
          <Icon name="back" />
        </a>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <Button
        kind="quiet"
        onClick={() => speak(language.value === 'zh' ? 'en' : 'zh')}
        label={`${around('language')}: ${around('otherLanguage')}`}
      >
        <span lang={language.value === 'zh' ? 'en' : 'zh-CN'}>{around('otherLanguage')}</span>
      </Button>
    </header>
  );
}

export function Layout(): JSX.Element {
  const at = useComputed(() => placedOf(screens, place.value.parts)).value;
  if (signedIn.value === 'out') return <SignedOut />;
  const screen = at?.screen;
  return (
    <div class="layout">
      <a class="skip" href="#content">
        {around('skip')}
      </a>
      <nav class="side" aria-label={around('sections')}>
        <a class="brand" href={href()}>
          <img src="/me/icons/icon.svg" alt="" width="32" height="32" />
          <span>{t('product')}</span>
        </a>
        <Links nav={['tab', 'more']} now={screen} />
      </nav>
      <div class="middle">
        <Head now={screen} />
        <Above />
        <main id="content" tabIndex={-1} data-screen={screen?.name ?? 'not-found'}>
          {owner.value === '' && unreached.value !== undefined && (
            <ProblemNote problem={unreached.value} onAgain={() => void session.again()} />
          )}
          {/* Another member's are other screens: nothing that one typed is sent by another. */}
          <Boundary key={`${screen?.name} ${owner.value}`}>
            {at === undefined ? <NotFound /> : <Shown screen={at.screen} params={at.params} />}
          </Boundary>
        </main>
      </div>
      <nav class="tabs" aria-label={around('sections')}>
        <Links nav={['tab']} now={screen} />
      </nav>
    </div>
  );
}
