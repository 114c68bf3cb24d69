"""The recording of session histories."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.replay.recording import Recording


@pytest.fixture(scope="session")
async def recording(
    temporal: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Recording]:
    """The recording; kept only if every requested kind was recorded."""
    recording = Recording(temporal.client)
    yield recording
    if len(recording.kinds) == request.session.testscollected:
        recording.keep(all_kinds=not request.config.option.keyword)
