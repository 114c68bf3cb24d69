"""The steps of the authorization code flow, as a front end with Authlib takes them."""

from dataclasses import dataclass
from typing import Any

import httpx
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from dev.identity.clients import WEB_CLIENT_ID
from tests.unit.dev.identity.identity_browser import Browser, answer_of

VERIFIER = "a-verifier-of-at-least-43-characters-0123456789"
NONCE = "nonce-of-the-browser"


@dataclass
class Flow:
    """One sign-in of a person. ``tokens`` is empty until the code is exchanged."""

    browser: Browser
    front_end: AsyncOAuth2Client
    discovery: dict[str, Any]

    @classmethod
    async def begin(cls, browser: Browser, front_end: AsyncOAuth2Client) -> "Flow":
        found = await browser.http.get("/.well-known/openid-configuration")
        return cls(browser, front_end, found.json())

    def request(self, **parameters: str) -> str:
        """The address of the authorization request."""
        url, _ = self.front_end.create_authorization_url(
            self.discovery["authorization_endpoint"],
            code_verifier=VERIFIER,
            **{"state": "state-1", "nonce": NONCE, **parameters},
        )
        return str(url)

    async def sign_in(
        self, label: str = "Ada Lindqvist Studio Halm", **parameters: str
    ) -> httpx.Response:
        """Opens the page and presses the button of a person. Returns the redirect."""
        shown = await self.browser.open(self.request(**parameters))
        return await self.browser.press(shown, label)

    async def exchange(self, redirect: httpx.Response, **changed: str) -> dict[str, Any]:
        tokens: dict[str, Any] = await self.front_end.fetch_token(
            self.discovery["token_endpoint"],
            authorization_response=redirect.headers["location"],
            **{"state": "state-1", "code_verifier": VERIFIER, **changed},
        )
        return tokens

    async def tokens(self, label: str = "Ada Lindqvist Studio Halm", **parameters: str) -> Any:
        return await self.exchange(await self.sign_in(label, **parameters))

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        tokens: dict[str, Any] = await self.front_end.refresh_token(
            self.discovery["token_endpoint"], refresh_token=refresh_token
        )
        return tokens

    async def silently(self, **parameters: str) -> dict[str, str]:
        """The answer to a request without a page."""
        return answer_of(await self.browser.open(self.request(prompt="none", **parameters)))

    async def id_claims(self, tokens: dict[str, Any], **expected: Any) -> CodeIDToken:
        """The claims of the ID token, after Authlib has verified it."""
        keys = KeySet.import_key_set((await self.browser.http.get("/.well-known/jwks.json")).json())
        token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self.discovery["issuer"]},
                "aud": {"essential": True, "value": WEB_CLIENT_ID},
            },
            params={
                "client_id": WEB_CLIENT_ID,
                "access_token": tokens["access_token"],
                **expected,
            },
        )
        claims.validate()
        return claims
