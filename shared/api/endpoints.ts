import { agentReleaseEndpoints } from './agent-release.ts';
import { allowedProgramEndpoints } from './allowed-program.ts';
import { apiDocumentEndpoints } from './api-document.ts';
import { apiTokenEndpoints } from './api-token.ts';
import { auditEndpoints } from './audit.ts';
import { deviceEndpoints } from './device.ts';
import type { Endpoint } from './endpoint.ts';
import { enrolmentEndpoints } from './enrolment.ts';
import { healthEndpoints } from './health.ts';
import { incidentEndpoints } from './incident.ts';
import { knownIssueEndpoints } from './known-issue.ts';
import { liveEndpoints } from './live-event.ts';
import { nowEndpoints } from './now.ts';
import { recoveryKeyEndpoints } from './recovery-key.ts';
import { personEndpoints } from './person.ts';
import { remediationEndpoints } from './remediation.ts';
import { savedFilterEndpoints } from './saved-filter.ts';
import { searchEndpoints } from './search.ts';
import { sessionEndpoints } from './session.ts';
import { systemEndpoints } from './system.ts';
import { undoOrderEndpoints } from './undo-order.ts';

/** Everything the server does for people, by what it is about; the document of the API keeps this order. */
export const endpointGroups: readonly {
  readonly name: string;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
}[] = [
  { name: 'Now', endpoints: nowEndpoints },
  { name: 'Incidents', endpoints: incidentEndpoints },
  { name: 'Saved filters', endpoints: savedFilterEndpoints },
  { name: 'Known issues', endpoints: knownIssueEndpoints },
  { name: 'Remediations', endpoints: remediationEndpoints },
  { name: 'Devices', endpoints: deviceEndpoints },
  { name: 'Undo', endpoints: undoOrderEndpoints },
  { name: 'Enrolment', endpoints: enrolmentEndpoints },
  { name: 'Allowed programs', endpoints: allowedProgramEndpoints },
  { name: 'Agent releases', endpoints: agentReleaseEndpoints },
  { name: 'Recovery keys', endpoints: recoveryKeyEndpoints },
  { name: 'Search', endpoints: searchEndpoints },
  { name: 'Live changes', endpoints: liveEndpoints },
  { name: 'Audit log', endpoints: auditEndpoints },
  { name: 'System', endpoints: systemEndpoints },
  { name: 'People', endpoints: personEndpoints },
  { name: 'API tokens', endpoints: apiTokenEndpoints },
  { name: 'Session', endpoints: sessionEndpoints },
  { name: 'Health', endpoints: healthEndpoints },
  { name: 'This document', endpoints: apiDocumentEndpoints },
];
