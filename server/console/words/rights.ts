import { type Role, roles } from '../../../shared/api/session.ts';

/** Whether a role may do what authors or operators do; the server decides, the page only says it before the click. */
export const hasRightsOf = (role: Role | undefined, needed: Role): boolean =>
  role !== undefined && roles.indexOf(role) >= roles.indexOf(needed);

/** What each role may do, to be read after "It" or "They". */
export const roleWords: Readonly<Record<Role, string>> = {
  viewer: 'may read everything but the audit log and the bytes of evidence',
  author: 'may also write scripts and rules, which nobody runs until they are signed and published',
  approver: 'may also hand in signatures that approver keys made',
  operator: 'may also act on machines, take evidence, and put rules in force',
  admin: 'may do everything',
};
