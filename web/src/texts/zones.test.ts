import { expect, test } from "vitest";

import { momentOf, offsetAt, offsetName } from "./zones";

test.each([
  ["2027-02-04", "20:00", "Europe/Berlin", "2027-02-04T19:00:00.000Z", "once"],
  ["2027-07-04", "20:00", "America/New_York", "2027-07-05T00:00:00.000Z", "once"],
  ["2027-03-28", "02:30", "Europe/Berlin", "2027-03-28T01:30:00.000Z", "skipped"],
  ["2027-10-31", "02:30", "Europe/Berlin", "2027-10-31T00:30:00.000Z", "twice"],
  ["2027-04-04", "02:30", "Australia/Sydney", "2027-04-03T15:30:00.000Z", "twice"],
  ["2027-01-01", "00:00", "Asia/Kathmandu", "2026-12-31T18:15:00.000Z", "once"],
])("%s %s in %s", (date, time, zone, moment, kind) => {
  expect(momentOf(date, time, zone)).toEqual({ moment: new Date(moment), kind });
});

test("an incomplete time has no moment", () => {
  expect(momentOf("2027-02", "", "Europe/Berlin")).toBeNull();
});

test("text that is no zone has no moments", () => {
  expect(momentOf("2027-02-04", "20:00", "Mars/Olympus")).toBeNull();
});

test("offsets are named as people know them", () => {
  expect(offsetName(offsetAt("America/St_Johns", new Date("2027-01-01T00:00:00Z")))).toBe(
    "UTC−3:30",
  );
  expect(offsetName(0)).toBe("UTC+0");
});
