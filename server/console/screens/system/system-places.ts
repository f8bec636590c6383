/** The parts of the place System, in order, with the word each shows. */
export const systemParts = {
  health: 'Health',
  jobs: 'Jobs',
  storage: 'Storage',
  agent: 'Agent',
  keys: 'Recovery keys',
  people: 'People',
  tokens: 'Tokens',
  programs: 'Programs',
  api: 'API',
  audit: 'Audit log',
} as const;
export type SystemPart = keyof typeof systemParts;

export const isSystemPart = (text: string): text is SystemPart => Object.hasOwn(systemParts, text);
