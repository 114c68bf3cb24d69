import { useRef, useState } from "react";

import type { StoredPicture } from "../api/generated";
import { UploadError, type UploadFailure, uploadPicture } from "../api/uploadPicture";
import { useIdentity } from "../identity/IdentityContext";

/** Uploads pictures, one after the other, and says how it goes. */
export function usePictureUpload(onStored: (picture: StoredPicture) => void) {
  const identity = useIdentity();
  const [isUploading, setUploading] = useState(false);
  const [failure, setFailure] = useState<UploadFailure | null>(null);
  // The person goes on typing meanwhile: the picture is added to what there is at its arrival.
  const latest = useRef(onStored);
  latest.current = onStored;

  async function upload(files: readonly Blob[]) {
    if (files.length === 0 || isUploading) return;
    setUploading(true);
    setFailure(null);
    try {
      for (const file of files) {
        const picture = await uploadPicture(file, identity);
        latest.current(picture);
      }
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      setFailure(error.reason);
    } finally {
      setUploading(false);
    }
  }

  return { isUploading, failure, upload };
}
