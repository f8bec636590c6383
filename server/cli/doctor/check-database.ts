import { type DatabaseHealth, readDatabaseHealth } from '../../db/database-health.ts';
import { type DoctorFinding, broken, good, warning } from './finding.ts';

const mostClockMs = 5000;

/** Whether the database answers, has the tables of this release, and has our time. */
export async function checkDatabase(url: string): Promise<{ findings: DoctorFinding[]; isCurrent: boolean }> {
  let health: DatabaseHealth;
  try {
    health = await readDatabaseHealth(url);
  } catch (error) {
    const found = `It does not answer: ${error instanceof Error ? error.message : 'unknown'}.`;
    const advice = 'Start it, or look at DATABASE_URL.';
    return { findings: [broken('database', found, advice)], isCurrent: false };
  }
  const { version, missing, unknown, clockAheadMs } = health;
  const findings = [good('database', `PostgreSQL ${version} answers.`)];
  if (unknown.length > 0)
    findings.push(
      broken(
        'migrations',
        `The database had ${unknown.join(', ')}, which this release does not know.`,
        'Run the newer release that made them; tables never go back.',
      ),
    );
  else if (missing.length > 0)
    findings.push(
      warning(
        'migrations',
        `${missing.length} are to be applied, from ${missing[0]}.`,
        'npm start applies them.',
      ),
    );
  else findings.push(good('migrations', 'Every migration of this release is applied.'));
  if (Math.abs(clockAheadMs) > mostClockMs)
    findings.push(
      warning(
        'clock of the database',
        `It is ${Math.round(clockAheadMs / 1000)} s ahead of this machine.`,
        'Let both follow a time server.',
      ),
    );
  return { findings, isCurrent: missing.length === 0 && unknown.length === 0 };
}
