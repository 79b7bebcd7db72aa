// Where a member is signed in. Owns: the list; that one can be ended. Never touches: what a session is. It is kept nowhere in the browser.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  deleteV1MembersByOwnerSessionsBySession,
  getV1MembersByOwnerSessions,
  type Sessions,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { far, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { Button, Note } from '../../../../web/page/ui/parts.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { Answered, ProblemNote } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { useWhere } from '../../shell/where.js';
import { deviceOf } from './masks.js';
import { ACCOUNT } from './words.js';

const t = speaker(ACCOUNT);
type One = Sessions['sessions'][number];

export default function SessionsScreen(): JSX.Element {
  const asked = { path: { owner: owner.value } };
  const known = useAnswer(getV1MembersByOwnerSessions, asked, { isKept: false });
  const ended = useSignal(false);
  return (
    <>
      <p class="hint">{t('sessionsWhy')}</p>
      <div role="status">
        {ended.value && (
          <Note kind="good" icon="check">
            {t('ended')}
          </Note>
        )}
      </div>
      <Answered known={known}>
        {({ sessions }) => (
          <ul class="card list">
            {[...sessions]
              .sort((a, b) => Number(b.isThis) - Number(a.isThis) || b.usedAt - a.usedAt)
              .map((one) => (
                <li key={one.session}>
                  <Line
                    one={one}
                    onEnded={() => {
                      ended.value = true;
                    }}
                  />
                </li>
              ))}
          </ul>
        )}
      </Answered>
      <a class="button plain" href={href('password')}>
        <span>{t('toPassword')}</span>
      </a>
    </>
  );
}

function Line({ one, onEnded }: { one: One; onEnded: () => void }): JSX.Element {
  const { session, isThis, agent, address, usedAt, createdAt, platform } = one;
  const isAsked = useSignal(false);
  const ending = useCall(deleteV1MembersByOwnerSessionsBySession);
  const where = useWhere().answer;
  const device = deviceOf(agent) ?? t('unknownDevice');
  const name = where?.platforms.find((found) => found.platform === platform)?.name ?? platform;
  const end = async (): Promise<void> => {
    const came = await ending.run({ path: { owner: owner.peek(), session } });
    isAsked.value = false;
    // It was ended meanwhile: that is what is wanted.
    if (came.ok || came.problem.code === 'SESSION_NOT_FOUND') onEnded();
  };
  const problem = ending.result?.ok === false ? ending.result.problem : undefined;
  return (
    <div class="row">
      <span class="grow">
        <span class="name">
          {device} {isThis && <span class="tag good">{t('thisOne')}</span>}
        </span>
        <span class="hint">
          {name !== undefined && `${t('embedded', { platform: name })} · `}
          {t('address', { address })} · {t('usedAt', { when: far(usedAt) })} ·{' '}
          {t('since', { when: far(createdAt) })}
        </span>
        {problem !== undefined && problem.code !== 'SESSION_NOT_FOUND' && (
          <ProblemNote problem={problem} />
        )}
      </span>
      {!isThis && (
        <Button
          kind="plain"
          label={t('endOf', { what: device })}
          onClick={() => {
            isAsked.value = true;
          }}
        >
          {t('end')}
        </Button>
      )}
      {isAsked.value && (
        <Sure
          title={t('endSure')}
          what={t('endSession')}
          yes={t('endYes')}
          no={t('leave')}
          isBusy={ending.isBusy}
          onYes={() => void end()}
          onNo={() => {
            isAsked.value = false;
          }}
        />
      )}
    </div>
  );
}
