import type { Identity } from "../identity/types";
import type { StoredPicture } from "./generated";

/** The longest side of what is sent, in pixels: the API keeps at most 1920. */
const LONGEST_SIDE = 2_560;
const MOST_BYTES = 10 * 1024 * 1024;
const QUALITY = 0.88;

/** What the API takes as it is. */
const TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif"];

/** Why a picture was not uploaded, for the person. */
export type UploadFailure = "tooLarge" | "notAPicture" | "quota" | "failed";

export class UploadError extends Error {
  override readonly name = "UploadError";

  constructor(readonly reason: UploadFailure) {
    super(reason);
  }
}

/**
 * Uploads a picture, made smaller in the browser first.
 *
 * @throws UploadError
 */
export async function uploadPicture(
  file: Blob,
  identity: Pick<Identity, "accessToken" | "expire">,
): Promise<StoredPicture> {
  const body = await shrunk(file);
  const headers = new Headers({
    "Content-Type": body.type,
    "Idempotency-Key": crypto.randomUUID(),
  });
  let token: string | null;
  let response: Response;
  try {
    token = await identity.accessToken();
    if (token !== null) headers.set("Authorization", `Bearer ${token}`);
    response = await fetch("/v1/media", { method: "POST", body, headers });
  } catch {
    throw new UploadError("failed");
  }
  if (response.status === 401 && token !== null) identity.expire(token);
  if (!response.ok) throw new UploadError(reasonOf(response.status));
  return (await response.json()) as StoredPicture;
}

function reasonOf(status: number): UploadFailure {
  if (status === 413) return "tooLarge";
  if (status === 415 || status === 422) return "notAPicture";
  return status === 409 ? "quota" : "failed";
}

/** A picture that is larger than needed is scaled down; what the browser cannot read is sent as it is. */
async function shrunk(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(
    () => null,
  );
  if (bitmap === null) return checked(file);
  const scale = LONGEST_SIDE / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1 && TYPES.includes(file.type) && file.size <= MOST_BYTES / 4) {
    bitmap.close();
    return file;
  }
  const width = Math.max(1, Math.round(bitmap.width * Math.min(scale, 1)));
  const height = Math.max(1, Math.round(bitmap.height * Math.min(scale, 1)));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  // PNG and WebP may have transparent parts, which JPEG has not.
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/webp";
  const smaller = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, type, QUALITY);
  });
  return checked(smaller ?? file);
}

function checked(file: Blob): Blob {
  if (!TYPES.includes(file.type)) throw new UploadError("notAPicture");
  if (file.size > MOST_BYTES) throw new UploadError("tooLarge");
  return file;
}
