import type { DeviceRow } from '../../../shared/api/device.ts';
import type { IncidentRow } from '../../../shared/api/incident.ts';
import type { SearchAnswer } from '../../../shared/api/search.ts';
import type { Sql } from '../../db/sql.ts';
import { findAuthored } from './search-read.ts';

const mostOfEach = 5;

/** One search over everything, bounded: a few hits of each kind. */
export class Search {
  readonly #parts: {
    readonly sql: Sql;
    readonly findIncidents: (organizationId: string, text: string, most: number) => Promise<IncidentRow[]>;
    readonly findDevices: (organizationId: string, text: string, most: number) => Promise<DeviceRow[]>;
  };

  constructor(parts: {
    sql: Sql;
    findIncidents: (organizationId: string, text: string, most: number) => Promise<IncidentRow[]>;
    findDevices: (organizationId: string, text: string, most: number) => Promise<DeviceRow[]>;
  }) {
    this.#parts = parts;
  }

  async find(organizationId: string, typed: string): Promise<SearchAnswer> {
    const text = typed.trim().replaceAll('\0', '');
    if (text === '') return { hits: [] };
    const { sql, findIncidents, findDevices } = this.#parts;
    const [incidents, devices, authored] = await Promise.all([
      findIncidents(organizationId, text, mostOfEach),
      findDevices(organizationId, text, mostOfEach),
      findAuthored(sql, organizationId, text, mostOfEach),
    ]);
    return {
      hits: [
        ...incidents.map(({ incidentId, deviceName, code, cause, culprit }) => ({
          kind: 'incident' as const,
          id: incidentId,
          title: `${deviceName} · ${code}`,
          detail: cause ?? culprit ?? 'No cause known yet',
        })),
        ...devices.map(({ deviceId, name, model }) => ({
          kind: 'device' as const,
          id: deviceId,
          title: name,
          ...(model !== undefined && { detail: model }),
        })),
        ...authored,
      ],
    };
  }
}
