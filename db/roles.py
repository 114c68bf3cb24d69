"""The database role that each process needs, and what is wrong with any other.

Grants and row-level security limit only the roles that the migrations create. Another role may
bypass them without an error: so a process checks its role before it uses the database.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

PROJECTOR: Final = "wizard_projector"
"""Writes the live projection; the API takes it on for a transaction."""

INBOX: Final = "wizard_inbox"
"""Stores webhooks of Stripe; the API takes it on for a transaction."""


@dataclass(frozen=True)
class RequiredRole:
    """The role that a process logs in as, or inherits.

    ``setting`` has the address of the database. ``takes_on`` are the roles that it sets for a
    transaction.
    """

    process: str
    setting: str
    name: str
    takes_on: frozenset[str] = frozenset()


API: Final = RequiredRole(
    "API", "DATABASE_API_URL", "wizard_api", takes_on=frozenset({PROJECTOR, INBOX})
)
LISTENER: Final = replace(API, setting="DATABASE_LISTEN_URL")
WORKER: Final = RequiredRole("worker", "DATABASE_URL", "wizard_worker")
REBUILD: Final = replace(WORKER, process="rebuild")


@dataclass(frozen=True)
class HeldRole:
    """The role of a login, or one that the login is a member of."""

    name: str

    is_login: bool

    is_inherited: bool
    """False if its rights have to be taken on with SET ROLE."""

    attributes: Sequence[str]
    """Those that bypass grants or policies, such as SUPERUSER."""

    owns_tables: bool

    has_rights: bool
    """In this database; those that everyone has do not count."""


Rule: TypeAlias = Callable[[RequiredRole, HeldRole], str | None]


def fault_of(required: RequiredRole, held: Collection[HeldRole], *, is_created: bool) -> str | None:
    """What is wrong with a login, in one line; None if the process may use it.

    Args:
        is_created: whether the required role exists; until then, no login can inherit it.
    """
    login = next(role.name for role in held if role.is_login)
    problem = _excess(required, held)
    if problem is None and is_created:
        problem = _lack(required, held)
    return problem and (
        f"The {required.process} cannot use the role {login} of {required.setting}: it {problem}. "
        f"It needs the role {required.name}, with no more rights than the migrations grant."
    )


def _excess(required: RequiredRole, held: Collection[HeldRole]) -> str | None:
    """The worst comes first, and the login's own before what it has as a member."""
    rules: tuple[Rule, ...] = (_attributes, _ownership, _other_process, _other_rights)
    login_first = sorted(held, key=lambda role: (not role.is_login, role.name))
    for rule in rules:
        for role in login_first:
            problem = rule(required, role)
            if problem is not None:
                return problem if role.is_login else f"is a member of {role.name}, which {problem}"
    return None


def _lack(required: RequiredRole, held: Collection[HeldRole]) -> str | None:
    if any(role.name == required.name and role.is_inherited for role in held):
        return None
    return f"does not have the rights of {required.name}"


def _attributes(_: RequiredRole, role: HeldRole) -> str | None:
    if not role.attributes:
        return None
    return "is a superuser" if "SUPERUSER" in role.attributes else f"has {role.attributes[0]}"


def _ownership(_: RequiredRole, role: HeldRole) -> str | None:
    return "owns the tables" if role.owns_tables else None


def _other_process(required: RequiredRole, role: HeldRole) -> str | None:
    for other in (API, WORKER):
        if role.name == other.name != required.name:
            return f"is the role of the {other.process}"
    return None


def _other_rights(required: RequiredRole, role: HeldRole) -> str | None:
    if role.is_login or role.name in {required.name, *required.takes_on}:
        return None
    return "has other rights in this database" if role.has_rights else None
