// What a client has by area: each asks its own routes, and knows nothing of commands. Owns: which areas there are. Never touches: requests.

import { Alerts } from './alerts.js';
import { Digital } from './digital.js';
import { Imports } from './imports.js';
import { Notices } from './notices.js';
import { OAuthClients } from './oauth-clients.js';
import { Operators } from './operators.js';
import { Overview } from './overview.js';
import { Partners } from './partners.js';
import { Privacy } from './privacy.js';
import { Receipts } from './receipts.js';
import { Reconciliations } from './reconciliations.js';
import { Reports } from './reports.js';
import type { Requests } from './requests.js';
import { Risks } from './risks.js';
import { Webhooks } from './webhooks.js';

/** The areas of a ledger. */
export class Areas {
  /** Codes of goods, and gift cards. */
  readonly digital: Digital;
  /** Who is told what happens. */
  readonly webhooks: Webhooks;
  /** Another points system, brought in. */
  readonly imports: Imports;
  /** What members are told. */
  readonly notices: Notices;
  /** Platforms that keep their points themselves. */
  readonly partners: Partners;
  /** Applications of the OAuth server. */
  readonly oauthClients: OAuthClients;
  /** Reconciliations with them, and what does not agree. */
  readonly reconciliations: Reconciliations;
  /** Figures of the whole ledger, and when they are written to files. */
  readonly reports: Reports;
  /** Whatever is looked up of the whole ledger. */
  readonly overview: Overview;
  /** People who run it, and roles. */
  readonly operators: Operators;
  /** Marks of risk, and reviews. */
  readonly risks: Risks;
  /** What is wrong, until it is over: alerts, rules, silences. */
  readonly alerts: Alerts;
  /** Personal data: consents, who has seen it, erasures, keys. */
  readonly privacy: Privacy;
  /** Receipts, checkpoints, witnesses. */
  readonly receipts: Receipts;

  constructor(requests: Requests) {
    this.digital = new Digital(requests);
    this.webhooks = new Webhooks(requests);
    this.imports = new Imports(requests);
    this.notices = new Notices(requests);
    this.partners = new Partners(requests);
    this.oauthClients = new OAuthClients(requests);
    this.reconciliations = new Reconciliations(requests);
    this.reports = new Reports(requests);
    this.overview = new Overview(requests);
    this.operators = new Operators(requests);
    this.risks = new Risks(requests);
    this.alerts = new Alerts(requests);
    this.privacy = new Privacy(requests);
    this.receipts = new Receipts(requests);
  }
}
