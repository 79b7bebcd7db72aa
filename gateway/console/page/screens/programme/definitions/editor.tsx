// A document under way: the form, what the ledger says of it, what it changes, how it is said. Owns: the document until it is said. Never touches: what was said, which
// the ledger has.
//   console.D3. What is said is said over the version that was seen. Where somebody else was quicker nothing of either is lost: both changes are shown, and put together
//       by whoever comes second.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  type DefinitionVersion,
  putV1DefinitionsByKindByKey,
} from '../../../../../web/page/api/operations.js';
import { refresh } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { useAction } from '../../../../../web/page/shell/use-action.js';
import { Button, Card, Field, Note } from '../../../../../web/page/ui/parts.js';
import { OutcomeNote } from '../../../../../web/page/ui/told.js';
import { isAlike, mergedOf, writtenOf } from '../../../ui/diff/diff.js';
import { Diff } from '../../../ui/diff/diff-table.js';
import { documentIn, isUnread, SchemaForm } from '../../../ui/schema-form/form.js';
import {
  type Fields,
  isObject,
  pathText,
  valueAt,
  withValue,
} from '../../../ui/schema-form/path.js';
import type { Schema } from '../../../ui/schema-form/schema.js';
import { FORM } from '../../../ui/schema-form/words.js';
import { msOf } from '../../../ui/schema-form/zoned.js';
import { hintsOf, isTried, labelsOf } from './kinds.js';
import { type Around, shownAmount } from './known.js';
import { activatedText } from './one.js';
import { writtenBy } from './parts.js';
import { PastEvent } from './past-event.js';
import { useSaid } from './use-said.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);
const form = speaker(FORM);

export interface EditorProps {
  readonly kind: string;
  readonly key_: string;
  readonly schema: Schema;
  readonly around: Around;
  /** The newest version, as far as it is known by now; undefined: there is none. */
  readonly newest: DefinitionVersion | undefined;
  /** What the form begins with. */
  readonly begin: Fields;
}

/** The version that the changes are of. */
interface Base {
  readonly version: number;
  readonly document: Fields;
}

export function Editor({
  kind,
  key_: key,
  schema,
  around,
  newest,
  begin,
}: EditorProps): JSX.Element {
  const base = useSignal<Base>({ version: newest?.version ?? 0, document: begin });
  const value = useSignal<Fields>(begin);
  const isJson = useSignal(false);
  const isAsked = useSignal(false);
  const from = useSignal('');
  const saying = useAction(putV1DefinitionsByKindByKey, `${kind}/${key}`);
  const scale = around.scaleOf(value.value, key);
  const zone = around.zoneOf(value.value, key);
  const document = documentIn(schema, value.value);
  const isChanged = !isAlike(value.value, base.value.document);
  const said = useSaid(
    document === undefined || key === '' || !(isChanged || base.value.version === 0)
      ? undefined
      : { kind, key, ifVersion: base.value.version, document },
  );
  useUnsaved(isChanged && saying.outcome?.state !== 'done');
  const isOvertaken =
    said?.problem?.code === 'DEFINITION_VERSION_MISMATCH' ||
    (saying.outcome?.state === 'refused' &&
      saying.outcome.problem.code === 'DEFINITION_VERSION_MISMATCH');
  useEffect(() => {
    // What they have said is asked for, so that it can be shown.
    if (isOvertaken) void refresh();
  }, [isOvertaken]);
  const needsSecond = said?.problem?.code === 'DEFINITION_UNAPPROVED';
  const problem = isOvertaken || needsSecond ? undefined : said?.problem;
  const say = async (state: 'active' | 'draft'): Promise<void> => {
    isAsked.value = true;
    if (document === undefined) return;
    const at = state === 'active' && from.value !== '' ? msOf(from.value, zone) : undefined;
    const came = await saying.run({
      path: { kind: kind as never, key },
      body: {
        ...{ state, document, ifVersion: base.value.version },
        ...(at !== undefined && { activeFrom: at }),
      },
    });
    if (came.state !== 'done') return;
    const { definitionVersion } = came.answer as { readonly definitionVersion?: number };
    base.value = { version: definitionVersion ?? base.value.version, document };
  };
  const labels = labelsOf(kind);
  return (
    <>
      {isOvertaken && newest !== undefined && newest.version > base.value.version && (
        <Overtaken
          {...{ kind, schema, scale, newest }}
          base={base.value}
          mine={value.value}
          onTaken={(next) => {
            const document = newest.document ?? base.value.document;
            base.value = { version: newest.version, document };
            value.value = next;
            saying.reset();
          }}
        />
      )}
      {isOvertaken && newest === undefined && (
        <Note kind="warn">
          <a href={href('definitions', kind, key, 'edit')}>{t('exists')}</a>
        </Note>
      )}
      <Card
        title={t('document')}
        action={
          <Button
            kind="quiet"
            isOff={isUnread(value.value)}
            onClick={() => {
              isJson.value = !isJson.value;
            }}
          >
            {isJson.value ? form('asForm') : form('asJson')}
          </Button>
        }
      >
        {isJson.value ? (
          <Json value={value.value} onChange={(next) => (value.value = next)} />
        ) : (
          <SchemaForm
            key={base.value.version}
            {...{ schema, zone, problem, isAsked: isAsked.value }}
            value={value.value}
            onChange={(next) => {
              value.value = next;
            }}
            words={labels}
            hints={hintsOf(kind)}
            choices={around.choices}
            shown={shownAmount(scale)}
          />
        )}
        <p role="status" class={`live-check ${said?.state ?? ''}`}>
          {said?.state === 'asking' && t('checking')}
          {said?.state === 'accepted' && t('accepted')}
          {needsSecond && t('secondPerson')}
          {problem !== undefined && (problem.field ?? '') !== '' && problem.detail}
        </p>
      </Card>
      {isChanged && base.value.version > 0 && !isUnread(value.value) && (
        <Card title={t('unsaved', { n: base.value.version })}>
          <Diff
            before={base.value.document}
            after={value.value}
            words={labels}
            written={writtenBy(schema, scale)}
          />
        </Card>
      )}
      {isTried(kind) && document !== undefined && (
        <PastEvent drafts={[{ kind, key, document }]} document={document} />
      )}
      <Card>
        <OutcomeNote outcome={saying.outcome}>{saidText(saying.outcome)}</OutcomeNote>
        <div class="inline-form">
          <Field
            type="datetime-local"
            label={t('from')}
            hint={`${t('fromNow')} (${zone})`}
            bound={from}
          />
        </div>
        <div class="buttons">
          <Button
            isBusy={saying.isBusy}
            isOff={isOvertaken || needsSecond}
            onClick={() => void say('active')}
          >
            {t('activate')}
          </Button>
          <Button
            kind={needsSecond ? 'main' : 'plain'}
            isBusy={saying.isBusy}
            isOff={isOvertaken}
            onClick={() => void say('draft')}
          >
            {t('saveDraft')}
          </Button>
        </div>
      </Card>
    </>
  );
}

