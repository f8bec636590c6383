import { type Role, roles } from '../../../shared/api/session.ts';

/** Whether a role may do what authors or operators do; the server decides, the page only says it before the click. */
export const hasRightsOf = (role: Role | undefined, needed: 'author' | 'operator' | 'admin'): boolean =>
  role !== undefined && roles.indexOf(role) >= roles.indexOf(needed);
