// A definition: what decides now, what waits, every version and what it changed.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  type DefinitionHistory,
  type DefinitionVersion,
  getV1DefinitionsByKindByKey,
  putV1DefinitionsByKindByKey,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { ask, href, place } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { type Doing, useAction } from '../../../../../web/page/shell/use-action.js';
import { Button, Card, Field, Note, When } from '../../../../../web/page/ui/parts.js';
import { Sure } from '../../../../../web/page/ui/sure.js';
import { Answered, OutcomeNote } from '../../../../../web/page/ui/told.js';
import { Diff } from '../../../ui/diff/diff-table.js';
import { Head } from '../../../ui/head.js';
import type { Schema } from '../../../ui/schema-form/schema.js';
import { Table } from '../../../ui/table/table.js';
import { kindName, labelsOf, mayDefine } from './kinds.js';
import { useAround, useKindSchema } from './known.js';
import { DocumentShown, From, StandingBadge, writtenBy } from './parts.js';
import { documentOf, nameOf, newestOf, standingOf, versionOf } from './standing.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);

/** Where more of what a definition is for is shown. */
const MORE: Readonly<
  Record<
    string,
    readonly [screen: string, text: 'campaignCost' | 'goodsOf' | 'couponOf' | 'standings']
  >
> = {
  campaign: ['campaigns', 'campaignCost'],
  goods: ['goods', 'goodsOf'],
  coupon: ['coupons', 'couponOf'],
  leaderboard: ['leaderboards', 'standings'],
};

export default function One({ params }: ScreenProps): JSX.Element {
  const { kind = '', key = '' } = params;
  const known = useAnswer(getV1DefinitionsByKindByKey, { path: { kind: kind as never, key } });
  const schema = useKindSchema(kind);
  const { answer } = known;
  const mayChange = mayDefine(kind);
  const more = MORE[kind];
  return (
    <>
      <Head
        title={(answer && nameOf(answer)) ?? key}
        crumbs={[
          { title: t('definitions'), href: href('definitions') },
          { title: kindName(kind), href: href('definitions', kind) },
        ]}
        actions={
          <>
            {more && (
              <a class="button plain" href={href(more[0], key)}>
                {t(more[1])}
              </a>
            )}
            {mayChange && answer && (
              <a class="button main" href={href('definitions', kind, key, 'edit')}>
                {t('edit')}
              </a>
            )}
          </>
        }
      >
        <p class="muted wrap">
          <code>{`${kind}/${key}`}</code>{' '}
          {answer && <StandingBadge standing={standingOf(answer)} />}
        </p>
      </Head>
      <Answered known={known} lines={8}>
        {(history) => (
          <Answered known={schema}>
            {(of) => <Shown {...{ kind, history, mayChange }} schema={of} />}
          </Answered>
        )}
      </Answered>
    </>
  );
}

function Shown({
  kind,
  history,
  schema,
  mayChange,
}: {
  kind: string;
  history: DefinitionHistory;
  schema: Schema;
  mayChange: boolean;
}): JSX.Element {
  const { key, active } = history;
  const around = useAround();
  const scale = around.scaleOf(documentOf(history), key);
  const newest = newestOf(history);
  const deciding = versionOf(history, active);
  // Here, and not where it is asked for: what asks goes once it is done.
  const said = useAction(putV1DefinitionsByKindByKey, `${kind}/${key}`);
  return (
    <>
      <OutcomeNote outcome={said.outcome}>{activatedText(said.outcome)}</OutcomeNote>
      {newest?.state === 'draft' && (
        <Waiting {...{ kind, history, schema, mayChange, scale, said }} draft={newest} />
      )}
      <Card title={t('decides')}>
        {deciding?.document === undefined ? (
          <p class="muted">{t('nothing')}</p>
        ) : (
          <>
            <p class="muted">
              {t('version')} {deciding.version} · <From version={deciding} /> · {deciding.by ?? '–'}
            </p>
            <DocumentShown {...{ kind, schema, scale }} document={deciding.document} />
          </>
        )}
      </Card>
      <Versions {...{ kind, history, schema, scale }} />
      {mayChange && newest?.state === 'active' && <Retire {...{ kind, history, said }} />}
    </>
  );
}

interface Part {
  readonly kind: string;
  readonly history: DefinitionHistory;
  readonly schema: Schema;
  readonly scale: number | undefined;
}

type Saying = Doing<typeof putV1DefinitionsByKindByKey>;

