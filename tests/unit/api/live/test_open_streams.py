"""How many streams a person may have, and their end at shutdown."""

from contextlib import ExitStack

import pytest

from api.live.open_streams import MAX_PER_PERSON, OpenStreams
from domain.actors import Actor
from domain.errors import RateLimited, Unavailable

ADA = Actor(user_id="ada")


async def test_a_person_has_ten_streams_at_most() -> None:
    streams = OpenStreams()
    with ExitStack() as opened:
        for _ in range(10):
            opened.enter_context(streams.open(ADA))
        with pytest.raises(RateLimited) as refused, streams.open(ADA):
            pass
        assert refused.value.retry_after > 0
        for other in (Actor(user_id="bob"), Actor(user_id="ada", organization_id="acme")):
            opened.enter_context(streams.open(other))
        assert len(streams) == MAX_PER_PERSON + 2
    assert len(streams) == 0
    with streams.open(ADA):
        assert len(streams) == 1


async def test_a_stream_that_fails_is_not_counted_any_more() -> None:
    streams = OpenStreams()
    for _ in range(MAX_PER_PERSON + 1):
        with pytest.raises(ZeroDivisionError), streams.open(ADA):
            _ = 1 / 0
    assert len(streams) == 0


async def test_closing_stops_all_streams_and_refuses_new_ones() -> None:
    streams = OpenStreams()
    with streams.open(ADA) as first, streams.open(ADA) as second:
        streams.close()
        streams.close()
        assert first.done()
        assert second.done()
        with pytest.raises(Unavailable), streams.open(ADA):
            pass
