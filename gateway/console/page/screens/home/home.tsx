// The overview: how the ledger stands, what waits for somebody, figures of the last days. What somebody may not see is not asked for.

import type { ComponentChildren, JSX } from 'preact';
import {
  getHealth,
  getV1Approvals,
  getV1Inconsistencies,
  getV1Proposals,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { Card } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { may } from '../../shell/app.js';
import { Head } from '../../ui/head.js';
import { Status } from '../../ui/parts.js';
import { SHELL } from '../../words/shell.js';
import { FigureCard } from './figures.js';
import { HOME } from './words.js';

const shell = speaker(SHELL);
const t = speaker(HOME);

const KINDS = { ok: 'good', warning: 'warn', degraded: 'warn', down: 'danger' } as const;

function Standing(): JSX.Element {
  const known = useAnswer(getHealth, {});
  return (
    <Card title={t('standing')}>
      <Answered known={known}>
        {({ status, components }) => (
          <>
            <p>
              <a href={href('status')} class="plain-link">
                <Status kind={KINDS[status]}>{t(status)}</Status>
              </a>
            </p>
            <dl class="facts">
              {Object.entries(components)
                .filter(([, one]) => one.status !== 'ok')
                .map(([name, one]) => (
                  <div key={name}>
                    <dt>
                      {name} <Status kind={KINDS[one.status]}>{t(one.status)}</Status>
                    </dt>
                    <dd>{one.detail}</dd>
                  </div>
                ))}
            </dl>
          </>
        )}
      </Answered>
    </Card>
  );
}

const Count = ({
  to,
  title,
  count,
  isMore,
}: {
  to: string;
  title: ComponentChildren;
  count: number;
  isMore: boolean;
}): JSX.Element => (
  <li>
    <a href={to}>
      <span class="muted">{title}</span>
      <strong>{isMore ? t('orMore', { n: count }) : number(count)}</strong>
    </a>
  </li>
);

function Waiting(): JSX.Element {
  const approvals = useAnswer(getV1Approvals, {});
  const proposals = useAnswer(getV1Proposals, { query: { state: 'open' } });
  const inconsistencies = useAnswer(getV1Inconsistencies, { query: { state: 'open' } });
  return (
    <Card title={t('waiting')}>
      <ul class="sums">
        <Answered known={approvals} lines={1}>
          {(answer) => (
            <Count
              to={href('approvals')}
              title={t('approvals')}
              count={answer.approvals.length}
              isMore={answer.cursor !== undefined}
            />
          )}
        </Answered>
        <Answered known={proposals} lines={1}>
          {(answer) => (
            <Count
              to={href('approvals')}
              title={t('proposals')}
              count={answer.proposals.length}
              isMore={false}
            />
          )}
        </Answered>
        <Answered known={inconsistencies} lines={1}>
          {(answer) => (
            <Count
              to={`${href('inconsistencies')}?state=open`}
              title={t('inconsistencies')}
              count={answer.inconsistencies.length}
              isMore={answer.cursor !== undefined}
            />
          )}
        </Answered>
      </ul>
    </Card>
  );
}

export default function Home(): JSX.Element {
  return (
    <>
      <Head title={shell('home')} />
      <div class="grid">
        <Standing />
        {may('view') && <Waiting />}
      </div>
      {may('view') && <FigureCard />}
    </>
  );
}