/** What came of it: a draft is saved, or it decides from then on. */
function saidText(outcome: object | undefined): string {
  const { answer } = (outcome ?? {}) as {
    readonly answer?: { readonly activeFrom?: number; readonly definitionVersion?: number };
  };
  const isDraft = answer?.activeFrom === undefined || answer.activeFrom === 0;
  return isDraft && answer?.definitionVersion !== undefined
    ? t('saved', { n: answer.definitionVersion })
    : activatedText(outcome);
}

/** Whoever leaves with changes is asked, as far as browsers let a page ask. */
function useUnsaved(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isChanged]);
}

/** Somebody else has said a version meanwhile: what they have changed, and what both have. */
function Overtaken({
  kind,
  schema,
  scale,
  newest,
  base,
  mine,
  onTaken,
}: {
  kind: string;
  schema: Schema;
  scale: number | undefined;
  newest: DefinitionVersion;
  base: Base;
  mine: Fields;
  onTaken: (value: Fields) => void;
}): JSX.Element {
  // A retirement has no document: what it was stays what it was.
  const theirs = newest.document ?? base.document;
  const { document, conflicts } = mergedOf(base.document, mine, theirs);
  /** Of what both have changed: whose counts; mine unless it is said otherwise. */
  const taken = useSignal<ReadonlySet<string>>(new Set());
  const labels = labelsOf(kind);
  const both = conflicts.reduce<unknown>(
    (all, { path, theirs: their }) =>
      taken.value.has(pathText(path)) ? withValue(all, path, their) : all,
    document,
  );
  return (
    <Card kind="warn" title={t('overtaken', saidBy(newest))}>
      <h3>{t('theirs')}</h3>
      <Diff
        before={base.document}
        after={theirs}
        words={labels}
        written={writtenBy(schema, scale)}
      />
      {conflicts.length > 0 && (
        <>
          <Note kind="warn">{t('conflict')}</Note>
          {conflicts.map(({ path }) => {
            const place = pathText(path);
            return (
              <Field
                key={place}
                label={labels[place] ?? place}
                value={taken.value.has(place) ? 'theirs' : 'mine'}
                onInput={(whose) => {
                  const next = new Set(taken.peek());
                  if (whose === 'theirs') next.add(place);
                  else next.delete(place);
                  taken.value = next;
                }}
              >
                <option value="mine">
                  {t('mine')}: {writtenOf(valueAt(mine, path)) || '–'}
                </option>
                <option value="theirs">
                  {t('theirsOne')}: {writtenOf(valueAt(theirs, path)) || '–'}
                </option>
              </Field>
            );
          })}
        </>
      )}
      <div class="buttons">
        <Button onClick={() => onTaken(both as Fields)}>{t('takeBoth')}</Button>
        <Button kind="plain" onClick={() => onTaken(theirs)}>
          {t('takeTheirs')}
        </Button>
      </div>
    </Card>
  );
}

const saidBy = ({ version, by = '–', definedAt }: DefinitionVersion) => ({
  n: version,
  by,
  when: date(definedAt, 'time'),
});

/** The same as text, for whoever pastes it. */
function Json({
  value,
  onChange,
}: {
  value: Fields;
  onChange: (value: Fields) => void;
}): JSX.Element {
  const text = useSignal(JSON.stringify(value, null, 2));
  const isWrong = useSignal(false);
  return (
    <label class="field">
      <span>{t('loadedJson')}</span>
      <textarea
        class="code"
        rows={18}
        spellcheck={false}
        aria-invalid={isWrong.value ? 'true' : undefined}
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value;
          try {
            const read: unknown = JSON.parse(currentTarget.value);
            isWrong.value = !isObject(read);
            if (isObject(read)) onChange(read);
          } catch {
            isWrong.value = true;
          }
        }}
      />
      {isWrong.value && <span class="error">{form('noJson')}</span>}
    </label>
  );
}
