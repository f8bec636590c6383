import { verdictOf } from '../../facts/verdict.ts';
import { compareVersions } from '../../facts/version.ts';
import { printExtent, sayExtent } from '../phrases.ts';
import { readExtent } from '../read-extent.ts';
import { readDriver, readVersion } from '../read-value.ts';
import type { DriverVersionCondition } from '../condition-tree.ts';
import { isInExtent } from '../extent.ts';
import type { ConditionDefinition } from './condition-definition.ts';

const asIs = (version: string) => version;

export const driverVersion: ConditionDefinition<DriverVersionCondition> = {
  kind: 'driver-version',
  openings: ['driver'],
  relation: 'version',
  form: 'driver NAME version RANGE',
  example: 'driver csagent version from 7.11 until 7.16',
  meaning: 'the file version of a driver lies in the range',
  evidence: 'version resource of the driver file',
  isEvidence: true,
  isChangeable: false,
  read(cursor) {
    const driver = readDriver(cursor);
    if (driver === undefined || !cursor.expectOneOf(['version', 'is'])) return undefined;
    const version = readExtent(cursor, readVersion, compareVersions);
    return version && { kind: 'driver-version', driver, version };
  },
  print: ({ driver, version }) => `driver ${driver} version ${printExtent(version, asIs)}`,
  explain: ({ driver, version }) =>
    `driver ${driver} has version ${sayExtent(version, asIs, { atLeast: 'or newer' })}`,
  decide({ driver, version }, { facts }) {
    const value = facts[`driver.${driver.toLowerCase()}.version`];
    if (typeof value !== 'string')
      return { verdict: 'unknown', reason: `The version of driver ${driver} is not known.` };
    return {
      verdict: verdictOf(isInExtent(version, value, compareVersions)),
      reason: `Driver ${driver} has version ${value}.`,
    };
  },
};
