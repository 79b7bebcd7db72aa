// The palette: screens, commands and whatever is found in the ledger, by a few letters. Owns: its keys, what is asked while somebody types. Never touches: what is
// found (GET /v1/search), how screens are found by words (finding.ts).

import { signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { getV1Search } from '../../../web/page/api/operations.js';
import { caller, who } from '../../../web/page/shell/app.js';
import { language, speak, speaker } from '../../../web/page/shell/language.js';
import { go, href } from '../../../web/page/shell/router.js';
import { Icon, type IconName } from '../../../web/page/ui/icons.js';
import { table } from '../../../web/page/words/words.js';
import { FOUND } from '../words/found.js';
import { SHELL } from '../words/shell.js';
import { may } from './app.js';
import { type Entry, ranked } from './finding.js';
import { addressOf, type Found, isOffered, screens } from './screens.js';
import { choose, THEMES } from './theme.js';

const shell = speaker(SHELL);
const found = speaker(FOUND);
const t = speaker(
  table({
    en: {
      none: 'Nothing is called so.',
      all: 'Show all that is found for “{q}”',
      results: 'Results',
      asking: 'Looking …',
      howTo: 'Up and down to choose, Enter to go there, Escape to close.',
      theme: 'Colours: {name}',
    },
    zh: {
      none: '没有找到。',
      all: '查看“{q}”的全部结果',
      results: '结果',
      asking: '正在查找……',
      howTo: '上下键选择，回车前往，Esc 关闭。',
      theme: '配色：{name}',
    },
  }),
);

export const isOpen = signal(false);
export const openPalette = (): void => {
  isOpen.value = true;
};

/** What some browsers say of keys while letters are put together. */
const COMPOSING = 229;
/** Whoever types is left to type on. */
const TYPED_MS = 150;
const SCREENS_MAX = 8;

/** One line of the palette. */
interface Choice {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly icon: IconName;
  run(): void;
}

interface Command extends Entry, Choice {}

function commands(): Command[] {
  const there = screens
    .filter((screen) => isOffered(screen) && !screen.path.includes(':'))
    .map(({ name, path, title, icon, words = '', group }) => ({
      id: `screen-${name}`,
      title: title(),
      note: group === undefined || group === 'home' ? '' : groupTitle(group),
      words: `${path} ${words}`,
      icon,
      run: () => go(href(...path.split('/').filter(Boolean))),
    }));
  const colours = THEMES.map((theme) => ({
    id: `theme-${theme}`,
    title: t('theme', { name: shell(theme) }),
    note: '',
    words: `theme colours dark light 配色 深色 浅色 ${theme}`,
    icon: theme === 'dark' ? ('moon' as const) : ('sun' as const),
    run: () => choose(theme),
  }));
  const other = language.value === 'zh' ? 'en' : 'zh';
  const spoken = {
    id: 'language',
    title: other === 'zh' ? '中文' : 'English',
    note: '',
    words: 'language 语言 chinese english',
    icon: 'book' as const,
    run: () => speak(other),
  };
  return [...there, ...colours, spoken];
}

const groupTitle = (group: Exclude<(typeof screens)[number]['group'], undefined>): string =>
  shell(group === 'system' ? 'systemGroup' : group);

/** What something that was found is, in a few words. */
export const noteOf = (one: Found): string =>
  [
    found(one.type, { system: one.system ?? '' }),
    one.key === undefined || one.owner === undefined ? '' : one.owner,
    one.programme ?? one.kind ?? '',
  ]
    .filter(Boolean)
    .join(' · ');

export const titleOf = (one: Found): string => one.key ?? one.owner ?? '';

const choiceOf = (one: Found, n: number): Choice[] => {
  const address = addressOf(one);
  return address === undefined
    ? []
    : [
        {
          id: `found-${n}`,
          title: titleOf(one),
          note: noteOf(one),
          icon: 'search',
          run: () => go(address),
        },
      ];
};

/** What is found in the ledger for a text; what is typed meanwhile is asked instead. */
function useFound(text: string) {
  const results = useSignal<readonly Found[]>([]);
  const isBusy = useSignal(false);
  useEffect(() => {
    results.value = [];
    if (text === '' || !may('view')) return;
    let isOld = false;
    isBusy.value = true;
    const timer = setTimeout(async () => {
      const came = await caller.ask(getV1Search, { query: { q: text } }, 1, who.peek());
      if (isOld) return;
      isBusy.value = false;
      if (came.ok) results.value = came.answer.results;
    }, TYPED_MS);
    return () => {
      isOld = true;
      isBusy.value = false;
      clearTimeout(timer);
    };
  }, [text]);
  return { results: results.value, isBusy: isBusy.value };
}

const NEXT: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  PageDown: (at, count) => Math.min(count - 1, at + 5),
  PageUp: (at) => Math.max(0, at - 5),
};

