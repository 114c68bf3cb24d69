import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { uploadPicture } from "./uploadPicture";

const PNG = new File(["png"], "a.png", { type: "image/png" });
const stored = { url: "/media/a.webp", width: 10, height: 10, variants: [] };

const identity = {
  accessToken: vi.fn<() => Promise<string | null>>(),
  expire: vi.fn<(refused: string) => void>(),
};
const fetch = vi.fn<typeof globalThis.fetch>();

beforeEach(() => {
  identity.accessToken.mockReset().mockResolvedValue("token");
  identity.expire.mockReset();
  fetch.mockReset().mockResolvedValue(Response.json(stored));
  vi.stubGlobal("fetch", fetch);
  // A picture that the browser cannot read is sent as it is.
  vi.stubGlobal("createImageBitmap", () => Promise.reject(new TypeError()));
});
afterEach(() => vi.unstubAllGlobals());

test("a picture is sent with the person's token", async () => {
  expect(await uploadPicture(PNG, identity)).toEqual(stored);

  const headers = new Headers(fetch.mock.calls[0]?.[1]?.headers);
  expect(headers.get("authorization")).toBe("Bearer token");
  expect(headers.get("content-type")).toBe("image/png");
});

test.each([
  [413, "tooLarge"],
  [415, "notAPicture"],
  [422, "notAPicture"],
  [409, "quota"],
  [503, "failed"],
])("a response of %i is said as %s", async (status, reason) => {
  fetch.mockResolvedValue(new Response(null, { status }));

  await expect(uploadPicture(PNG, identity)).rejects.toMatchObject({ reason });
  expect(identity.expire).not.toHaveBeenCalled();
});

test("a token that the API refuses ends the sign-in", async () => {
  fetch.mockResolvedValue(new Response(null, { status: 401 }));

  await expect(uploadPicture(PNG, identity)).rejects.toMatchObject({ reason: "failed" });
  expect(identity.expire).toHaveBeenCalledExactlyOnceWith("token");
});

test("without the issuer or the API it fails, and can be tried again", async () => {
  identity.accessToken.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await expect(uploadPicture(PNG, identity)).rejects.toMatchObject({ reason: "failed" });

  fetch.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await expect(uploadPicture(PNG, identity)).rejects.toMatchObject({ reason: "failed" });

  expect(await uploadPicture(PNG, identity)).toEqual(stored);
});
