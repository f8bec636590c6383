import * as z from 'zod/mini';
import type { EvidenceView } from '../../../shared/api/incident.ts';
import type { BootStatus } from '../../../shared/bootlog/boot-status.ts';
import type { PendingRenamesLog } from '../../../shared/bootlog/pending-renames-log.ts';
import type { PendingTransaction } from '../../../shared/bootlog/pending-transaction.ts';
import type { ServicingLog } from '../../../shared/bootlog/servicing-log.ts';
import type { SetupapiLog } from '../../../shared/bootlog/setupapi-log.ts';
import { type RegistryExtract, registryExtractSchema } from '../../../shared/registry/registry-extract.ts';
import { encoding, findReadings, logProblem, type Reading } from './readings.ts';

const text = z.string();
const textOrNull = z.nullable(z.string());
const number = z.number();
const numberOrNull = z.nullable(z.number());
const flagOrNull = z.nullable(z.boolean());

const bootStatus = z.object({
  format: z.literal('boot-status'),
  status: z.nullable(
    z.object({
      sizeBytes: number,
      productType: z.nullable(z.enum(['workstation', 'domain-controller', 'server'])),
      wasLastStartGood: z.boolean(),
      wasLastStopClean: z.boolean(),
      wasAsleep: flagOrNull,
      powerButtonPressedAt: textOrNull,
      lastAliveAt: textOrNull,
      startAttempts: numberOrNull,
      startNumber: numberOrNull,
      lastCleanStopNumber: numberOrNull,
      reportedAbnormalStopNumber: numberOrNull,
    }),
  ),
  entries: z.array(
    z.object({
      event: z.enum([
        'log-started',
        'application-launched',
        'application-returned',
        'application-not-loaded',
        'boot-configuration-failed',
        'nothing-to-start',
        'general-failure',
        'other',
      ]),
      eventId: number,
      isError: z.boolean(),
      atLocal: textOrNull,
      status: textOrNull,
      path: textOrNull,
      offset: number,
    }),
  ),
  problems: z.array(
    z.object({
      code: z.enum(['not-a-boot-status', 'cut-off', 'version-not-covered', 'entry-broken']),
      message: text,
      offset: number,
    }),
  ),
});

const pendingRenamesLog = z.object({
  format: z.literal('pending-renames-log'),
  encoding,
  runs: z.array(
    z.object({
      startedAtLocal: textOrNull,
      succeeded: numberOrNull,
      failures: z.array(
        z.object({
          path: text,
          newPath: textOrNull,
          status: text,
          statusName: textOrNull,
          line: number,
        }),
      ),
      line: number,
    }),
  ),
  problems: z.array(logProblem),
});

const pendingTransaction = z.object({
  format: z.literal('pending-transaction'),
  identifier: textOrNull,
  version: textOrNull,
  servicingStackVersion: textOrNull,
  isPending: z.boolean(),
  packages: z.array(text),
  componentChanges: number,
  operations: z.record(text, number),
  actionsAfter: z.array(text),
  isWhole: z.boolean(),
  problems: z.array(logProblem),
});

const servicingFailure = z.object({
  atLocal: textOrNull,
  component: text,
  text,
  code: textOrNull,
  codeName: textOrNull,
  sessionId: textOrNull,
  line: number,
});

const servicingLog = z.object({
  format: z.literal('servicing-log'),
  kind: z.enum(['cbs', 'dism']),
  encoding,
  sessions: z.array(
    z.object({
      id: text,
      client: textOrNull,
      startedAtLocal: textOrNull,
      endedAtLocal: textOrNull,
      result: textOrNull,
      isRebootRequired: flagOrNull,
      line: number,
    }),
  ),
  packages: z.array(
    z.object({
      identity: text,
      knowledgeBase: textOrNull,
      state: textOrNull,
      targetState: textOrNull,
      result: textOrNull,
      changes: z.array(
        z.object({ atLocal: textOrNull, state: textOrNull, targetState: textOrNull, line: number }),
      ),
      line: number,
    }),
  ),
  failures: z.array(servicingFailure),
  lastFailure: z.nullable(servicingFailure),
  executeState: z.nullable(z.object({ state: text, atLocal: textOrNull, line: number })),
  problems: z.array(logProblem),
});

const driverPackage = z.object({
  inf: text,
  storeFolder: text,
  provider: textOrNull,
  version: textOrNull,
  driverDate: textOrNull,
  installedAtLocal: textOrNull,
  line: number,
});

const setupapiLog = z.object({
  format: z.literal('setupapi-log'),
  encoding,
  osVersion: textOrNull,
  sections: z.array(
    z.object({
      title: text,
      subject: textOrNull,
      startedAtLocal: textOrNull,
      endedAtLocal: textOrNull,
      exitStatus: textOrNull,
      outcome: z.enum(['done', 'failed', 'unfinished']),
      errorCode: textOrNull,
      selectedDriver: z.nullable(z.object({ description: textOrNull, inf: textOrNull })),
      packages: z.array(driverPackage),
      remarks: z.array(z.object({ severity: z.enum(['error', 'warning']), text, line: number })),
      bootedAtLocal: textOrNull,
      line: number,
    }),
  ),
  packages: z.array(driverPackage),
  problems: z.array(logProblem),
});

type Evidence = readonly EvidenceView[];

/** What the server read in bootstat.dat. */
export const findBootStatus = (evidence: Evidence): Reading<BootStatus> | undefined =>
  findReadings<BootStatus>(evidence, reading => bootStatus.safeParse(reading))[0];

/** What the server read in PFRO.log. */
export const findPendingRenames = (evidence: Evidence): Reading<PendingRenamesLog> | undefined =>
  findReadings<PendingRenamesLog>(evidence, reading => pendingRenamesLog.safeParse(reading))[0];

/** What the server read in pending.xml. */
export const findPendingTransaction = (evidence: Evidence): Reading<PendingTransaction> | undefined =>
  findReadings<PendingTransaction>(evidence, reading => pendingTransaction.safeParse(reading))[0];

/** What the server read in CBS.log and dism.log. */
export const findServicingLogs = (evidence: Evidence): readonly Reading<ServicingLog>[] =>
  findReadings<ServicingLog>(evidence, reading => servicingLog.safeParse(reading));

/** What the server read in setupapi.dev.log. */
export const findDeviceInstalls = (evidence: Evidence): Reading<SetupapiLog> | undefined =>
  findReadings<SetupapiLog>(evidence, reading => setupapiLog.safeParse(reading))[0];

/** What the device told of its registry. */
export const findRegistryExtract = (evidence: Evidence): Reading<RegistryExtract> | undefined =>
  findReadings<RegistryExtract>(evidence, reading => registryExtractSchema.safeParse(reading))[0];
