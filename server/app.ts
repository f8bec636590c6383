import path from 'node:path';
import type { LiveEvent } from '../shared/api/live-event.ts';
import { verifyEd25519 } from '../shared/trust/ed25519.ts';
import { builtAgent } from './built-agent.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import type { Leases } from './db/leases.ts';
import { Access } from './features/access/access.ts';
import { consoleRoutes as accessRoutes } from './features/access/access-routes.ts';
import { SecondFactor } from './features/access/second-factor.ts';
import { AgentReleases } from './features/agent-releases/agent-releases.ts';
import {
  consoleRoutes as agentReleaseRoutes,
  deviceRoutes as agentReleaseDeviceRoutes,
} from './features/agent-releases/agent-releases-routes.ts';
import { ApiTokens } from './features/access/api-tokens.ts';
import { People } from './features/access/people.ts';
import { AuditLog } from './features/audit/audit-log.ts';
import { ToldDeeds } from './features/audit/told-deeds.ts';
import { consoleRoutes as apiRoutes } from './features/api-document/api-document-routes.ts';
import { consoleRoutes as auditRoutes } from './features/audit/audit-routes.ts';
import { DeviceCopies } from './features/devices/device-copies.ts';
import { DeviceKeys } from './features/devices/device-keys.ts';
import { HealthyDeviceRead } from './features/devices/healthy-device-read.ts';
import { DeviceReadiness } from './features/devices/device-readiness.ts';
import { Devices } from './features/devices/devices.ts';
import {
  consoleRoutes as deviceConsoleRoutes,
  deviceRoutes as enrolmentRoutes,
} from './features/devices/devices-routes.ts';
import { AllowedPrograms } from './features/devices/allowed-programs.ts';
import { DeviceBook } from './features/devices/device-book.ts';
import { DeviceTally } from './features/devices/device-tally.ts';
import { ScriptReach } from './features/devices/script-reach.ts';
import { Enrolment } from './features/devices/enrolment.ts';
import { AgentFile } from './features/devices/agent-file.ts';
import { EnrolmentBundles } from './features/devices/enrolment-bundles.ts';
import { EnrolmentTokens } from './features/devices/enrolment-tokens.ts';
import { EvidenceDownload } from './features/evidence/evidence-download.ts';
import { EvidenceIntake } from './features/evidence/evidence-intake.ts';
import { EvidenceReader } from './features/evidence/evidence-reader.ts';
import { EvidenceRetention } from './features/evidence/evidence-retention.ts';
import {
  consoleRoutes as downloadRoutes,
  deviceRoutes as uploadRoutes,
} from './features/evidence/evidence-routes.ts';
import { ClosedTally } from './features/incidents/closed-tally.ts';
import { Incidents } from './features/incidents/incidents.ts';
import { consoleRoutes as incidentRoutes } from './features/incidents/incidents-routes.ts';
import { SavedFiltersStore } from './features/incidents/saved-filters-store.ts';
import { ToldIncidents } from './features/incidents/told-incidents.ts';
import { attemptStatesBefore, isLive } from './features/intake/attempt-machine.ts';
import { nextIncidentState } from './features/intake/incident-machine.ts';
import { Intake } from './features/intake/intake.ts';
import { deviceRoutes as intakeRoutes } from './features/intake/intake-routes.ts';
import { PersonActs } from './features/intake/person-acts.ts';
import { Silence } from './features/intake/silence.ts';
import { LiveChanges } from './features/live/live-changes.ts';
import { BackTests } from './features/known-issues/back-tests.ts';
import { HealthyQuestions } from './features/known-issues/healthy-questions.ts';
import { IssueAuthor } from './features/known-issues/issue-author.ts';
import { IssueBook } from './features/known-issues/issue-book.ts';
import { IssueExplainer } from './features/known-issues/issue-explainer.ts';
import { KnownIssues } from './features/known-issues/known-issues.ts';
import { consoleRoutes as knownIssueRoutes } from './features/known-issues/known-issues-routes.ts';
import { MatchAgain } from './features/known-issues/match-again.ts';
import { ShippedCatalog } from './features/known-issues/shipped-catalog.ts';
import { KeyRelease } from './features/recovery-keys/key-release.ts';
import { RecoveryKeys } from './features/recovery-keys/recovery-keys.ts';
import { ToldKeyRequests } from './features/recovery-keys/told-key-requests.ts';
import {
  consoleRoutes as recoveryKeyRoutes,
  deviceRoutes as keyRequestRoutes,
} from './features/recovery-keys/recovery-keys-routes.ts';
import { Authoring, type LabGround } from './features/remediations/authoring.ts';
import { Now } from './features/now/now.ts';
import { consoleRoutes as nowRoutes } from './features/now/now-routes.ts';
import { Remediations } from './features/remediations/remediations.ts';
import { consoleRoutes as remediationRoutes } from './features/remediations/remediations-routes.ts';
import { Search } from './features/search/search.ts';
import { consoleRoutes as searchRoutes } from './features/search/search-routes.ts';
import { type LogLevelHolder, LogSwitch } from './features/system/log-switch.ts';
import { JobRunStore } from './features/system/job-run-store.ts';
import { System } from './features/system/system.ts';
import { consoleRoutes as systemRoutes } from './features/system/system-routes.ts';
import { UndoOrders } from './features/undo/undo-orders.ts';
import {
  consoleRoutes as undoRoutes,
  deviceRoutes as undoDeviceRoutes,
} from './features/undo/undo-routes.ts';
import { Approvals } from './features/trust/approvals.ts';
import { onlineKeyOf } from './features/trust/online-key.ts';
import { rememberingVerify } from './features/trust/remembering-verify.ts';
import { TrustKeeper } from './features/trust/trust-keeper.ts';
import { deviceRequests } from './http/device-requests.ts';
import { EventStream } from './http/event-stream.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { scheduleOf, type TimedWorks } from './jobs/schedule.ts';
import type { Log } from './logging/log.ts';
import { ensureSecret } from './secret-files.ts';
import { SecretVault } from './secret-vault.ts';
import { serverVersion } from './version.ts';

