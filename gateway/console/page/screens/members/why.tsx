// Why something was decided as it was: of an event in words, of any other act what was logged with it. Owns: how it is shown. Never touches: decisions.

import type { JSX } from 'preact';
import { getV1MembersByOwnerEventsByEventWhy } from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { language, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { Json } from '../../ui/parts.js';
import { effectsOf, type Line, linesOf } from './explained.js';

const t = speaker(
  table({
    en: {
      effects: 'What was done',
      why: 'Why',
      decided: 'Decided by',
      version: '{key}, version {n}',
      all: 'All that was logged with it',
      none: 'Nothing was logged with it.',
    },
    zh: {
      effects: '执行结果',
      why: '原因',
      decided: '依据',
      version: '{key}，版本 {n}',
      all: '随操作记录的全部内容',
      none: '没有记录其他内容。',
    },
  }),
);

const Lines = ({ lines }: { lines: readonly Line[] }): JSX.Element => (
  <dl class="facts">
    {lines.map(({ name, value }, n) => (
      <div key={n}>
        <dt>{name}</dt>
        <dd class="wrap">{value}</dd>
      </div>
    ))}
  </dl>
);

/** Of an act by what is known of it. */
export function Explained({
  effects = [],
  why,
}: {
  effects?: readonly Readonly<Record<string, unknown>>[] | undefined;
  why?: Readonly<Record<string, unknown>> | undefined;
}): JSX.Element {
  const reasons = linesOf(why);
  return (
    <div class="stack">
      {effects.length > 0 && (
        <section>
          <h3>{t('effects')}</h3>
          <Lines lines={effectsOf(effects)} />
        </section>
      )}
      {reasons.length > 0 && (
        <section>
          <h3>{t('why')}</h3>
          <Lines lines={reasons} />
        </section>
      )}
      {effects.length + reasons.length === 0 ? (
        <p class="muted">{t('none')}</p>
      ) : (
        <Json value={{ effects, why }} label={t('all')} />
      )}
    </div>
  );
}

/** Of an event, in words; the definitions that decided are linked to. */
export function EventWhy({ owner, event }: { owner: string; event: string }): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerEventsByEventWhy, {
    path: { owner, event },
    query: { lang: language.value },
  });
  return (
    <Answered known={known} lines={4}>
      {({ lines, decided, why }) => (
        <div class="stack">
          <ul class="plain-list">
            {lines.map((line) => (
              <li key={line} class="wrap">
                {line}
              </li>
            ))}
          </ul>
          {decided.length > 0 && (
            <section>
              <h3>{t('decided')}</h3>
              <ul class="plain-list">
                {decided.map(({ kind, key, version }) => (
                  <li key={`${kind}/${key}`}>
                    <a href={href('definitions', kind, key)}>
                      {t('version', { key: `${kind}/${key}`, n: version })}
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <Json value={why} label={t('all')} />
        </div>
      )}
    </Answered>
  );
}
