"""Converts uploads, each in a process of its own (``pictures.convert``)."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from domain.errors import InvalidImage, Unavailable
from domain.json_values import JsonObject
from pictures.variants import MAX_PIXELS, MAX_SIDE, ConvertedPicture, Reason, Size, Variant

PROCESSES_AT_ONCE: Final = 2
"""For each API process. Others wait for their turn."""

WAIT_SECONDS: Final = 60.0
"""The longest wait for a turn."""

RUN_SECONDS: Final = 60.0
"""The longest run. An upload that is too complex reaches the limit of processor time first, unless
the machine is overloaded."""

MAX_OUTPUT_BYTES: Final = 32 * 1024**2

_CHUNK_BYTES: Final = 65_536

_COMMAND: Final = (sys.executable, "-B", "-m", "pictures.convert")
_ROOT: Final = Path(__file__).parents[1]

_TEXTS: Final[Mapping[Reason, str]] = {
    Reason.NOT_AN_IMAGE: "The file is not a JPEG, PNG, WebP or AVIF image. Export it as one of "
    "them.",
    Reason.DAMAGED: "The image is damaged or incomplete. Export it again.",
    Reason.TOO_MANY_PIXELS: "The image has {width} by {height} pixels. Make it smaller: at most "
    f"{MAX_PIXELS // 1_000_000} megapixels, and {MAX_SIDE:,} pixels on each side.",
    Reason.TOO_COMPLEX: "The image takes too much time or memory to decode. Export it again, or "
    "make it smaller.",
}

_log = structlog.get_logger(__name__)


class ImageConverter:
    """Used by one process, from one event loop."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(PROCESSES_AT_ONCE)

    async def convert(self, upload: bytes) -> ConvertedPicture:
        """
        Raises:
            InvalidImage: the upload cannot be converted.
            Unavailable: too many uploads are waiting, or the machine is overloaded.
        """
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable("Too many images are being converted. Try again.") from None
        try:
            return _picture_of(await _run(upload))
        finally:
            self._turns.release()


async def _run(upload: bytes) -> bytes:
    """The output of the process.

    Raises:
        InvalidImage: the process crashed, or reached a limit.
        Unavailable: it did not end in time.
    """
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, env={}
    )
    try:
        async with asyncio.timeout(RUN_SECONDS):
            output, code = await _exchange(process, upload)
    except TimeoutError:
        raise Unavailable("The image was not converted in time. Try again.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await _wait_for_end(process)
    if code != 0:
        _log.warning("an upload ended its converter", exit_code=code, bytes=len(upload))
        raise _invalid(Reason.TOO_COMPLEX)
    return output


async def _exchange(process: Process, upload: bytes) -> tuple[bytes, int]:
    """The output and the exit code. A process that writes too much is killed."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("both are pipes")
    sending = asyncio.create_task(_send(process.stdin, upload))
    output = bytearray()
    while chunk := await process.stdout.read(_CHUNK_BYTES):
        output += chunk
        if len(output) > MAX_OUTPUT_BYTES:
            process.kill()
            break
    await sending
    return bytes(output), await _wait_for_end(process)


async def _wait_for_end(process: Process) -> int:
    """The exit code. asyncio waits for the end of the output too, so the rest of it is read: a
    process writes until it is dead."""
    while process.stdout and await process.stdout.read(_CHUNK_BYTES):
        pass
    return await process.wait()


async def _send(stdin: asyncio.StreamWriter, upload: bytes) -> None:
    try:
        stdin.write(upload)
        await stdin.drain()
        stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        return  # the process has ended, and its exit code says why


def _picture_of(output: bytes) -> ConvertedPicture:
    """
    Raises:
        InvalidImage: the process refused the upload, or did not answer as it should.
    """
    head, _, content = output.partition(b"\n")
    try:
        answer: JsonObject = json.loads(head)
        if "refused" in answer:
            raise _invalid(Reason(answer.pop("refused")), **answer)
        return ConvertedPicture(list(_variants(answer, content)))
    except (LookupError, TypeError, ValueError) as error:
        raise _invalid(Reason.TOO_COMPLEX) from error


def _variants(answer: JsonObject, content: bytes) -> Iterator[Variant]:
    for entry in answer["variants"]:
        file, content = content[: entry["bytes"]], content[entry["bytes"] :]
        yield Variant(Size(entry["width"], entry["height"]), file)


def _invalid(reason: Reason, **params: Any) -> InvalidImage:
    return InvalidImage(_TEXTS[reason].format_map(params), extra={"reason": reason.value})
