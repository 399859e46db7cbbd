/** Whether there is no such record, or but its tombstone. */
export const isGone = <R extends { readonly deleted?: boolean | undefined }>(
  record: R | undefined,
): record is undefined | (R & { readonly deleted: true }) => record === undefined || record.deleted === true;
