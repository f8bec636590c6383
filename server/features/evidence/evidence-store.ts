import type { FactDisagreement } from '../../../shared/api/incident.ts';
import type { EvidenceKind } from '../../../shared/wire/evidence.ts';
import type { Sql } from '../../db/sql.ts';
import { storableJson } from '../../db/storable.ts';
import type { DeviceKeyName } from '../../http/request-signature.ts';
import type { EvidenceReading } from './evidence-reading.ts';

export type EvidenceState =
  'offered' | 'wanted' | 'receiving' | 'stored' | 'parsed' | 'unreadable' | 'expired';

/** A piece of evidence as far as it has come. */
export interface Piece {
  readonly organizationId: string;
  readonly incidentId: string;
  readonly evidenceId: string;
  readonly kind: EvidenceKind;
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  readonly state: EvidenceState;
  readonly receivedBytes: number;
  readonly blob: string | null;
}

type PieceName = Pick<Piece, 'organizationId' | 'incidentId' | 'evidenceId'>;

const pieceColumns = `v.organization_id as "organizationId", v.incident_id as "incidentId",
  v.evidence_id as "evidenceId", v.kind, v.name, v.size_bytes as "sizeBytes", v.sha256, v.state,
  v.received_bytes as "receivedBytes", v.blob`;

/** Pieces of evidence, from offer to reading. */
export class EvidenceStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Finds a device's own piece and holds it, so that its parts are counted one by one. */
  async lockPiece(device: DeviceKeyName, episode: string, evidenceId: string): Promise<Piece | undefined> {
    const [piece] = await this.#sql.query<Piece>(
      `select ${pieceColumns}
       from episode e join evidence v using (organization_id, incident_id)
       where e.organization_id = $1 and e.device_id = $2 and e.episode = $3 and v.evidence_id = $4
       for update of v`,
      [device.organizationId, device.deviceId, episode, evidenceId],
    );
    return piece;
  }

  async findPiece({ organizationId, incidentId, evidenceId }: PieceName): Promise<Piece | undefined> {
    const [piece] = await this.#sql.query<Piece>(
      `select ${pieceColumns} from evidence v
       where v.organization_id = $1 and v.incident_id = $2 and v.evidence_id = $3`,
      [organizationId, incidentId, evidenceId],
    );
    return piece;
  }

  /** How many bytes of a device's pieces that changed since then are here. */
  async countBytesSince({ organizationId, deviceId }: DeviceKeyName, since: Date): Promise<number> {
    const [sum] = await this.#sql.query<{ bytes: string }>(
      `select coalesce(sum(v.received_bytes), 0) as bytes
       from incident i join evidence v using (organization_id, incident_id)
       where i.organization_id = $1 and i.device_id = $2 and v.changed_at > $3
         and v.blob is not null`,
      [organizationId, deviceId, since],
    );
    return Number(sum?.bytes ?? 0);
  }

  async countReceived(piece: PieceName, receivedBytes: number, blob: string, now: Date): Promise<void> {
    await this.#sql.query(
      `update evidence set state = 'receiving', received_bytes = $4, blob = $5, changed_at = $6
       where organization_id = $1 and incident_id = $2 and evidence_id = $3 and state in ('wanted', 'receiving')`,
      [piece.organizationId, piece.incidentId, piece.evidenceId, receivedBytes, blob, now],
    );
  }

  /** Counts a whole piece as stored and queues its reading; false when somebody else did so first. */
  async finish(piece: PieceName, workId: string, now: Date): Promise<boolean> {
    const queued = await this.#sql.query(
      `with stored as (
         update evidence set state = 'stored', changed_at = $5
         where organization_id = $1 and incident_id = $2 and evidence_id = $3 and state = 'receiving'
           and received_bytes = size_bytes
         returning organization_id
       )
       insert into work_item (organization_id, work_id, kind, payload, run_after)
       select organization_id, $4, 'read-evidence', jsonb_build_object('incidentId', $2::text, 'evidenceId', $3::text),
         $5
       from stored returning work_id`,
      [piece.organizationId, piece.incidentId, piece.evidenceId, workId, now],
    );
    return queued.length === 1;
  }

  /** Keeps what was read in a piece, with what the device told otherwise, and shows that its incident changed. */
  async saveReading(
    piece: PieceName,
    { state, reading }: EvidenceReading,
    now: Date,
    disagreements: readonly FactDisagreement[] = [],
  ): Promise<void> {
    const kept = disagreements.length === 0 ? reading : { ...reading, disagreements };
    await this.#sql.query(
      `with seen as (
         update incident set changed_at = $6 where organization_id = $1 and incident_id = $2
       )
       update evidence set state = $4, reading = $5::jsonb, changed_at = $6
       where organization_id = $1 and incident_id = $2 and evidence_id = $3 and state in ('receiving', 'stored')`,
      [piece.organizationId, piece.incidentId, piece.evidenceId, state, storableJson(kept), now],
    );
  }

  /** Facts that the device itself reported, to compare a reading with. */
  async readFacts(piece: PieceName): Promise<Record<string, unknown>> {
    const [incident] = await this.#sql.query<{ facts: Record<string, unknown> }>(
      `select facts from incident where organization_id = $1 and incident_id = $2`,
      [piece.organizationId, piece.incidentId],
    );
    return incident?.facts ?? {};
  }

  /** Name of the machine that sent a piece. */
  async getDeviceName(piece: PieceName): Promise<string> {
    const [device] = await this.#sql.query<{ name: string }>(
      `select d.name from incident i join device d using (organization_id, device_id)
       where i.organization_id = $1 and i.incident_id = $2`,
      [piece.organizationId, piece.incidentId],
    );
    if (!device) throw new Error(`incident ${piece.incidentId} has no device`);
    return device.name;
  }

  /** Pieces that have been kept long enough, held until the transaction ends. */
  async lockExpired(before: Date, most: number): Promise<Piece[]> {
    return await this.#sql.query<Piece>(
      `select ${pieceColumns} from evidence v
       where v.changed_at < $1 and v.blob is not null
         and v.state in ('receiving', 'stored', 'parsed', 'unreadable')
       limit $2 for update skip locked`,
      [before, most],
    );
  }

  async expire(piece: PieceName, now: Date): Promise<void> {
    await this.#sql.query(
      `update evidence set state = 'expired', blob = null, changed_at = $4
       where organization_id = $1 and incident_id = $2 and evidence_id = $3`,
      [piece.organizationId, piece.incidentId, piece.evidenceId, now],
    );
  }
}
