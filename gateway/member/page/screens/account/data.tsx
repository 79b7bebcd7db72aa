// A member's own data: what leaves of it, who has seen it, its export, its end. Owns: that they are asked for. Never touches: what an export has; what is closed.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  deleteV1MembersByOwnerErasureRequest,
  getV1MembersByOwnerDisclosures,
  getV1MembersByOwnerErasure,
  getV1MembersByOwnerExport,
  getV1MembersByOwnerSharing,
  postV1MembersByOwnerErasureRequest,
  postV1MembersByOwnerSignInClose,
  putV1MembersByOwnerSharing,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { left } from '../../../../web/page/shell/app.js';
import { download } from '../../../../web/page/shell/download.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { More } from '../../../../web/page/ui/more.js';
import { Button, Card, Field, Form, Note, When } from '../../../../web/page/ui/parts.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { Answered, ProblemNote } from '../../../../web/page/ui/told.js';
import { may, owner } from '../../shell/app.js';
import { ACCOUNT } from './words.js';

const t = speaker(ACCOUNT);

export default function DataScreen(): JSX.Element {
  return (
    <>
      <SharingCard />
      <Disclosures />
      <Export />
      <Erasure />
      <Close />
    </>
  );
}

const SHARING = ['share_analytics', 'share_contacts'] as const;

function SharingCard(): JSX.Element {
  const asked = { path: { owner: owner.value } };
  const known = useAnswer(getV1MembersByOwnerSharing, asked, { isKept: false });
  const putting = useCall(putV1MembersByOwnerSharing);
  return (
    <Card title={t('sharing')}>
      <p class="hint">{t('sharingWhy')}</p>
      <Answered known={known}>
        {(said) => (
          <div class="stack">
            {SHARING.map((name) => (
              <label key={name} class="check">
                <input
                  type="checkbox"
                  checked={said[name].isGiven}
                  disabled={!may('self')}
                  aria-busy={putting.isBusy}
                  onClick={(event) => {
                    // It is set by the answer.
                    event.preventDefault();
                    const body = { [name]: !said[name].isGiven };
                    if (!putting.isBusy) void putting.run({ ...asked, body });
                  }}
                />
                <span>{t(name)}</span>
              </label>
            ))}
          </div>
        )}
      </Answered>
      <div role="status">{putting.result?.ok === true && <p class="hint">{t('saved')}</p>}</div>
      {putting.result?.ok === false && <ProblemNote problem={putting.result.problem} />}
    </Card>
  );
}

function Disclosures(): JSX.Element {
  const asked = { path: { owner: owner.value }, query: {} };
  const seen = usePages(getV1MembersByOwnerDisclosures, asked, (page) => page.disclosures, {
    isKept: false,
  });
  return (
    <Card title={t('disclosures')}>
      <p class="hint">{t('disclosuresWhy')}</p>
      <Answered known={seen.known}>
        {() =>
          seen.items.length === 0 ? (
            <p class="muted">{t('disclosuresNone')}</p>
          ) : (
            <ul class="list">
              {seen.items.map(({ at, by, kind, what, way }) => (
                <li key={`${at} ${by} ${what} ${way}`} class="row">
                  <span class="grow">
                    <span class="name">{t(`seen_${what}`)}</span>
                    <span class="hint">
                      {t(`by_${kind}`)} · {by}
                    </span>
                  </span>
                  <When ms={at} form="time" />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <More pages={seen} label={t('more')} />
    </Card>
  );
}

function Erasure(): JSX.Element {
  const asked = { path: { owner: owner.value } };
  const known = useAnswer(getV1MembersByOwnerErasure, asked, { isKept: false });
  const isSure = useSignal(false);
  const asking = useCall(postV1MembersByOwnerErasureRequest);
  const taking = useCall(deleteV1MembersByOwnerErasureRequest);
  const isAsked = known.answer?.state === 'requested' && known.problem === undefined;
  const ask = async (): Promise<void> => {
    await asking.run({ ...asked, body: {} });
    isSure.value = false;
  };
  const problem = [asking.result, taking.result].find((one) => one?.ok === false);
  return (
    <Card title={t('erasure')}>
      <p class="hint">{t('erasureWhy')}</p>
      {isAsked ? (
        <>
          <Note icon="history">{t('erasureAsked')}</Note>
          <Button kind="plain" isBusy={taking.isBusy} onClick={() => void taking.run(asked)}>
            {t('erasureTakeBack')}
          </Button>
        </>
      ) : (
        <Button
          kind="danger"
          onClick={() => {
            isSure.value = true;
          }}
        >
          {t('erasureAsk')}
        </Button>
      )}
      {problem?.ok === false && <ProblemNote problem={problem.problem} />}
      {isSure.value && (
        <Sure
          title={t('erasureSure')}
          what={t('erasureWhy')}
          yes={t('erasureYes')}
          no={t('cancel')}
          isBusy={asking.isBusy}
          onYes={() => void ask()}
          onNo={() => {
            isSure.value = false;
          }}
        />
      )}
    </Card>
  );
}

function Export(): JSX.Element {
  const isBusy = useSignal(false);
  const came = useSignal<number | 'broken' | undefined>(undefined);
  const get = async (): Promise<void> => {
    isBusy.value = true;
    came.value = undefined;
    const asked = { path: { owner: owner.peek() } };
    came.value = (await download(getV1MembersByOwnerExport, asked, 'jifen.ndjson')) ?? 'broken';
    isBusy.value = false;
  };
  return (
    <Card title={t('exportTitle')}>
      <p class="hint">{t('exportWhy')}</p>
      <Button kind="plain" icon="export" isBusy={isBusy.value} onClick={() => void get()}>
        {t(isBusy.value ? 'exporting' : 'export')}
      </Button>
      <div role="status">
        {typeof came.value === 'number' && (
          <Note kind="good" icon="check">
            {t('exported', { n: came.value })}
          </Note>
        )}
        {came.value === 'broken' && (
          <Note kind="danger" icon="cross">
            {t('exportBroken')}
          </Note>
        )}
      </div>
    </Card>
  );
}

function Close(): JSX.Element {
  const password = useSignal('');
  const isLookedAt = useSignal(false);
  const isSure = useSignal(false);
  const closing = useCall(postV1MembersByOwnerSignInClose, 1);
  const close = async (): Promise<void> => {
    const came = await closing.run({
      path: { owner: owner.peek() },
      body: { password: password.peek() },
    });
    isSure.value = false;
    password.value = '';
    if (came.ok) left();
  };
  return (
    <Card title={t('close')}>
      <p class="hint">{t('closeWhy')}</p>
      <Form
        isChecked={false}
        onSend={() => {
          isLookedAt.value = true;
          if (password.value !== '') isSure.value = true;
        }}
      >
        <Field
          label={t('passwordNow')}
          type="password"
          autoComplete="current-password"
          bound={password}
          isRequired
          error={isLookedAt.value && password.value === '' ? t('passwordMissing') : undefined}
        />
        <Button type="submit" kind="danger" isBusy={closing.isBusy}>
          {t('closeButton')}
        </Button>
      </Form>
      {closing.result?.ok === false && <ProblemNote problem={closing.result.problem} />}
      {isSure.value && (
        <Sure
          title={t('closeSure')}
          what={t('closeWhy')}
          yes={t('closeYes')}
          no={t('cancel')}
          isBusy={closing.isBusy}
          onYes={() => void close()}
          onNo={() => {
            isSure.value = false;
          }}
        />
      )}
    </Card>
  );
}
