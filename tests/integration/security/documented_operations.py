"""All calls that the API's description documents, so that tests cover new routes automatically."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final
from uuid import uuid4

import httpx

from api.app import describe_app
from api.routes.copilot import AGENT
from domain.json_values import JsonObject
from domain.stages import STAGE_OF, Section
from tests.support.pictures import encoded, quarters

PNG: Final = "image/png"

_THREAD: Final = "threadId"
_METHODS: Final = ("get", "put", "post", "patch", "delete")
_SESSION_FIELDS: Final = ("session_id", "sessionId")
_DOCUMENT: Final[JsonObject] = describe_app().openapi()


@dataclass(frozen=True)
class Target:
    """The session and the event of a call."""

    session_id: str
    event_id: str
    slug: str = "none"


@dataclass(frozen=True)
class Operation:
    """A call of a route, with one of its bodies bodies, query flags and preferences."""

    method: str
    path: str
    secured: bool
    creates: bool
    body: JsonObject | None = None
    query: JsonObject = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    """A body that is not JSON; ``headers`` has its type."""
    section: str = Section.ORGANIZER

    @property
    def name(self) -> str:
        details = {**self.query, **self.headers}
        if self.body and "op" in self.body:
            details["op"] = self.body["op"]
        elif self.body:
            details["with"] = "+".join(self.body)
        return " ".join([self.method, self.path, *(f"{key}={details[key]}" for key in details)])

    @property
    def addressed(self) -> bool:
        """Whether it names a session or an event."""
        return "{session_id}" in self.path or "{event_id}" in self.path or self._names_in_body

    @property
    def _names_in_body(self) -> bool:
        body = self.body or {}
        return addressed_to("", body) != addressed_to("-", body)

    async def call(self, http: httpx.AsyncClient, target: Target) -> httpx.Response:
        """Of a stream, which does not end, only status and headers are read."""
        stage = STAGE_OF[Section(self.section)]
        path = self.path.format(
            session_id=target.session_id,
            event_id=target.event_id,
            stage=stage,
            slug=target.slug,
            order_id=target.event_id,
            name=AGENT if "/agent/" in self.path else "none",
            thread_id=target.event_id,
        )
        body = self.body and with_new_thread(addressed_to(target.session_id, self.body))
        async with http.stream(
            self.method,
            path,
            json=body,
            content=self.content,
            params=self.query,
            headers=self.headers,
        ) as response:
            if not response.headers.get("Content-Type", "").startswith("text/event-stream"):
                await response.aread()
        return response


def addressed_to(session_id: str, body: JsonObject) -> JsonObject:
    """The body with another session."""
    return {
        name: session_id
        if name in _SESSION_FIELDS
        else addressed_to(session_id, value)
        if isinstance(value, dict)
        else value
        for name, value in body.items()
    }


def with_new_thread(body: JsonObject) -> JsonObject:
    """A conversation with the assistant belongs to one person."""
    return {**body, _THREAD: str(uuid4())} if _THREAD in body else body


def members_of(operation: Operation) -> set[str]:
    """The members that the description has for the body, also those without an example."""
    body = _DOCUMENT["paths"][operation.path][operation.method.lower()]["requestBody"]
    return _members(body["content"]["application/json"]["schema"])


def operations() -> list[Operation]:
    return [
        operation
        for path, documented_operation in _DOCUMENT["paths"].items()
        for method in _METHODS
        if method in documented_operation
        for operation in _calls_of(method.upper(), path, documented_operation[method])
    ]


def _calls_of(method: str, path: str, documented_operation: JsonObject) -> Iterator[Operation]:
    bodies = _bodies(documented_operation.get("requestBody", {}))
    takes_picture = PNG in documented_operation.get("requestBody", {}).get("content", {})
    for (section, body), (query, headers) in product(bodies, _variants(documented_operation)):
        yield Operation(
            method,
            path,
            secured=bool(documented_operation.get("security", _DOCUMENT["security"])),
            creates="201" in documented_operation["responses"]
            or (body or {}).get("op") == "create",
            body=body,
            query=query,
            headers={**headers, "Content-Type": PNG} if takes_picture else headers,
            content=encoded(quarters(8, 8), "PNG") if takes_picture else None,
            section=section,
        )


def _bodies(request_body: JsonObject) -> Iterator[tuple[str, JsonObject | None]]:
    """Each documented body, with the section after which its example is named."""
    content = request_body.get("content", {}).get("application/json")
    if content is None:
        yield Section.ORGANIZER, None
        return
    for name, example in content.get("examples", {}).items():
        stage = name.partition("_")[0]
        section = stage if stage in set(Section) else Section.ORGANIZER
        yield section, example["value"]
    if "examples" not in content:
        yield Section.ORGANIZER, _example_of(content["schema"])
    yield from ((Section.ORGANIZER, body) for body in _undocumented_operations(content))


def _undocumented_operations(content: JsonObject) -> Iterator[JsonObject]:
    """The route of the earlier front ends documents examples for only some of its operations."""
    documented = {example["value"].get("op") for example in content.get("examples", {}).values()}
    for op in content["schema"].get("properties", {}).get("op", {}).get("enum", []):
        if op not in documented:
            data = {"fromStage": "organizer", "toStage": "event"} if op == "transition" else {}
            yield {"op": op, "sessionId": "", "data": data}


def _variants(documented_operation: JsonObject) -> list[tuple[JsonObject, dict[str, str]]]:
    """The plain call, and one for each query flag and preference."""
    variants: list[tuple[JsonObject, dict[str, str]]] = [({}, {})]
    for parameter in documented_operation.get("parameters", []):
        if parameter["in"] == "query" and parameter["schema"].get("type") == "boolean":
            variants.append(({parameter["name"]: "true"}, {}))
        if parameter["name"].lower() == "prefer" and "202" in documented_operation["responses"]:
            variants.append(({}, {"Prefer": "respond-async"}))
    return variants


def _members(schema: JsonObject) -> set[str]:
    choices = [*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])]
    if "$ref" in schema:
        choices.append(_DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    return set(schema.get("properties", {})).union(*map(_members, choices))


def _example_of(schema: JsonObject) -> Any:
    """A value that the schema allows, with required members and those that name a session."""
    if "$ref" in schema:
        return _example_of(_DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in schema:
        return _example_of(
            next(choice for choice in schema["anyOf"] if choice.get("type") != "null")
        )
    if examples := schema.get("examples") or schema.get("enum"):
        return examples[0]
    if schema.get("type") == "object":
        included = {*schema.get("required", []), *_SESSION_FIELDS}
        members = schema.get("properties", {}).items()
        return {name: _example_of(member) for name, member in members if name in included}
    if schema.get("type") == "integer":
        return schema.get("minimum", 0)
    return ""