/** A draft that waits, and what it would change. */
function Waiting({
  kind,
  history,
  schema,
  scale,
  draft,
  mayChange,
  said,
}: Part & {
  readonly draft: DefinitionVersion;
  readonly mayChange: boolean;
  readonly said: Saying;
}): JSX.Element {
  const { key, active } = history;
  const { version, document, by = '–' } = draft;
  // A draft without a document is of a retirement.
  const body =
    document === undefined
      ? ({ state: 'retired', ifVersion: version } as const)
      : ({ state: 'active', document, ifVersion: version } as const);
  return (
    <Card title={t('waiting', { n: version, by })}>
      <p class="muted">{t('waitingWhy')}</p>
      <Diff
        before={versionOf(history, active)?.document}
        after={document}
        words={labelsOf(kind)}
        written={writtenBy(schema, scale)}
      />
      {mayChange && (
        <div class="buttons">
          <Button
            isBusy={said.isBusy}
            onClick={() => void said.run({ path: { kind: kind as never, key }, body })}
          >
            {t('activateDraft')}
          </Button>
        </div>
      )}
    </Card>
  );
}

/** When what was said decides. */
export function activatedText(outcome: object | undefined): string {
  const { answer } = (outcome ?? {}) as { readonly answer?: { readonly activeFrom?: number } };
  return answer?.activeFrom === undefined
    ? t('unchanged')
    : t('activated', { when: date(answer.activeFrom, 'time') });
}

/** The versions, newest first; two of them compared, as the address says. */
function Versions({ kind, history, schema, scale }: Part): JSX.Element {
  const { versions } = history;
  const { a, b } = place.value.query;
  const [newest, before] = [versions.at(-1), versions.at(-2)];
  const after = versionOf(history, Number(b)) ?? newest;
  const from = versionOf(history, Number(a)) ?? (after === newest ? before : undefined);
  const choose = (name: 'a' | 'b') => (value: string) =>
    ask({ a: String(from?.version ?? ''), b: String(after?.version ?? ''), [name]: value });
  const numbers = versions.map(({ version }) => version).toReversed();
  return (
    <Card title={t('versions')}>
      <Table
        label={t('versions')}
        rows={versions.toReversed()}
        columns={[
          { name: 'version', title: t('version'), cell: ({ version }) => version },
          {
            name: 'state',
            title: t('state'),
            cell: ({ state }) => <StandingBadge standing={state} />,
          },
          { name: 'from', title: t('activeFrom'), cell: (one) => <From version={one} /> },
          {
            name: 'said',
            title: t('definedAt'),
            isMinor: true,
            cell: ({ definedAt }) => <When ms={definedAt} form="time" />,
          },
          { name: 'by', title: t('by'), cell: ({ by }) => by ?? '–' },
        ]}
        keyOf={({ version }) => String(version)}
      />
      {from !== undefined && after !== undefined && (
        <>
          <h3>{t('difference', { a: from.version, b: after.version })}</h3>
          <div class="inline-form">
            {(['a', 'b'] as const).map((name) => (
              <Field
                key={name}
                label={name === 'a' ? t('compare') : t('compareWith')}
                value={String((name === 'a' ? from : after).version)}
                onInput={choose(name)}
              >
                {numbers.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </Field>
            ))}
          </div>
          <Diff
            before={from.document}
            after={after.document}
            words={labelsOf(kind)}
            written={writtenBy(schema, scale)}
          />
        </>
      )}
    </Card>
  );
}

function Retire({
  kind,
  history,
  said,
}: Pick<Part, 'kind' | 'history'> & { readonly said: Saying }): JSX.Element {
  const isAsked = useSignal(false);
  const { key } = history;
  const ifVersion = newestOf(history)?.version ?? 0;
  const needsSecond =
    said.outcome?.state === 'refused' && said.outcome.problem.code === 'DEFINITION_UNAPPROVED';
  const run = (state: 'retired' | 'draft') => {
    isAsked.value = false;
    void said.run({ path: { kind: kind as never, key }, body: { state, ifVersion } });
  };
  return (
    <div>
      {needsSecond && (
        <Note kind="warn" icon="person">
          <p>{t('secondPerson')}</p>
          <Button kind="plain" isBusy={said.isBusy} onClick={() => run('draft')}>
            {t('saveDraft')}
          </Button>
        </Note>
      )}
      <Button
        kind="danger"
        isBusy={said.isBusy}
        onClick={() => {
          isAsked.value = true;
        }}
      >
        {t('retire')}
      </Button>
      {isAsked.value && (
        <Sure
          title={t('retire')}
          what={t('retireAsk')}
          yes={t('retireYes')}
          no={t('cancel')}
          isBusy={said.isBusy}
          onYes={() => run('retired')}
          onNo={() => {
            isAsked.value = false;
          }}
        />
      )}
    </div>
  );
}
