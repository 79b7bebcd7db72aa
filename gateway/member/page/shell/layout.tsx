// What stands around each screen. Owns: navigation, where the focus goes when another screen is shown, what is said above all screens. Never touches: screens.

import { useComputed, useSignal } from '@preact/signals';
import { Component, type ComponentChildren, type ComponentType, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../ui/icons.js';
import { Button, Empty, Note, Skeleton } from '../ui/parts.js';
import { ProblemNote, saidOf } from '../ui/told.js';
import { SHELL } from '../words/shell.js';
import {
  actions,
  found,
  isOnline,
  keepPlace,
  may,
  openActions,
  owner,
  session,
  signedIn,
  signInAddress,
  unreached,
} from './app.js';
import { language, speak, speaker } from './language.js';
import { href, isEmbedded } from './router.js';
import type { Screen, ScreenProps } from './screen.js';
import { placed, screens } from './screens.js';

const t = speaker(SHELL);

const isOffered = ({ needs }: Screen): boolean =>
  needs === undefined || signedIn.value !== 'in' || may(needs);

/** The address of the tab that a screen belongs to. */
const firstOf = (path: string): string => path.split('/')[0] ?? '';

function Links({ nav, now }: { nav: readonly Screen['nav'][]; now: Screen | undefined }) {
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

/** A fault of one screen leaves the navigation working. */
class Boundary extends Component<{ children: ComponentChildren }, { isBroken: boolean }> {
  override state = { isBroken: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ isBroken: true });
  }

  override render(): ComponentChildren {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Empty
        icon="cross"
        action={
          <Button kind="plain" onClick={() => location.reload()}>
            {t('reload')}
          </Button>
        }
      >
        <strong>{t('brokenTitle')}</strong> {t('brokenWhy')}
      </Empty>
    );
  }
}

/** Modules of screens, once they are there. */
const loaded = new Map<string, ComponentType<ScreenProps>>();

function Shown({ screen, params }: { screen: Screen; params: ScreenProps['params'] }) {
  const state = useSignal<'loading' | 'there' | 'failed'>('loading');
  const { name, load } = screen;
  const get = (): void => {
    state.value = 'loading';
    load().then(
      (module) => {
        loaded.set(name, module.default);
        state.value = 'there';
      },
      () => {
        state.value = 'failed';
      },
    );
  };
  useEffect(get, [name]);
  const Loaded = loaded.get(name);
  if (Loaded !== undefined) return <Loaded params={params} />;
  if (state.value === 'failed')
    return (
      <Empty
        icon="offline"
        action={
          // There is a network, and yet this part is not there: a newer build has others.
          <Button kind="plain" onClick={isOnline.value ? () => location.reload() : get}>
            {t('again')}
          </Button>
        }
      >
        {t(isOnline.value ? 'partGone' : 'noNetwork')}
      </Empty>
    );
  return <Skeleton lines={6} />;
}

function SignedOut(): JSX.Element {
  return (
    <div class="welcome" data-screen="signed-out">
      <img src="/me/icons/icon.svg" alt="" width="72" height="72" />
      <h1>{t('signInTitle')}</h1>
      <p>{t('signInWhy')}</p>
      {isEmbedded ? (
        <Button onClick={() => void session.again()}>{t('again')}</Button>
      ) : (
        <a class="button main" href={signInAddress()} onClick={keepPlace}>
          <span>{t('signIn')}</span>
        </a>
      )}
    </div>
  );
}

const NotFound = (): JSX.Element => (
  <Empty
    icon="search"
    action={
      <a class="button plain" href={href()}>
        {t('toHome')}
      </a>
    }
  >
    <strong>{t('notFoundTitle')}</strong> {t('notFoundWhy')}
  </Empty>
);

/** What concerns the page as a whole: the network, and actions whose outcome was not known. */
function Above(): JSX.Element {
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
          <Button kind="quiet" onClick={() => void actions.resume(owner.peek())}>
            {t('askAgain')}
          </Button>
        </Note>
      )}
    </div>
  );
}

function Head({ now }: { now: Screen | undefined }): JSX.Element {
  const title = now?.title() ?? t('notFoundTitle');
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
        <a class="button quiet" href={href(firstOf(now.path))} aria-label={t('back')}>
          <Icon name="back" />
        </a>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <Button
        kind="quiet"
        onClick={() => speak(language.value === 'zh' ? 'en' : 'zh')}
        label={`${t('language')}: ${t('otherLanguage')}`}
      >
        <span lang={language.value === 'zh' ? 'en' : 'zh-CN'}>{t('otherLanguage')}</span>
      </Button>
    </header>
  );
}

export function Layout(): JSX.Element {
  const at = useComputed(placed).value;
  if (signedIn.value === 'out') return <SignedOut />;
  const screen = at?.screen;
  return (
    <div class="layout">
      <a class="skip" href="#content">
        {t('skip')}
      </a>
      <nav class="side" aria-label={t('sections')}>
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
      <nav class="tabs" aria-label={t('sections')}>
        <Links nav={['tab']} now={screen} />
      </nav>
    </div>
  );
}