function Opened({ onClose }: { onClose: () => void }): JSX.Element {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const text = useSignal('');
  const at = useSignal(0);
  const wanted = text.value.trim();
  const { results, isBusy } = useFound(wanted);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      dialog.current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const matching: Choice[] = ranked(wanted, commands()).slice(0, SCREENS_MAX);
  const all: Choice = {
    id: 'all',
    title: t('all', { q: wanted }),
    note: '',
    icon: 'search',
    run: () => go(`${href('search')}?q=${encodeURIComponent(wanted)}`),
  };
  const things = results.flatMap(choiceOf);
  // What is exactly that stands first; else screens, for a name of one is typed more often than a member's.
  const isExact = results[0]?.match === 'exact';
  const choices = [
    ...(isExact ? [...things, ...matching] : [...matching, ...things]),
    ...(wanted !== '' && may('view') ? [all] : []),
  ];
  const now = Math.min(at.value, choices.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [now]);
  const take = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    onClose();
    choice.run();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, too.
    <dialog
      ref={dialog}
      class="palette"
      aria-label={shell('search')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="palette-line">
        <Icon name="search" size={18} />
        <input
          type="text"
          role="combobox"
          aria-label={shell('search')}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={choices[now] && `${id}-${choices[now].id}`}
          aria-describedby={`${id}-how`}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          placeholder={shell('searchHint')}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
            at.value = 0;
          }}
          onKeyDown={(event) => {
            // While letters are put together, keys are of that.
            if (event.isComposing || event.keyCode === COMPOSING) return;
            const next = NEXT[event.key];
            if (next !== undefined && choices.length > 0) {
              event.preventDefault();
              at.value = next(now, choices.length);
            } else if (event.key === 'Enter') {
              event.preventDefault();
              take(choices[now]);
            }
          }}
        />
        {isBusy && <span class="spinner" aria-hidden="true" />}
      </div>
      <div ref={list} id={`${id}-list`} class="found-list" role="listbox" aria-label={t('results')}>
        {choices.map((choice, n) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above.
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field above.
          <div
            key={choice.id}
            id={`${id}-${choice.id}`}
            class="found-one"
            role="option"
            aria-selected={n === now}
            onClick={() => take(choice)}
          >
            <Icon name={choice.icon} size={17} />
            <span class="grow cut">{choice.title}</span>
            <span class="muted cut">{choice.note}</span>
          </div>
        ))}
      </div>
      <p class="palette-foot" role="status">
        {isBusy ? t('asking') : choices.length === 0 ? t('none') : ''}
      </p>
      <p class="palette-foot" id={`${id}-how`}>
        {t('howTo')}
      </p>
    </dialog>
  );
}

/** Is something typed into what has the focus? */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, select, [contenteditable]') !== null;

/** Open with Ctrl+K, ⌘K or /. */
export function Palette(): JSX.Element | null {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isCalled =
        (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) ||
        (event.key === '/' && !event.ctrlKey && !event.metaKey && !isTyping(event.target));
      // Another dialog is a question of its own: it is answered first.
      if (!isCalled || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      openPalette();
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
      // Whoever signs in next did not call for it.
      isOpen.value = false;
    };
  }, []);
  if (!isOpen.value) return null;
  return (
    <Opened
      onClose={() => {
        isOpen.value = false;
      }}
    />
  );
}
