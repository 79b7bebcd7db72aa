// Applications that a member has given access. Owns: the list, in words; that access can be taken back. Never touches: what a scope permits.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  type Applications,
  deleteV1MembersByOwnerApplicationsByClient,
  getV1MembersByOwnerApplications,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { far, speaker } from '../../../../web/page/shell/language.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { Button, Card, Empty, Note } from '../../../../web/page/ui/parts.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { Answered, ProblemNote } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { useWhere } from '../../shell/where.js';
import { scopesOf } from './masks.js';
import { ACCOUNT } from './words.js';

const t = speaker(ACCOUNT);
type One = Applications['applications'][number];

const WORDS = {
  profile: 'scope_profile',
  read: 'scope_read',
  redeem: 'scope_redeem',
  transfer: 'scope_transfer',
  participate: 'scope_participate',
  self: 'scope_self',
} as const;

export default function ApplicationsScreen(): JSX.Element {
  const asked = { path: { owner: owner.value } };
  const known = useAnswer(getV1MembersByOwnerApplications, asked, { isKept: false });
  const isTaken = useSignal(false);
  return (
    <>
      <div role="status">
        {isTaken.value && (
          <Note kind="good" icon="check">
            {t('takenBack')}
          </Note>
        )}
      </div>
      <Answered known={known}>
        {({ applications }) =>
          applications.length === 0 ? (
            <Empty icon="lock">{t('applicationsNone')}</Empty>
          ) : (
            <>
              <p class="hint">{t('applicationsWhy')}</p>
              {applications.map((one) => (
                <Line
                  key={one.client}
                  one={one}
                  onEnded={() => {
                    isTaken.value = true;
                  }}
                />
              ))}
            </>
          )
        }
      </Answered>
    </>
  );
}

function Line({ one, onEnded }: { one: One; onEnded: () => void }): JSX.Element {
  const { client, scope, createdAt, usedAt } = one;
  const name = 'name' in one && typeof one.name === 'string' ? one.name : client;
  const isAsked = useSignal(false);
  const ending = useCall(deleteV1MembersByOwnerApplicationsByClient);
  const where = useWhere().answer;
  const said = (word: string, platform: string | undefined): string => {
    const key = Object.hasOwn(WORDS, word) ? WORDS[word as keyof typeof WORDS] : undefined;
    const what = key === undefined ? word : t(key);
    if (platform === undefined) return what;
    const known = where?.platforms.find((found) => found.platform === platform)?.name;
    return t('ofPlatform', { what, platform: known ?? platform });
  };
  const end = async (): Promise<void> => {
    const came = await ending.run({ path: { owner: owner.peek(), client } });
    isAsked.value = false;
    if (came.ok || came.problem.code === 'OAUTH_CLIENT_NOT_FOUND') onEnded();
  };
  return (
    <Card title={name}>
      <p>{t('may')}</p>
      <ul class="facts">
        {scopesOf(scope).map(({ word, platform }) => (
          <li key={`${word} ${platform}`}>{said(word, platform)}</li>
        ))}
      </ul>
      <p class="hint">
        {t('since', { when: far(createdAt) })} · {t('usedAt', { when: far(usedAt) })}
      </p>
      {ending.result?.ok === false && <ProblemNote problem={ending.result.problem} />}
      <div class="buttons">
        <Button
          kind="plain"
          onClick={() => {
            isAsked.value = true;
          }}
        >
          {t('takeBack')}
        </Button>
      </div>
      {isAsked.value && (
        <Sure
          title={t('takeBackSure', { client: name })}
          what={t('takeBackWhat')}
          yes={t('takeBack')}
          no={t('leave')}
          isBusy={ending.isBusy}
          onYes={() => void end()}
          onNo={() => {
            isAsked.value = false;
          }}
        />
      )}
    </Card>
  );
}
