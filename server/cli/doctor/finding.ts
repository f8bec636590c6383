/** What one check of the installation found. `advice` is there when something should be done. */
export interface DoctorFinding {
  readonly check: string;
  readonly state: 'good' | 'warning' | 'broken';
  readonly found: string;
  readonly advice?: string;
}

export const good = (check: string, found: string): DoctorFinding => ({ check, state: 'good', found });
export const warning = (check: string, found: string, advice: string): DoctorFinding => ({
  check,
  state: 'warning',
  found,
  advice,
});
export const broken = (check: string, found: string, advice: string): DoctorFinding => ({
  check,
  state: 'broken',
  found,
  advice,
});
