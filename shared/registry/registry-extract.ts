import * as z from 'zod/mini';

const text = z.string().check(z.maxLength(512));
const textOrNull = z.nullable(text);
const flagOrNull = z.nullable(z.boolean());
const numberOrNull = z.nullable(z.int());
const texts = (most: number) => z.array(text).check(z.maxLength(most));

/** How a hive could be read: `clean` and `recovered` are what Windows will see, all others tell nothing. */
const hiveState = z.enum([
  'clean',
  'recovered',
  'incomplete',
  'unrecovered',
  'damaged',
  'unreadable',
  'too-costly',
  'absent',
]);
export type HiveState = z.infer<typeof hiveState>;

const start = z.enum(['boot', 'system', 'auto', 'demand', 'disabled', 'unknown']);

/** At most so many of each are told; `…Count` tells how many there are. */
export const extractLimits = {
  services: 300,
  renames: 100,
  filters: 100,
  updates: 40,
  products: 32,
} as const;

// Built when first asked for: the device only makes extracts, and its interpreter takes milliseconds for schemas.
const systemExtract = z.lazy(() =>
  z.object({
    controlSet: text,
    crashControl: z.object({
      dump: z.enum(['none', 'complete', 'active', 'kernel', 'small', 'automatic', 'unknown']),
      dumpFile: text,
      minidumpFolder: text,
      dedicatedDumpFile: textOrNull,
      restarts: flagOrNull,
      pageFiles: texts(16),
    }),
    setup: z.object({
      setupInProgress: flagOrNull,
      outOfBoxInProgress: flagOrNull,
      upgradeInProgress: flagOrNull,
      commandLine: textOrNull,
      bootExecute: texts(16),
    }),
    bitLocker: z.object({ driverStartsAtBoot: flagOrNull, startedProtected: flagOrNull }),
    hardware: z.object({
      role: z.nullable(z.enum(['workstation', 'server', 'domain-controller'])),
      processor: textOrNull,
      disks: texts(32),
    }),
    pendingRenameCount: z.int(),
    pendingRenames: z
      .array(z.object({ from: text, to: textOrNull }))
      .check(z.maxLength(extractLimits.renames)),
    /** Filter drivers of device classes, in the order of the registry. */
    filters: z
      .array(z.object({ className: textOrNull, upper: texts(32), lower: texts(32) }))
      .check(z.maxLength(extractLimits.filters)),
    serviceCount: z.int(),
    /** Suspected drivers, then those that a start loads before anybody logs on. */
    services: z
      .array(
        z.object({
          name: text,
          start,
          startOverride: z.nullable(start),
          group: textOrNull,
          imagePath: textOrNull,
          errorControl: z.enum(['ignore', 'normal', 'severe', 'critical', 'unknown']),
          writtenAt: textOrNull,
        }),
      )
      .check(z.maxLength(extractLimits.services)),
  }),
);
export type SystemExtract = z.infer<typeof systemExtract>;

const softwareExtract = z.lazy(() =>
  z.object({
    os: z.object({
      product: textOrNull,
      build: numberOrNull,
      revision: numberOrNull,
      release: textOrNull,
      edition: textOrNull,
      installationType: textOrNull,
    }),
    /** Keys that exist only while servicing is not finished. */
    unfinished: texts(16),
    updateCount: z.int(),
    /** Updates that wait, then those installed last. */
    updates: z
      .array(
        z.object({
          name: text,
          state: z.enum([
            'absent',
            'uninstall-pending',
            'resolving',
            'resolved',
            'staging',
            'staged',
            'superseded',
            'install-pending',
            'partially-installed',
            'installed',
            'permanent',
            'unknown',
          ]),
          installedAt: textOrNull,
        }),
      )
      .check(z.maxLength(extractLimits.updates)),
    securityProducts: z
      .array(z.object({ name: text, role: z.enum(['antivirus', 'firewall', 'antispyware']) }))
      .check(z.maxLength(extractLimits.products)),
  }),
);
export type SoftwareExtract = z.infer<typeof softwareExtract>;

/**
 * The settings of SYSTEM and SOFTWARE that matter for a start, as the device read them out of its hives. It stands for
 * the hives, which never leave a machine: no account, no policy, no key that is not named here.
 */
export const registryExtractSchema = z.lazy(() =>
  z.object({
    format: z.literal('registry-extract'),
    /** File names of drivers that other evidence points at; facts are told of their services. */
    suspects: texts(16),
    system: z.object({ state: hiveState, content: z.nullable(systemExtract) }),
    software: z.object({ state: hiveState, content: z.nullable(softwareExtract) }),
  }),
);
export type RegistryExtract = z.infer<typeof registryExtractSchema>;
