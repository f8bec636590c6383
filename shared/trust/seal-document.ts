import type * as z from 'zod/mini';
import { utf8Of } from '../bytes/utf8.ts';
import { canonicalJson } from './canonical-json.ts';
import type {
  agentReleaseDocument,
  approvalDocument,
  catalogueDocument,
  offlineBundleDocument,
  orderDocument,
  payloadTypes,
  recallDocument,
  trustDocument,
  undoOrderDocument,
} from './documents.ts';
import { type Envelope, sealEnvelope, type Sign } from './envelope.ts';

interface DocumentOfType {
  readonly [payloadTypes.trust]: z.infer<typeof trustDocument>;
  readonly [payloadTypes.approval]: z.infer<typeof approvalDocument>;
  readonly [payloadTypes.order]: z.infer<typeof orderDocument>;
  readonly [payloadTypes.recall]: z.infer<typeof recallDocument>;
  readonly [payloadTypes.offlineBundle]: z.infer<typeof offlineBundleDocument>;
  readonly [payloadTypes.catalogue]: z.infer<typeof catalogueDocument>;
  readonly [payloadTypes.undoOrder]: z.infer<typeof undoOrderDocument>;
  readonly [payloadTypes.agentRelease]: z.infer<typeof agentReleaseDocument>;
}

/** Seals a document in its canonical form with a first signature. */
export function sealDocument<Type extends keyof DocumentOfType>(
  payloadType: Type,
  document: DocumentOfType[Type],
  keyId: string,
  sign: Sign,
): Envelope {
  return sealEnvelope(payloadType, utf8Of(canonicalJson(document)), keyId, sign);
}
