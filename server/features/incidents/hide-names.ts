import type { IncidentDetail, IncidentList, IncidentRow } from '../../../shared/api/incident.ts';
import { Redactor } from '../../../shared/redaction/redactor.ts';

/**
 * An incident without names of people, machines and networks, to be shown to others or put on a screenshot. Ids and
 * the code on the machine's screen stay: by them people who may know find it again.
 */
export function hideNames(detail: IncidentDetail): IncidentDetail {
  const redactor = new Redactor({ names: { host: [detail.device.name] } });
  const { incident, device, attempts, ...rest } = detail;
  redactor.learn(rest);
  const host = redactor.text(device.name);
  return {
    ...redactor.value(rest),
    incident: { ...incident, deviceName: host },
    device: { ...device, name: host },
    // what approvers signed is shown as it is; only what the machine reported can name people
    attempts: attempts.map(attempt => ({ ...attempt, steps: redactor.value(attempt.steps) })),
    evidence: detail.evidence.map(({ reading, name, ...about }) => ({
      ...about,
      name: redactor.text(name),
      ...(reading !== undefined && { reading: redactor.value(reading) }),
    })),
  };
}

/** A page of the list without names of machines: each is called by its code. */
export function hideNamesInList(list: IncidentList): IncidentList {
  const unnamed = (row: IncidentRow) => ({ ...row, deviceName: `Machine ${row.code}` });
  return { ...list, incidents: list.incidents.map(unnamed) };
}
