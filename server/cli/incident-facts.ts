import type { Facts } from '../../shared/facts/facts.ts';
import { parseFacts } from '../../shared/facts/parse-facts.ts';
import { withInstallation } from './installation.ts';
import { Refusal } from '../http/refusal.ts';

export type IncidentFacts =
  | { readonly ok: true; readonly facts: Facts; readonly name: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The facts that a machine reported in an incident of this installation, by the incident's id. */
export async function factsOfIncident(incidentId: string): Promise<IncidentFacts> {
  let found: IncidentFacts | undefined;
  await withInstallation(async ({ config, features }) => {
    try {
      const detail = await features.incidents.get(config.organizationId, incidentId);
      const name = `${detail.device.name}, incident ${incidentId}`;
      found = { ok: true, facts: parseFacts(detail.facts).facts, name };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found = { ok: false, code: error.code, message: error.message };
    }
    return 0;
  });
  return found ?? { ok: false, code: 'not-found', message: 'There is no incident with this id.' };
}
