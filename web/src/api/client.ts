import type { Identity } from "../identity/types";
import type { Problem, SessionView } from "./generated";
import { client } from "./generated/client.gen";

/** A response of the API that is not a success (RFC 9457), or a failure to reach it. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  /** `status` is 0 if the API could not be reached. */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly problem: Partial<Problem>,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail ?? problem.title ?? code);
  }

  /** The request may have had no effect because of the network: a repeat with its key is safe. */
  get isUnreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

interface Result<Data> {
  data?: Data;
  error?: unknown;
  response?: Response;
}

/**
 * The data of a call of the generated client.
 *
 * @throws ApiProblem if the response is not a success, or if there is none
 */
export async function unwrap<Data>(call: Promise<Result<Data>>): Promise<NonNullable<Data>> {
  const { data, response } = await answered(call);
  if (data === undefined || data === null) throw new ApiProblem(response.status, "empty", {});
  return data;
}

/** The session that a change answers with. The full one: no request here asks for less. */
export async function viewOf(call: Promise<Result<unknown>>): Promise<SessionView> {
  return (await unwrap(call)) as SessionView;
}

/** The response of a call, for its headers or an empty body. Throws as `unwrap` does. */
export async function answered<Data>(
  call: Promise<Result<Data>>,
): Promise<{ data: Data | undefined; response: Response }> {
  const { data, error, response } = await call;
  if (response === undefined) throw new ApiProblem(0, "unreachable", {});
  if (!response.ok) throw problemOf(response, error);
  return { data, response };
}

function problemOf(response: Response, body: unknown): ApiProblem {
  const problem = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
  const seconds = Number(response.headers.get("Retry-After"));
  return new ApiProblem(
    response.status,
    problem.code ?? `http_${response.status}`,
    problem,
    Number.isFinite(seconds) && seconds > 0 ? seconds : null,
  );
}

const SCHEME = "Bearer ";

/** Requests carry the person's token. If the API refuses it, the person has to sign in again. */
export function configureClient(identity: Pick<Identity, "accessToken" | "expire">): void {
  client.setConfig({
    baseUrl: "",
    auth: async () => (await identity.accessToken()) ?? undefined,
  });
  client.interceptors.response.use((response, request) => {
    const sent = request.headers.get("Authorization");
    if (response.status === 401 && sent?.startsWith(SCHEME))
      identity.expire(sent.slice(SCHEME.length));
    return response;
  });
}
