// Where a member is reached, what may be sent, what was sent. Owns: that addresses are masked on the screen; consents as switches. Never touches: what is sent. Nothing
// of it is kept in the browser.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { maskedPersonal } from '../../../../privacy/mask.js';
import {
  type Contact,
  deleteV1MembersByOwnerContact,
  getV1MembersByOwnerContact,
  getV1MembersByOwnerNotices,
  putV1MembersByOwnerConsents,
  putV1MembersByOwnerContact,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { useCall } from '../../../../web/page/shell/use-call.js';
import { More } from '../../../../web/page/ui/more.js';
import { Button, Card, Field, Form, Note, When } from '../../../../web/page/ui/parts.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { Answered, ProblemNote } from '../../../../web/page/ui/told.js';
import { may, owner } from '../../shell/app.js';
import {
  CHANNELS,
  type Channel,
  CLASSES,
  isAgreed,
  isEmail,
  isPhone,
  type NoticeClass,
  plainPhone,
} from './masks.js';
import { ACCOUNT } from './words.js';

const t = speaker(ACCOUNT);
const mine = () => ({ path: { owner: owner.value } });

export default function Notices(): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerContact, mine(), { isKept: false });
  // Who has said nothing yet has none: that is no fault.
  const isNone = known.problem?.code === 'CONTACT_NOT_FOUND';
  return (
    <>
      {isNone ? (
        <Both contact={undefined} />
      ) : (
        <Answered known={known}>{(contact) => <Both contact={contact} />}</Answered>
      )}
      <Sent />
    </>
  );
}

const Both = ({ contact }: { contact: Contact | undefined }): JSX.Element => (
  <>
    <Reached contact={contact} />
    <Consents contact={contact} />
  </>
);

function Reached({ contact }: { contact: Contact | undefined }): JSX.Element {
  const isChanging = useSignal(false);
  const isSaved = useSignal(false);
  const dead = (type: Channel): boolean => contact?.dead.some((one) => one.type === type) === true;
  const line = (type: Channel, label: string, text: string | undefined) =>
    text !== undefined && (
      <>
        <dt>{label}</dt>
        <dd>
          {maskedPersonal(text)}
          {dead(type) && <span class="error"> {t('dead')}</span>}
        </dd>
      </>
    );
  const isNothing = contact?.email === undefined && contact?.phone === undefined;
  return (
    <Card title={t('contact')}>
      {isNothing ? (
        <p class="hint">{t('contactNone')}</p>
      ) : (
        <dl>
          {line('email', t('email'), contact?.email)}
          {line('sms', t('phone'), contact?.phone)}
          {contact?.language !== undefined && (
            <>
              <dt>{t('messageLanguage')}</dt>
              <dd>{t(`lang_${contact.language}`)}</dd>
            </>
          )}
        </dl>
      )}
      <div role="status">
        {isSaved.value && (
          <Note kind="good" icon="check">
            {t('saved')}
          </Note>
        )}
      </div>
      {isChanging.value ? (
        <Change
          contact={contact}
          onEnd={(isDone) => {
            isChanging.value = false;
            isSaved.value = isDone;
          }}
        />
      ) : (
        may('self') && (
          <div class="buttons">
            <Button
              kind="plain"
              onClick={() => {
                isSaved.value = false;
                isChanging.value = true;
              }}
            >
              {t('change')}
            </Button>
            {contact !== undefined && <Forget />}
          </div>
        )
      )}
    </Card>
  );
}

