import { useQuery } from '@tanstack/react-query';
import { apiDocumentEndpoints } from '../../../shared/api/api-document.ts';
import { call } from './call.ts';

/** What the API is; it changes only with the server. */
export const useApiDocument = () =>
  useQuery({
    queryKey: ['api-document'],
    queryFn: ({ signal }) => call(apiDocumentEndpoints.read, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
