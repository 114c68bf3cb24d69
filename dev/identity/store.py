"""Sign-ins, codes and refresh tokens, in a SQLite file, so that they outlast a restart.

Secrets that browsers hold are stored as hashes. Times are seconds since the epoch.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Final

from dev.identity.people import PEOPLE, Person

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS people (
    sub text PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE COLLATE NOCASE
);
CREATE TABLE IF NOT EXISTS sign_ins (
    id text PRIMARY KEY, cookie text NOT NULL UNIQUE, sub text NOT NULL,
    organization text, at integer NOT NULL, expires_at integer NOT NULL
);
CREATE TABLE IF NOT EXISTS invitations (
    hash text PRIMARY KEY, sub text NOT NULL, organization text, expires_at integer NOT NULL
);
CREATE TABLE IF NOT EXISTS grants (
    id text PRIMARY KEY,
    sign_in text NOT NULL REFERENCES sign_ins ON DELETE CASCADE,
    client_id text NOT NULL, sub text NOT NULL, organization text,
    scope text NOT NULL, signed_in_at integer NOT NULL
);
CREATE TABLE IF NOT EXISTS codes (
    hash text PRIMARY KEY, grant_id text NOT NULL REFERENCES grants ON DELETE CASCADE,
    redirect_uri text NOT NULL, challenge text NOT NULL, nonce text,
    expires_at integer NOT NULL, is_used integer NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS refresh_tokens (
    hash text PRIMARY KEY, grant_id text NOT NULL REFERENCES grants ON DELETE CASCADE,
    expires_at integer NOT NULL, is_used integer NOT NULL DEFAULT 0
);
"""

_ISSUED: Final = """
SELECT grants.*, is_used, min(issued.expires_at, sign_ins.expires_at) AS expires_at
FROM {table} issued
JOIN grants ON grants.id = grant_id
JOIN sign_ins ON sign_ins.id = sign_in
WHERE hash = ?
"""


@dataclass(frozen=True)
class SignIn:
    """A person's session at the issuer, in one browser."""

    id: str
    sub: str
    organization: str | None
    """The one chosen last."""

    at: int


@dataclass(frozen=True)
class Invited:
    """Whom an invitation signs in."""

    sub: str
    organization: str | None


@dataclass(frozen=True)
class Grant:
    """An authorization: what a code and all refresh tokens that follow it have in common."""

    id: str
    sign_in: str
    client_id: str
    sub: str
    organization: str | None
    scope: str
    signed_in_at: int

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(self.scope.split())


@dataclass(frozen=True)
class CodeBinding:
    """The request that a code answers."""

    redirect_uri: str
    challenge: str
    nonce: str | None


@dataclass(frozen=True)
class Issued:
    """A code or refresh token, as it was before this use."""

    grant: Grant
    was_used: bool
    expires_at: int
    """With the session, at the latest."""


