import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

import type { StoredPicture } from "../api/generated";
import { UploadError, uploadPicture } from "../api/uploadPicture";
import { IdentityContext } from "../identity/IdentityContext";
import type { Identity } from "../identity/types";
import { PictureDrop } from "./PictureDrop";

vi.mock("../api/uploadPicture", async (original) => ({
  ...(await original<typeof import("../api/uploadPicture")>()),
  uploadPicture: vi.fn(),
}));

const upload = vi.mocked(uploadPicture);
const identity = { accessToken: async () => "token" } as unknown as Identity;

function picture(name: string): File {
  return new File([name], `${name}.png`, { type: "image/png" });
}

function stored(url: string): StoredPicture {
  return { url, width: 10, height: 10, variants: [] };
}

function drop(onStored: (picture: StoredPicture) => void, most = 1) {
  return (
    <IdentityContext value={identity}>
      <PictureDrop label="Add a picture" disabled={false} onStored={onStored} most={most} />
    </IdentityContext>
  );
}

const place = () => screen.getByRole("button");
const settled = () => act(async () => undefined);

beforeEach(() => {
  upload.mockReset();
  upload.mockImplementation(async (file) => stored(`/media/${(file as File).name}`));
});

test("a picture that is dropped is uploaded", async () => {
  const onStored = vi.fn();
  render(drop(onStored));
  fireEvent.drop(place(), { dataTransfer: { files: [picture("a")] } });
  await settled();
  expect(onStored).toHaveBeenCalledWith(stored("/media/a.png"));
});

test("a picture that is pasted is uploaded; pasted text is not taken", async () => {
  const onStored = vi.fn();
  render(drop(onStored));
  fireEvent.paste(place(), { clipboardData: { files: [] } });
  fireEvent.paste(place(), { clipboardData: { files: [picture("b")] } });
  await settled();
  expect(onStored.mock.calls).toEqual([[stored("/media/b.png")]]);
});

test("several pictures are uploaded in order, as many as there is room for", async () => {
  const onStored = vi.fn();
  render(drop(onStored, 2));
  fireEvent.drop(place(), { dataTransfer: { files: ["a", "b", "c"].map(picture) } });
  await settled();
  expect(onStored.mock.calls).toEqual([[stored("/media/a.png")], [stored("/media/b.png")]]);
});

test("a picture goes to what the page has when it arrives, not when it was sent", async () => {
  let arrive: (picture: StoredPicture) => void = () => undefined;
  upload.mockImplementation(() => new Promise((resolve) => (arrive = resolve)));
  const [before, after] = [vi.fn(), vi.fn()];
  const { rerender } = render(drop(before));
  fireEvent.drop(place(), { dataTransfer: { files: [picture("a")] } });
  rerender(drop(after));
  expect(screen.getByRole("status").textContent).toBe("Uploading…");
  await act(async () => arrive(stored("/media/a.png")));
  expect(before).not.toHaveBeenCalled();
  expect(after).toHaveBeenCalledWith(stored("/media/a.png"));
  expect(screen.getByRole("status").textContent).toBe("");
});

test("a file that is no picture is refused in words, and another can be chosen", async () => {
  upload.mockRejectedValueOnce(new UploadError("notAPicture"));
  const onStored = vi.fn();
  render(drop(onStored));
  fireEvent.drop(place(), { dataTransfer: { files: [picture("a")] } });
  await settled();
  expect(screen.getByRole("alert").textContent).toContain("This picture cannot be shown");
  fireEvent.drop(place(), { dataTransfer: { files: [picture("b")] } });
  await settled();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(onStored).toHaveBeenCalledOnce();
});

test("a picture that is dropped beside the place does not replace the page", () => {
  render(drop(() => undefined));
  const event = new Event("drop", { bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
});
