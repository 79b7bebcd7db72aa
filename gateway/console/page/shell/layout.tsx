// What stands around each screen. Owns: the navigation, the bar above, who is signed in. Never touches: screens.

import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Above } from '../../../web/page/shell/above.js';
import { lapsed, session, signedIn, signOut, unreached, who } from '../../../web/page/shell/app.js';
import { language, speak, speaker } from '../../../web/page/shell/language.js';
import { href, place } from '../../../web/page/shell/router.js';
import { placedOf } from '../../../web/page/shell/screen.js';
import { Boundary, NotFound, Shown } from '../../../web/page/shell/shown.js';
import { Icon } from '../../../web/page/ui/icons.js';
import { Button, Skeleton } from '../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../web/page/ui/told.js';
import { AROUND } from '../../../web/page/words/around.js';
import { Forbidden } from '../ui/forbidden.js';
import { Head } from '../ui/head.js';
import { SHELL } from '../words/shell.js';
import { SIGN_IN } from '../words/sign-in.js';
import { Codes, CodesNeeded } from './codes.js';
import { INVITATION, Invitation } from './invitation.js';
import { openPalette, Palette } from './palette.js';
import { type ConsoleScreen, GROUPS, type Group, isOffered, screens } from './screens.js';
import { Alone, SignIn, SignInAgain } from './sign-in.js';
import { choose, THEMES, theme } from './theme.js';
import { person } from './tokens.js';

const t = speaker(SHELL);
const around = speaker(AROUND);
const signing = speaker(SIGN_IN);

const titleOf = (group: Group): string => t(group === 'system' ? 'systemGroup' : group);
const partsOf = (path: string): string[] => path.split('/').filter(Boolean);

/** Is the screen, or one below it, shown? */
const isIn = ({ path }: ConsoleScreen, now: readonly string[]): boolean => {
  const parts = partsOf(path);
  return parts.length === 0 ? now.length === 0 : parts.every((part, n) => part === now[n]);
};

function Navigation(): JSX.Element {
  const now = place.value.parts;
  const offered = screens.filter(isOffered);
  // Of two that fit, the one that says more is the one.
  const best = offered
    .filter((screen) => screen.group !== undefined && isIn(screen, now))
    .sort((a, b) => b.path.length - a.path.length)[0];
  return (
    <>
      {GROUPS.map((group) => {
        const within = offered.filter((screen) => screen.group === group);
        if (within.length === 0) return null;
        return (
          <section key={group} aria-label={titleOf(group)}>
            {group !== 'home' && <h2>{titleOf(group)}</h2>}
            <ul>
              {within.map((screen) => (
                <li key={screen.name}>
                  <a
                    class="nav-link"
                    href={href(...partsOf(screen.path))}
                    aria-current={screen === best ? 'page' : undefined}
                  >
                    <Icon name={screen.icon} size={17} />
                    <span>{screen.title()}</span>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const;
const THEME_ICON = { system: 'contrast', light: 'sun', dark: 'moon' } as const;

const IS_APPLE = /mac|iphone|ipad/i.test(navigator.userAgent);

function Bar({ onMenu }: { onMenu: () => void }): JSX.Element {
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <header class="bar">
      <span class="for-phone">
        <Button kind="quiet" icon="menu" label={t('menu')} onClick={onMenu} />
      </span>
      <div class="grow">
        <button
          type="button"
          class="finder"
          aria-keyshortcuts="Control+K Meta+K /"
          onClick={openPalette}
        >
          <Icon name="search" size={17} />
          <span class="cut">{t('search')}</span>
          <kbd>{IS_APPLE ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
      </div>
      <Button
        kind="quiet"
        icon={THEME_ICON[theme.value]}
        label={`${t('theme')}: ${t(THEMES.find((one) => one === theme.value) ?? 'system')}`}
        onClick={() => choose(NEXT_THEME[theme.value])}
      />
      <Button
        kind="quiet"
        label={`${around('language')}: ${around('otherLanguage')}`}
        onClick={() => speak(other)}
      >
        <span lang={other === 'zh' ? 'zh-CN' : 'en'}>{around('otherLanguage')}</span>
      </Button>
      <a
        class="button quiet"
        href={href('account')}
        aria-label={`${person.value?.name ?? who.value}: ${t('account')}`}
      >
        <Icon name="person" size={18} />
        <span class="name">{person.value?.name ?? who.value}</span>
      </a>
    </header>
  );
}

/** What is shown: to whoever is not signed in, and to whoever is. */
export function Layout(): JSX.Element {
  if (place.value.parts[0] === INVITATION) return <Invitation />;
  if (signedIn.value === 'out' && !lapsed.value) return <SignIn />;
  if (unreached.value?.code === 'CODES_REQUIRED')
    return (
      <Alone title={signing('codesTitle')} screen="codes-required">
        <section class="card" aria-label={signing('codesTitle')}>
          <CodesNeeded />
          <Codes hasCodes={false} onDone={() => void session.again()} />
        </section>
        <Button kind="quiet" onClick={() => void signOut()}>
          {around('signOut')}
        </Button>
      </Alone>
    );
  return (
    <>
      <Desk isHidden={lapsed.value} />
      {lapsed.value && <SignInAgain />}
    </>
  );
}

/** `isHidden`: its screen is kept for whoever was here, and nobody sees it meanwhile. */
function Desk({ isHidden }: { isHidden: boolean }): JSX.Element {
  const at = useComputed(() => placedOf(screens, place.value.parts)).value;
  const isMenuOpen = useSignal(false);
  // Whoever went somewhere by the menu wants to see it.
  useEffect(() => {
    isMenuOpen.value = false;
  }, [place.value]);
  const screen = at?.screen;
  return (
    <div class={`console ${isMenuOpen.value ? 'menu-open' : ''}`} hidden={isHidden}>
      <a class="skip" href="#content">
        {around('skip')}
      </a>
      <Palette />
      <nav class="side" aria-label={around('sections')}>
        <div class="brand">
          <a href={href()}>
            <img src="/console/icons/icon.svg" alt="" width="24" height="24" />
            <span>jifen</span>
          </a>
          <span class="for-phone">
            <Button
              kind="quiet"
              icon="cross"
              label={t('menuClose')}
              onClick={() => {
                isMenuOpen.value = false;
              }}
            />
          </span>
        </div>
        <Navigation />
      </nav>
      <div class="middle">
        <Bar
          onMenu={() => {
            isMenuOpen.value = true;
          }}
        />
        <Above />
        <main id="content" tabIndex={-1} data-screen={screen?.name ?? 'not-found'}>
          {signedIn.value === 'unknown' ? (
            unreached.value === undefined ? (
              <Skeleton lines={6} />
            ) : (
              <ProblemNote problem={unreached.value} onAgain={() => void session.again()} />
            )
          ) : (
            // Another one's are other screens, and so are those of another thing: nothing that one typed is sent by another, or to what it was not typed for.
            <Boundary key={JSON.stringify([screen?.name, at?.params, who.value])}>
              {at === undefined ? (
                <>
                  <Head title={around('notFoundTitle')} />
                  <NotFound />
                </>
              ) : isOffered(at.screen) ? (
                <Shown screen={at.screen} params={at.params} />
              ) : (
                <Forbidden title={at.screen.title()} needs={at.screen.needs ?? []} />
              )}
            </Boundary>
          )}
        </main>
      </div>
    </div>
  );
}
