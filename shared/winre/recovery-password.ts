/** A BitLocker recovery password: eight groups of six digits, each a multiple of 11 below 720896. */
export const isRecoveryPassword = (text: string): boolean =>
  /^\d{6}(-\d{6}){7}$/.test(text) &&
  text.split('-').every(group => Number(group) % 11 === 0 && Number(group) < 720_896);