class IdentityStore:
    """A single process and a single thread use the file, so that no two methods interleave."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        file = directory / "identity.sqlite"
        file.touch(mode=0o600)
        self._db = sqlite3.connect(file)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def newcomers(self) -> tuple[Person, ...]:
        """The people who have introduced themselves, the latest first."""
        rows = self._rows("SELECT sub, name, email FROM people ORDER BY rowid DESC")
        return tuple(Person(row["sub"], row["name"], row["email"]) for row in rows)

    def person(self, sub: str) -> Person | None:
        people = (*PEOPLE, *self.newcomers())
        return next((person for person in people if person.sub == sub), None)

    def hinted(self, hint: str | None) -> Person | None:
        """The person with this subject or email address."""
        people = (*PEOPLE, *self.newcomers())
        return next((person for person in people if hint in {person.sub, person.email}), None)

    def introduce(self, name: str, email: str) -> Person:
        """The person with this email address; a new one if there is none."""
        people = (*PEOPLE, *self.newcomers())
        known = (person for person in people if person.email.lower() == email.lower())
        person = next(known, None)
        if person is None:
            person = Person(f"person-{token_hex(6)}", name, email)
            self._write("INSERT INTO people VALUES (?, ?, ?)", person.sub, name, email)
        return person

    def sign_in(
        self, current: SignIn | None, sub: str, organization: str | None, *, now: int, ttl: int
    ) -> tuple[SignIn, str]:
        """Begins a session, or continues the person's current one with its grants. Returns it with
        a new secret for the browser's cookie."""
        cookie = token_urlsafe(32)
        sign_in = SignIn(current.id if current else token_urlsafe(16), sub, organization, now)
        self._write("DELETE FROM sign_ins WHERE expires_at <= ?", now)
        self._write(
            "INSERT INTO sign_ins VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "cookie = excluded.cookie, organization = excluded.organization, at = excluded.at, "
            "expires_at = excluded.expires_at",
            *(sign_in.id, _hash(cookie), sub, organization, now, now + ttl),
        )
        return sign_in, cookie

    def signed_in(self, cookie: str | None, *, now: int) -> SignIn | None:
        rows = self._rows(
            "SELECT id, sub, organization, at FROM sign_ins WHERE cookie = ? AND expires_at > ?",
            *(_hash(cookie or ""), now),
        )
        return SignIn(**rows[0]) if rows else None

    def choose(self, sign_in: str, organization: str | None) -> None:
        self._write("UPDATE sign_ins SET organization = ? WHERE id = ?", organization, sign_in)

    def sign_out(self, sign_in: str) -> None:
        """Also ends its grants, with their codes and refresh tokens."""
        self._write("DELETE FROM sign_ins WHERE id = ?", sign_in)

    def new_invitation(self, invited: Invited, *, now: int, ttl: int) -> str:
        invitation = token_urlsafe(16)
        self._write("DELETE FROM invitations WHERE expires_at <= ?", now)
        self._write(
            "INSERT INTO invitations VALUES (?, ?, ?, ?)",
            *(_hash(invitation), invited.sub, invited.organization, now + ttl),
        )
        return invitation

    def spend_invitation(self, invitation: str, *, now: int) -> Invited | None:
        rows = self._rows(
            "SELECT sub, organization FROM invitations WHERE hash = ? AND expires_at > ?",
            *(_hash(invitation), now),
        )
        self._write("DELETE FROM invitations WHERE hash = ?", _hash(invitation))
        return Invited(**rows[0]) if rows else None

    def grant(self, grant: Grant, binding: CodeBinding, *, expires_at: int) -> str:
        """Stores a new grant, and returns its code."""
        code = token_urlsafe(32)
        with self._db:
            self._db.execute(
                "INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(grant.id, grant.sign_in, grant.client_id, grant.sub),
                    *(grant.organization, grant.scope, grant.signed_in_at),
                ),
            )
            self._db.execute(
                "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, 0)",
                (
                    *(_hash(code), grant.id, binding.redirect_uri, binding.challenge),
                    *(binding.nonce, expires_at),
                ),
            )
        return code

    def revoke(self, grant: Grant) -> None:
        self._write("DELETE FROM grants WHERE id = ?", grant.id)

    def spend_code(self, code: str) -> tuple[Issued, CodeBinding] | None:
        """Marks the code as used, whatever the outcome of the request."""
        issued = self._issued("codes", code)
        if issued is None:
            return None
        rows = self._rows(
            "SELECT redirect_uri, challenge, nonce FROM codes WHERE hash = ?", _hash(code)
        )
        self._write("UPDATE codes SET is_used = 1 WHERE hash = ?", _hash(code))
        return issued, CodeBinding(**rows[0])

    def refresh_token(self, token: str) -> Issued | None:
        return self._issued("refresh_tokens", token)

    def spend_refresh_token(self, token: str) -> None:
        self._write("UPDATE refresh_tokens SET is_used = 1 WHERE hash = ?", _hash(token))

    def new_refresh_token(self, grant: Grant, *, expires_at: int) -> str:
        token = token_urlsafe(32)
        self._write(
            "INSERT INTO refresh_tokens VALUES (?, ?, ?, 0)", _hash(token), grant.id, expires_at
        )
        return token

    def _issued(self, table: str, secret: str) -> Issued | None:
        rows = self._rows(_ISSUED.format(table=table), _hash(secret))
        if not rows:
            return None
        values = dict(rows[0])
        was_used, expires_at = bool(values.pop("is_used")), values.pop("expires_at")
        return Issued(Grant(**values), was_used, expires_at)

    def _rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with closing(self._db.execute(statement, values)) as cursor:
            return cursor.fetchall()

    def _write(self, statement: str, *values: object) -> None:
        with self._db:
            self._db.execute(statement, values)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
