import { useState } from "react";

import type { StoredPicture } from "../api/generated";
import { UploadError, type UploadFailure, uploadPicture } from "../api/uploadPicture";
import { useIdentity } from "../identity/IdentityContext";

/** Uploads one picture at a time, and says how it goes. */
export function usePictureUpload(onStored: (picture: StoredPicture) => void) {
  const identity = useIdentity();
  const [isUploading, setUploading] = useState(false);
  const [failure, setFailure] = useState<UploadFailure | null>(null);

  async function upload(file: Blob | null | undefined) {
    if (!file || isUploading) return;
    setUploading(true);
    setFailure(null);
    try {
      onStored(await uploadPicture(file, () => identity.accessToken()));
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      setFailure(error.reason);
    } finally {
      setUploading(false);
    }
  }

  return { isUploading, failure, upload };
}
