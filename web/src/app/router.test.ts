import { expect, test } from "vitest";

import { paths, routeOf } from "./router";

const ID = "0b5a7c1e-2f64-4d0c-9a1f-3b1c2d4e5f60";

test.each([
  ["/", { name: "myEvents" }],
  ["/start", { name: "start" }],
  [paths.session(ID), { name: "session", sessionId: ID }],
  [paths.stage(ID, "ticketSetup"), { name: "stage", sessionId: ID, stage: "ticketSetup" }],
  [
    paths.history(ID).toUpperCase().replace("HISTORY", "history").replace("/S/", "/s/"),
    { name: "history", sessionId: ID },
  ],
  [`/s/${ID}/nothing`, { name: "notFound" }],
  ["/s/1/eventSetup", { name: "notFound" }],
])("%s", (pathname, route) => {
  expect(routeOf(pathname)).toEqual(route);
});