function Change({
  contact,
  onEnd,
}: {
  contact: Contact | undefined;
  onEnd: (isDone: boolean) => void;
}): JSX.Element {
  const email = useSignal(contact?.email ?? '');
  const phone = useSignal(contact?.phone ?? '');
  const language = useSignal<string>(contact?.language ?? '');
  const isLookedAt = useSignal(false);
  const saving = useCall(putV1MembersByOwnerContact);
  const [mail, number] = [email.value.trim(), plainPhone(phone.value)];
  const wrongMail = mail === '' || isEmail(mail) ? undefined : t('notEmail');
  const wrongPhone = number === '' || isPhone(number) ? undefined : t('notPhone');
  const save = async (): Promise<void> => {
    isLookedAt.value = true;
    if (wrongMail !== undefined || wrongPhone !== undefined) return;
    const said = language.peek();
    const came = await saving.run({
      ...mine(),
      body: {
        ...(mail === '' ? {} : { email: mail }),
        ...(number === '' ? {} : { phone: number }),
        ...(said === 'zh' || said === 'en' ? { language: said } : {}),
      },
    });
    if (came.ok) onEnd(true);
  };
  return (
    <Form isChecked={false} onSend={save}>
      <Field
        label={t('email')}
        type="email"
        autoComplete="email"
        bound={email}
        maxLength={254}
        error={isLookedAt.value ? wrongMail : undefined}
      />
      <Field
        label={t('phone')}
        type="tel"
        autoComplete="tel"
        bound={phone}
        maxLength={30}
        error={isLookedAt.value ? wrongPhone : undefined}
      />
      <Field label={t('messageLanguage')} bound={language}>
        <option value="">{t('asHere')}</option>
        <option value="zh">{t('lang_zh')}</option>
        <option value="en">{t('lang_en')}</option>
      </Field>
      {saving.result?.ok === false && <ProblemNote problem={saving.result.problem} />}
      <div class="buttons">
        <Button type="submit" isBusy={saving.isBusy}>
          {t('save')}
        </Button>
        <Button kind="plain" onClick={() => onEnd(false)}>
          {t('cancel')}
        </Button>
      </div>
    </Form>
  );
}

function Forget(): JSX.Element {
  const isAsked = useSignal(false);
  const forgetting = useCall(deleteV1MembersByOwnerContact);
  const forget = async (): Promise<void> => {
    await forgetting.run(mine());
    isAsked.value = false;
  };
  return (
    <>
      <Button
        kind="quiet"
        onClick={() => {
          isAsked.value = true;
        }}
      >
        {t('forget')}
      </Button>
      {forgetting.result?.ok === false && <ProblemNote problem={forgetting.result.problem} />}
      {isAsked.value && (
        <Sure
          title={t('forgetSure')}
          what={t('forgetWhat')}
          yes={t('forgetYes')}
          no={t('keep')}
          isBusy={forgetting.isBusy}
          onYes={() => void forget()}
          onNo={() => {
            isAsked.value = false;
          }}
        />
      )}
    </>
  );
}

/** Yes and no, by way and by what it is about. The switch shows what the ledger says, and nothing before it has said so. */
function Consents({ contact }: { contact: Contact | undefined }): JSX.Element {
  const saving = useCall(putV1MembersByOwnerConsents);
  const consents = contact?.consents ?? [];
  const say = (type: Channel, notices: NoticeClass, isGiven: boolean): void =>
    void saving.run({ ...mine(), body: { consents: [{ type, notices, isGiven }] } });
  return (
    <Card title={t('consents')}>
      <p class="hint">{t('consentsWhy')}</p>
      {CHANNELS.map((type) => (
        <fieldset key={type} class="receiver">
          <legend>{t(`channel_${type}`)}</legend>
          {CLASSES.map((notices) => (
            <label key={notices} class="check">
              <input
                type="checkbox"
                checked={isAgreed(consents, type, notices)}
                disabled={!may('self')}
                aria-busy={saving.isBusy}
                onClick={(event) => {
                  // It is set by the answer.
                  event.preventDefault();
                  if (!saving.isBusy) say(type, notices, !isAgreed(consents, type, notices));
                }}
              />
              <span>{t(`class_${notices}`)}</span>
            </label>
          ))}
        </fieldset>
      ))}
      <div role="status">{saving.result?.ok === true && <p class="hint">{t('saved')}</p>}</div>
      {saving.result?.ok === false && <ProblemNote problem={saving.result.problem} />}
    </Card>
  );
}

function Sent(): JSX.Element {
  const pages = usePages(
    getV1MembersByOwnerNotices,
    { ...mine(), query: {} },
    ({ notices }) => notices,
    { isKept: false },
  );
  return (
    <Card title={t('notices')}>
      <Answered known={pages.known}>
        {() =>
          pages.items.length === 0 ? (
            <p class="hint">{t('noticesNone')}</p>
          ) : (
            <ul class="list">
              {pages.items.map((one) => (
                <li key={one.id} class="row">
                  <span class="grow">
                    <span class="name">{t(one.notice)}</span>
                    <span class="hint">
                      <When ms={one.at} form="time" /> · {t(`channel_${one.type}`)}
                    </span>
                  </span>
                  <span class="hint">{t(`notice_${one.state}`)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <More pages={pages} label={t('more')} />
    </Card>
  );
}
