// The definitions of a kind, found by key, name, state or programme.

import type { JSX } from 'preact';
import { getV1DefinitionsByKind } from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { ask, href, place } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { More } from '../../../../../web/page/ui/more.js';
import { Empty, Field } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { useAround } from './known.js';
import { kindName } from './kinds.js';
import { From, StandingBadge } from './parts.js';
import { nameOf, newestOf, standingOf } from './standing.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);
const STATES = ['active', 'draft', 'retired'] as const;
const PAGE = 100;

export default function List({ params }: ScreenProps): JSX.Element {
  const { kind = '' } = params;
  const { q, state, programme } = place.value.query;
  const around = useAround(kind !== 'programme');
  const query = { q: q || undefined, state: state as never, programme: programme || undefined, limit: PAGE };
  const pages = usePages(
    getV1DefinitionsByKind,
    { path: { kind: kind as never }, query },
    ({ definitions }) => definitions,
  );
  const filter = (name: string) => (value: string) =>
    ask({ ...place.value.query, [name]: value });
  return (
    <>
      <Head
        title={kindName(kind)}
        crumbs={[{ title: t('definitions'), href: href('definitions') }]}
        actions={
          may('configure', 'settle', 'admin') && (
            <a class="button main" href={href('new-definition', kind)}>
              {t('new')}
            </a>
          )
        }
      />
      <search class="filters">
        <Field label={t('find')} type="search" value={q ?? ''} onInput={filter('q')} />
        <Field label={t('state')} value={state ?? ''} onInput={filter('state')}>
          <option value="">{t('all')}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {t(one)}
            </option>
          ))}
        </Field>
        {around.programmes.length > 1 && (
          <Field label={t('ofProgramme')} value={programme ?? ''} onInput={filter('programme')}>
            <option value="">{t('all')}</option>
            {around.programmes.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Field>
        )}
      </search>
      <Answered known={pages.known}>
        {() =>
          pages.items.length === 0 && !pages.isMore ? (
            <Empty icon="search">{t('none')}</Empty>
          ) : (
            <div class="table-scroll">
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">{t('key')}</th>
                    <th scope="col">{t('name')}</th>
                    <th scope="col">{t('state')}</th>
                    <th scope="col">{t('version')}</th>
                    <th scope="col">{t('activeFrom')}</th>
                    <th scope="col">{t('by')}</th>
                  </tr>
                </thead>
                <tbody>
                  {pages.items.map((one) => {
                    const newest = newestOf(one);
                    return (
                      <tr key={one.key}>
                        <th scope="row">
                          <a href={href('definitions', kind, one.key)}>{one.key}</a>
                        </th>
                        <td class="wrap">{nameOf(one) ?? '–'}</td>
                        <td>
                          <StandingBadge standing={standingOf(one)} />
                        </td>
                        <td class="number">{newest?.version}</td>
                        <td>{newest && <From version={newest} />}</td>
                        <td class="wrap">{newest?.by ?? '–'}</td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
              <More pages={pages} label={t('more')} />
            </div>
          )
        }
      </Answered>
    </>
  );
}
