import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

import { assistant } from "../texts/en/assistant";
import { first } from "../texts/en/first";
import { session } from "../texts/en/session";

import "fake-indexeddb/auto";

// Tests render parts of pages without what surrounds them in the application.
Object.assign(first, session, { assistant });

afterEach(cleanup);
