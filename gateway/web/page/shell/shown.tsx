// A screen as it is shown, whatever happens to it: it is loaded, has a fault, is not there. Owns: what is seen then. Never touches: what stands around it.

import { useSignal } from '@preact/signals';
import { Component, type ComponentChildren, type ComponentType, type JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button, Empty, Skeleton } from '../ui/parts.js';
import { AROUND } from '../words/around.js';
import { isOnline } from './app.js';
import { speaker } from './language.js';
import { href } from './router.js';
import type { Screen, ScreenProps } from './screen.js';

const t = speaker(AROUND);

/** A fault of one screen leaves the navigation working. */
export class Boundary extends Component<{ children: ComponentChildren }, { isBroken: boolean }> {
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

export function Shown({ screen, params }: { screen: Screen; params: ScreenProps['params'] }) {
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

/** No screen has this address. */
export const NotFound = (): JSX.Element => (
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
