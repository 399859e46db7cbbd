import type { ServiceName } from '../events/contract.ts';
import { ImportId } from '../ids/id.ts';

export const UPLOAD_NAME = 'upload.csv';

/** Where a caller uploads to. The worker takes the file from there before it reads it, so that nobody can change it under its hands. */
export const uploadKey = (service: ServiceName, id: ImportId): string =>
  `imports/${service}/${id}/${UPLOAD_NAME}`;

/** The import that was uploaded to this key; undefined for any other key. */
export const importOfUpload = (service: ServiceName, key: string): ImportId | undefined => {
  const id = ImportId.safeParse(key.split('/')[2]).data;
  return id !== undefined && key === uploadKey(service, id) ? id : undefined;
};
