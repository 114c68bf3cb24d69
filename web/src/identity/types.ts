export interface Organization {
  id: string;
  name: string;
}

export interface Person {
  userId: string;
  name: string;
  email: string | null;
  /** The organization that the token speaks for; null if it speaks for the person alone. */
  organization: Organization | null;
  /** All that the person can switch to; empty if the issuer does not list them. */
  organizations: readonly Organization[];
}

/** `expired`: the issuer or the API ended the sign-in; unsent text is kept. */
export type SignedOut = "expired" | "left";

export type IdentityState =
  | { kind: "loading" }
  | { kind: "signedOut"; reason: "never" | SignedOut }
  | { kind: "signedIn"; person: Person };

/** What a link, or a switch, says about the sign-in to come. The issuer decides what it means. */
export interface SignInHint {
  person?: string | undefined;
  organization?: string | undefined;
  /** Of an issuer that invites people by links. */
  invitation?: string | undefined;
}

/** Who is signed in, by OpenID Connect: authorization code with PKCE, renewal by refresh token. */
export interface Identity {
  readonly state: IdentityState;
  subscribe(changed: () => void): () => void;
  /**
   * A token that is valid long enough for a request; null if nobody is signed in.
   *
   * @throws if the token has ended, and the issuer cannot be reached for the next one
   */
  accessToken(): Promise<string | null>;
  /** The last token at once, valid or not, for a page that ends; null if nobody is signed in. */
  currentToken(): string | null;
  /** Leaves for the issuer. Returns to `returnTo`, a path of the wizard, afterwards. */
  signIn(returnTo: string, hint?: SignInHint): Promise<void>;
  /** Takes the issuer's answer at `/signed-in`. Resolves with the path to go to. */
  completeSignIn(answer: URL): Promise<string>;
  /** Tells every tab. The caller has seen to unsent text. */
  signOut(): Promise<void>;
  /** The API refused a token. If it is still the one in use, the person has to sign in again. */
  expire(refused: string): void;
}
