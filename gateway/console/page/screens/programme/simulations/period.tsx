// What is simulated, or corrected: a period, and the documents that count in it. Owns: the form. Never touches: what is done with it.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { getV1DefinitionsByKindByKey } from '../../../../../web/page/api/operations.js';
import { caller } from '../../../../../web/page/shell/app.js';
import { speaker, zone } from '../../../../../web/page/shell/language.js';
import { Button, Card, Field } from '../../../../../web/page/ui/parts.js';
import { documentIn, SchemaForm } from '../../../ui/schema-form/form.js';
import type { Fields } from '../../../ui/schema-form/path.js';
import { msOf, OWN_ZONE } from '../../../ui/schema-form/zoned.js';
import { hintsOf, isTried, KINDS, kindName, labelsOf } from '../definitions/kinds.js';
import { shownAmount, useAround, useKindSchema } from '../definitions/known.js';
import { documentOf, newestOf } from '../definitions/standing.js';
import { SIMULATIONS } from './words.js';

const t = speaker(SIMULATIONS);

/** One of the documents. */
export interface Chosen {
  readonly kind: string;
  readonly key: string;
  /** null: nothing counts in its place. */
  readonly document: Fields | null;
  /** The version that it began as; undefined: there is none. */
  readonly version: number | undefined;
}

export interface PeriodValue {
  readonly from: string;
  readonly to: string;
  readonly budgets: 'logged' | 'unlimited';
  readonly chosen: readonly Chosen[];
}

export const NOTHING_CHOSEN: PeriodValue = { from: '', to: '', budgets: 'logged', chosen: [] };

const DAY_MS = 86_400_000;

/** The last week, where nothing is said. */
export const lastWeek = (): string =>
  new Date(Date.now() - 7 * DAY_MS).toISOString().slice(0, 11) + '00:00';

/** As the API takes it; undefined: it is not all there. */
export function periodOf({ from, to, budgets, chosen }: PeriodValue) {
  const inZone = zone.value || OWN_ZONE;
  const [begin, end] = [msOf(from, inZone), to === '' ? undefined : msOf(to, inZone)];
  if (begin === undefined || (to !== '' && (end === undefined || end <= begin))) return undefined;
  return {
    from: begin,
    ...(end !== undefined && { to: end }),
    budgets,
    ...(chosen.length > 0 && {
      definitions: chosen.map(({ kind, key, document }) => ({ kind, key, document })) as never,
    }),
  };
}

/** A definition as it says now, to begin with. */
export async function chosenOf(kind: string, key: string): Promise<Chosen> {
  const found = await caller.ask(getV1DefinitionsByKindByKey, {
    path: { kind: kind as never, key },
  });
  return found.ok
    ? { kind, key, document: documentOf(found.answer), version: newestOf(found.answer)?.version }
    : { kind, key, document: {}, version: undefined };
}

export function Period({
  value,
  onChange,
}: {
  value: PeriodValue;
  onChange: (value: PeriodValue) => void;
}): JSX.Element {
  const kind = useSignal<string>('rule');
  const key = useSignal('');
  const put = (more: Partial<PeriodValue>): void => onChange({ ...value, ...more });
  const add = async (): Promise<void> => {
    const [of, named] = [kind.value, key.value.trim()];
    if (named === '' || value.chosen.some((one) => one.kind === of && one.key === named)) return;
    const one = await chosenOf(of, named);
    key.value = '';
    put({ chosen: [...value.chosen, one] });
  };
  return (
    <>
      <div class="inline-form">
        <Field
          type="datetime-local"
          label={t('from')}
          value={value.from}
          onInput={(from) => put({ from })}
        />
        <Field
          type="datetime-local"
          label={t('to')}
          hint={t('toNow')}
          value={value.to}
          onInput={(to) => put({ to })}
        />
        <Field
          label={t('budgets')}
          value={value.budgets}
          onInput={(budgets) => put({ budgets: budgets as PeriodValue['budgets'] })}
        >
          <option value="logged">{t('logged')}</option>
          <option value="unlimited">{t('unlimited')}</option>
        </Field>
      </div>
      <p class="muted small">{t('inZone', { zone: zone.value || OWN_ZONE })}</p>
      <Card title={t('definitions')}>
        <p class="muted">{t('definitionsWhy')}</p>
        {value.chosen.map((one, n) => (
          <ChosenShown
            key={`${one.kind}/${one.key}`}
            one={one}
            onChange={(next) =>
              put({
                chosen: value.chosen.flatMap((each, m) =>
                  m !== n ? [each] : next === undefined ? [] : [next],
                ),
              })
            }
          />
        ))}
        <div class="inline-form">
          <Field label={t('kind')} bound={kind}>
            {KINDS.filter(isTried).map((one) => (
              <option key={one} value={one}>
                {kindName(one)}
              </option>
            ))}
          </Field>
          <Field label={t('key')} bound={key} onEnter={() => void add()} />
          <Button kind="plain" onClick={() => void add()}>
            {t('add')}
          </Button>
        </div>
      </Card>
    </>
  );
}

function ChosenShown({
  one,
  onChange,
}: {
  one: Chosen;
  onChange: (one: Chosen | undefined) => void;
}): JSX.Element {
  const { kind, key, document, version } = one;
  const schema = useKindSchema(kind).answer;
  const around = useAround();
  const isRight =
    document === null || schema === undefined || documentIn(schema, document) !== undefined;
  return (
    <details class="chosen" open={version === undefined || !isRight}>
      <summary>
        <strong>{`${kind}/${key}`}</strong>{' '}
        <span class="muted">
          {document === null
            ? t('nothing')
            : version === undefined
              ? t('notFound')
              : t('asSaid', { n: version })}
        </span>
      </summary>
      <div class="buttons">
        <Button kind="quiet" onClick={() => onChange(undefined)}>
          {t('remove')}
        </Button>
        <label class="choice">
          <input
            type="checkbox"
            checked={document === null}
            onChange={({ currentTarget }) => {
              if (currentTarget.checked) onChange({ ...one, document: null });
              else void chosenOf(kind, key).then(onChange);
            }}
          />
          <span>{t('nothing')}</span>
        </label>
      </div>
      {document !== null && schema !== undefined && (
        <SchemaForm
          schema={schema}
          value={document}
          onChange={(next) => onChange({ ...one, document: next })}
          words={labelsOf(kind)}
          hints={hintsOf(kind)}
          choices={around.choices}
          zone={around.zoneOf(document, key)}
          shown={shownAmount(around.scaleOf(document, key))}
          isAsked
        />
      )}
    </details>
  );
}
