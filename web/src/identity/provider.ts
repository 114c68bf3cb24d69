/** The requests of OpenID Connect, by `oauth4webapi`. */

import * as oauth from "oauth4webapi";

import { unwrap } from "../api/client";
import { type ClientConfig, getConfig } from "../api/generated";
import type { TokenAnswer } from "./tokens";
import type { SignInHint } from "./types";

interface Provider {
  config: ClientConfig & { client_id: string };
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  options: { [oauth.allowInsecureRequests]: boolean };
}

/** What is kept in this tab between leaving for the issuer and coming back. */
interface Leaving {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
}

const LEAVING = "signing in";

let known: Promise<Provider> | undefined;

function provider(): Promise<Provider> {
  known ??= discover().catch((failure: unknown) => {
    known = undefined;
    throw failure;
  });
  return known;
}

async function discover(): Promise<Provider> {
  const { client_id, ...config } = await unwrap(getConfig());
  if (client_id === null)
    throw new Error("No front end can sign in here: WEB_CLIENT_ID is not set.");
  const issuer = new URL(config.issuer);
  // Plain HTTP is for issuers on this machine.
  const options = { [oauth.allowInsecureRequests]: isLoopback(issuer) };
  const response = await oauth.discoveryRequest(issuer, options);
  const server = await oauth.processDiscoveryResponse(issuer, response);
  return { config: { ...config, client_id }, server, client: { client_id }, options };
}

function isLoopback({ hostname }: URL): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

function redirectUri({ config }: Provider): string {
  return new URL(config.redirect_path, location.origin).href;
}

/** The address of the issuer's page for signing in. */
export async function signInAddress(returnTo: string, hint: SignInHint): Promise<URL> {
  const found = await provider();
  const leaving: Leaving = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    returnTo,
  };
  sessionStorage.setItem(LEAVING, JSON.stringify(leaving));
  const address = new URL(found.server.authorization_endpoint ?? "");
  const { config } = found;
  const parameters = {
    client_id: config.client_id,
    response_type: "code",
    redirect_uri: redirectUri(found),
    scope: config.scope,
    state: leaving.state,
    nonce: leaving.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(leaving.verifier),
    code_challenge_method: "S256",
    audience: config.audience,
    login_hint: hint.person,
    organization: hint.organization,
    invitation: hint.invitation,
  };
  for (const [name, value] of Object.entries(parameters))
    if (value) address.searchParams.set(name, value);
  return address;
}

/**
 * Exchanges the code of the issuer's answer.
 *
 * @returns the tokens, and the path that the person came from
 * @throws if the answer is not the one to this tab's request, or the issuer refused
 */
export async function redeem(answer: URL): Promise<{ tokens: TokenAnswer; returnTo: string }> {
  const leaving = JSON.parse(sessionStorage.getItem(LEAVING) ?? "null") as Leaving | null;
  sessionStorage.removeItem(LEAVING);
  if (leaving === null) throw new Error("This sign-in did not begin in this tab.");
  const { server, client, options, ...found } = await provider();
  const parameters = oauth.validateAuthResponse(server, client, answer, leaving.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri({ server, client, options, ...found }),
    leaving.verifier,
    options,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: leaving.nonce,
  });
  return { tokens, returnTo: leaving.returnTo };
}

/**
 * New tokens for a refresh token.
 *
 * @returns null if the issuer no longer accepts it
 */
export async function renew(refreshToken: string): Promise<TokenAnswer | null> {
  const { server, client, options } = await provider();
  const response = await oauth.refreshTokenGrantRequest(
    server,
    client,
    oauth.None(),
    refreshToken,
    options,
  );
  if (response.status === 400 || response.status === 401) return null;
  return await oauth.processRefreshTokenResponse(server, client, response);
}

/** The issuer's page for signing out; null if it has none. */
export async function signOutAddress(idToken: string | null): Promise<URL | null> {
  const { server, config } = await provider();
  if (server.end_session_endpoint === undefined) return null;
  const address = new URL(server.end_session_endpoint);
  address.searchParams.set("client_id", config.client_id);
  address.searchParams.set("post_logout_redirect_uri", `${location.origin}/`);
  if (idToken !== null) address.searchParams.set("id_token_hint", idToken);
  return address;
}