/** What the features are made from. */
export interface AppParts {
  readonly config: Config;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly leases: Leases;
  /** Folder of the server's own keys. */
  readonly keysDir: string;
  /** SHA-256 of the public key by which machines know this server. */
  readonly pin: string;
  readonly log: Log;
  readonly clock: () => Date;
  /** Broken machines on which authors can try scripts; absent for commands. */
  readonly lab?: LabGround | undefined;
  /** The agent that machines are given; by default the one that was built here. */
  readonly agentFile?: string | undefined;
  /** How much the log tells, to be changed while the server runs. */
  readonly logLevel?: LogLevelHolder | undefined;
}

const catalogFolder = path.resolve(import.meta.dirname, 'catalog');

/** Constructs every feature and hands each what it needs of the others: the one place that knows them all. */
export function buildApp({
  config,
  database,
  blobs,
  leases,
  keysDir,
  pin,
  log,
  clock,
  lab,
  agentFile = builtAgent,
  logLevel = { level: config.logLevel },
}: AppParts) {
  const { organizationId } = config;
  const [sql, transactions] = [database, database];
  const events = new EventStream<LiveEvent>();
  const live = new LiveChanges({ sql: database, events, log: log.area('live') });
  const audit = new AuditLog(clock, live.changed);
  const access = new Access({ database, audit, organizationId, now: clock });
  const apiTokens = new ApiTokens({ database, audit, organizationId, now: clock });

  const people = new People({ database, audit, access, clock });

  const verify = rememberingVerify(verifyEd25519);
  const onlineKey = onlineKeyOf(ensureSecret(path.join(keysDir, 'online-key')));
  const trust = new TrustKeeper({ sql: database, audit, onlineKey, verify });
  const approvals = new Approvals({ sql: database, trust, audit, verify, clock });
  const remediations = new Remediations();

  const vault = new SecretVault(ensureSecret(path.join(keysDir, 'vault-key')));
  const secondFactor = new SecondFactor({ transactions, vault, audit, clock });
  const recoveryKeys = new RecoveryKeys({ sql: database, vault, audit, clock });
  const keyRelease = new KeyRelease({
    sql: database,
    vault,
    secondFactor,
    audit,
    clock,
    asked: live.changed,
  });

  const keys = new DeviceKeys(database, clock);
  const devices = new Devices({ transactions, keys, audit, clock });
  const tokens = new EnrolmentTokens({ transactions, audit });
  const programs = new AllowedPrograms({ database, audit, clock });
  const bundles = new EnrolmentBundles({ trust, tokens, programs, pin, clock });
  const agentReleases = new AgentReleases({
    sql: database,
    blobs,
    audit,
    verify,
    trustOf: organization => trust.state(organization),
    clock,
  });
  const enrolment = new Enrolment({ transactions, trust, audit, clock });

  const knownIssues = new KnownIssues({ sql, log: log.area('known-issues'), clock });
  const catalog = new ShippedCatalog({ transactions, scripts: remediations, log: log.area('known-issues') });

  const healthy = new HealthyDeviceRead({ sql, clock });
  const book = new IssueBook({ sql, remediations, healthy, clock });
  const author = new IssueAuthor({
    sql,
    transactions,
    scripts: remediations,
    issues: knownIssues,
    healthy,
    audit,
  });
  const backTests = new BackTests({ sql, remediations, healthy, log: log.area('known-issues'), clock });

  const incidentChanged = live.changed;
  const undos = new UndoOrders({
    sql: database,
    audit,
    onlineKey,
    clock,
    undoable: attemptStatesBefore('undone').filter(state => !isLive(state) && state !== 'undone'),
    incidentChanged,
  });
  const copies = new DeviceCopies({ audit, clock });
  const readiness = new DeviceReadiness({
    transactions,
    copies,
    updates: agentReleases,
    undos,
    questions: new HealthyQuestions({ sql, clock }),
    recoveryKeys,
    clock,
  });
  const intake = new Intake({
    transactions,
    issues: knownIssues,
    trust,
    approvals,
    scripts: remediations,
    copies,
    onlineKey,
    log: log.area('intake'),
    clock,
    incidentChanged,
  });
  const personActs = new PersonActs({ transactions, audit, clock, incidentChanged });
  const matchAgain = new MatchAgain({
    sql,
    issues: knownIssues,
    organizationId,
    log: log.area('known-issues'),
    nextState: nextIncidentState,
    incidentChanged,
  });
  const silence = new Silence({ transactions, log: log.area('intake'), incidentChanged });
  const incidents = new Incidents({
    sql,
    issues: new IssueExplainer(sql),
    trustOf: organization => trust.state(organization),
  });
  const filters = new SavedFiltersStore(sql);
  const deviceBook = new DeviceBook({
    sql,
    healthy,
    incidentsOf: (organization, deviceId) => incidents.listOfDevice(organization, deviceId),
  });
  const deviceTally = new DeviceTally(transactions);
  const now = new Now({
    sql,
    counts: organization => incidents.counts(organization),
    devices: organization => deviceBook.count(organization),
    keyRequests: organization => keyRelease.countWaiting(organization),
    haltedRelease: organization => agentReleases.findHalted(organization),
    clock,
  });
  const search = new Search({
    sql,
    findIncidents: async (organization, text, most) =>
      (await incidents.list(organization, { search: text, limit: String(most) })).incidents,
    findDevices: async (organization, text, most) =>
      (await deviceBook.list(organization, { search: text, limit: String(most) })).devices,
  });
  const closedTally = new ClosedTally(transactions);

  const scriptReach = new ScriptReach(sql);
  const authoring = new Authoring({
    sql: database,
    remediations,
    audit,
    verify,
    clock,
    trustOf: organization => trust.state(organization),
    nextSequence: organization => approvals.readNextSequence(organization),
    incidents,
    scriptReach,
    lab,
  });

  const evidenceLog = log.area('evidence');
  const reader = new EvidenceReader({ sql: database, blobs, log: evidenceLog, clock, incidentChanged });
  const evidence = new EvidenceIntake({
    transactions,
    blobs,
    log: evidenceLog,
    clock,
    dailyBytes: config.dailyEvidenceBytes,
    readingQueued: reader.poke,
    incidentChanged,
  });
  const download = new EvidenceDownload({ transactions, blobs, audit });
  const retention = new EvidenceRetention({
    transactions,
    blobs,
    log: evidenceLog,
    keepDays: config.retentionDays,
  });

  const device = deviceRequests({
    findDeviceKey: keys.find,
    blobs,
    maxConcurrentUploadBytes: config.maxConcurrentUploadBytes,
  });
  const works: TimedWorks = {
    failSilentDevices: silence.markSilent,
    matchAgain: matchAgain.run,
    countClosed: closedTally.count,
    sumDeviceTally: deviceTally.sum,
    expireEvidence: retention.expireEvidence,
    async forgetExpired(now) {
      await access.forgetExpired(now);
      await keyRelease.forgetOld(now);
      await leases.forgetExpired();
    },
  };
  const runs = new JobRunStore(sql);
  const jobs = new JobRunner(scheduleOf(works), leases, log.area('jobs'), run => runs.keep(run));
  const system = new System({
    sql,
    clock,
    dataDir: config.dataDir,
    retentionDays: config.retentionDays,
    listJobs: () => jobs.list(),
    listRuns: () => runs.list(),
  });
  const logSwitch = new LogSwitch({ holder: logLevel, transactions, audit, log: log.area('system'), clock });
  return {
    features: {
      agentReleases,
      audit,
      access,
      apiTokens,
      approvals,
      backTests,
      bundles,
      devices,
      readiness,
      incidents,
      issueAuthor: author,
      issueBook: book,
      keyRelease,
      knownIssues,
      matchAgain,
      people,
      recoveryKeys,
      remediations,
      scriptReach,
      secondFactor,
      tokens,
      trust,
      undos,
    },
    onlineKey,
    events,
    deviceRoutes: [
      intakeRoutes({ device, intake }),
      enrolmentRoutes({ device, enrolment, readiness }),
      uploadRoutes({ device, evidence }),
      undoDeviceRoutes({ device, undos }),
      agentReleaseDeviceRoutes({ device, releases: agentReleases }),
      keyRequestRoutes({ device, release: keyRelease }),
    ],
    consoleRoutes: [
      accessRoutes({ access, apiTokens, people }),
      systemRoutes({ system, logSwitch }),
      apiRoutes({ version: serverVersion, place: config.publicPlace?.path ?? '/' }),
      nowRoutes({ now }),
      searchRoutes({ search }),
      deviceConsoleRoutes({
        book: deviceBook,
        devices,
        bundles,
        programs,
        agent: new AgentFile(agentFile),
        devicePort: config.devicePort,
      }),
      auditRoutes({ sql, audit }),
      incidentRoutes({ incidents, acts: personActs, filters, clock, events: events.handler }),
      knownIssueRoutes({ book, author, backTests }),
      downloadRoutes({ download }),
      remediationRoutes({ authoring, approvals }),
      undoRoutes({ undos }),
      agentReleaseRoutes({ releases: agentReleases }),
      recoveryKeyRoutes({ keys: recoveryKeys, release: keyRelease }),
    ],
    jobs,
    /** What runs beside requests and timers. */
    async start() {
      await catalog.load(organizationId, catalogFolder);
      await knownIssues.refresh(organizationId);
      const send = (event: LiveEvent) => events.send(event);
      await live.start([
        new ToldIncidents({ sql, organizationId, send, clock }),
        new ToldKeyRequests({ sql, organizationId, send }),
        new ToldDeeds({ sql, organizationId, send }),
      ]);
      reader.start();
    },
    async stop() {
      await logSwitch.goBack();
      events.close();
      await backTests.stop();
      await reader.stop();
      await download.stop();
      await live.stop();
    },
  };
}
