// A member's own data, and the end of the account. Owns: that they are asked for. Never touches: what an export has; what is closed.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1MembersByOwnerExport,
  postV1MembersByOwnerSignInClose,
} from '../../../../web/page/api/operations.js';
import { left } from '../../../../web/page/shell/app.js';
import { download } from '../../../../web/page/shell/download.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Note } from '../../../../web/page/ui/parts.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { ProblemNote } from '../../../../web/page/ui/told.js';
import { owner } from '../../shell/app.js';
import { ACCOUNT } from './words.js';

const t = speaker(ACCOUNT);

export default function DataScreen(): JSX.Element {
  return (
    <>
      <Export />
      <Close />
    </>
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
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          isLookedAt.value = true;
          if (password.value !== '') isSure.value = true;
        }}
      >
        <Field
          label={t('passwordNow')}
          type="password"
          autoComplete="current-password"
          value={password.value}
          isRequired
          error={isLookedAt.value && password.value === '' ? t('passwordMissing') : undefined}
          onInput={(text) => {
            password.value = text;
          }}
        />
        <Button type="submit" kind="danger" isBusy={closing.isBusy}>
          {t('closeButton')}
        </Button>
      </form>
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
