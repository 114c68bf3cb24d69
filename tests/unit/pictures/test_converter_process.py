"""The process of a conversion: its limits, and what its end means for the upload."""

import asyncio
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from domain.errors import InvalidImage, Unavailable
from pictures import images
from pictures.images import ImageConverter
from tests.support.pictures import encoded, quarters
from tests.support.waiting import until

ROOT = Path(__file__).parents[3]


def converter_that_runs(code: str, monkeypatch: pytest.MonkeyPatch) -> ImageConverter:
    monkeypatch.setattr(images, "_COMMAND", (sys.executable, "-c", code))
    return ImageConverter()


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.abort()",
        "raise MemoryError",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import sys; sys.stdin.close(); sys.exit(1)",
        "import sys\nwhile True: sys.stdout.write('x' * 65536)",
        "",
        "print('{')",
        "print('[]')",
        'print(\'{"refused": "x"}\')',
        'print(\'{"variants": [{"width": 1}]}\')',
    ],
    ids=[
        *("crash", "no memory", "killed", "unread", "endless output"),
        *("no output", "no JSON", "no object", "no reason", "no size"),
    ],
)
async def test_a_process_that_fails_is_a_refused_upload(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    converter = converter_that_runs(code, monkeypatch)

    with pytest.raises(InvalidImage) as refused:
        await converter.convert(bytes(1_000_000))

    assert refused.value.extra == {"reason": "too_complex"}
    monkeypatch.undo()
    assert (await converter.convert(encoded(quarters()))).size.width == 1200


async def test_a_process_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    converter = converter_that_runs("import time; time.sleep(600)", monkeypatch)
    monkeypatch.setattr(images, "RUN_SECONDS", 0.3)
    before = set(psutil.Process().children())

    with pytest.raises(Unavailable):
        await converter.convert(b"x")

    assert set(psutil.Process().children()) <= before


WRITES_ON = """
import os, sys, time
parent = os.getpid()
if os.fork():
    {parent}
while os.getppid() == parent:
    time.sleep(0.01)
for _ in range(32):
    sys.stdout.write("x" * 65536)
"""
"""What is still written when the process is killed, as on a machine with several cores."""


async def test_output_after_the_process_is_killed_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    endless = 'while True: sys.stdout.write("x" * 65536)'
    converter = converter_that_runs(WRITES_ON.format(parent=endless), monkeypatch)
    monkeypatch.setattr(images, "MAX_OUTPUT_BYTES", 100_000)
    monkeypatch.setattr(images, "RUN_SECONDS", 10.0)

    with pytest.raises(InvalidImage):
        await converter.convert(b"x")


async def test_an_upload_that_is_given_up_frees_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    converter = converter_that_runs(WRITES_ON.format(parent="time.sleep(600)"), monkeypatch)
    before = set(psutil.Process().children())
    for _ in range(images.PROCESSES_AT_ONCE):
        upload = asyncio.create_task(converter.convert(b"x"))
        await until(lambda: set(psutil.Process().children()) > before)
        upload.cancel()
        await asyncio.wait([upload], timeout=10)
        assert upload.cancelled()
    monkeypatch.undo()

    assert (await converter.convert(encoded(quarters()))).size.width == 1200


async def test_the_process_knows_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_API_URL", "postgresql://secret")
    code = """
import os
if not set(os.environ) - {"LC_CTYPE"}:
    print('{"refused": "damaged"}')
"""

    with pytest.raises(InvalidImage) as refused:
        await converter_that_runs(code, monkeypatch).convert(b"x")

    assert refused.value.extra == {"reason": "damaged"}


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_two_processes_run_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = f"""
import os, pathlib, time
folder = pathlib.Path({str(tmp_path)!r})
(folder / str(os.getpid())).touch()
while not (folder / "stop").exists():
    time.sleep(0.01)
"""
    converter = converter_that_runs(code, monkeypatch)
    monkeypatch.setattr(images, "WAIT_SECONDS", 0.3)
    uploads = [asyncio.create_task(converter.convert(b"x")) for _ in range(6)]

    await until(lambda: sum(upload.done() for upload in uploads) == 4)
    await until(lambda: len(files_in(tmp_path)) == 2)
    (tmp_path / "stop").touch()
    results = await asyncio.gather(*uploads, return_exceptions=True)

    assert [type(result) for result in results] == [InvalidImage] * 2 + [Unavailable] * 4
    assert len(files_in(tmp_path)) == 3


LIMITED = """
from pictures.convert import limit_resources
limit_resources()
import resource, sys
print(resource.getrlimit(resource.RLIMIT_CPU)[0])
{code}
"""


def run_limited(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-c", LIMITED.format(code=code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_process_has_limits_of_memory_time_and_files(tmp_path: Path) -> None:
    memory = run_limited("bytearray(1024 ** 3)")
    file = run_limited(f"import pathlib; pathlib.Path({str(tmp_path / 'x')!r}).write_text('x')")

    assert memory.stdout == "20\n"
    assert "MemoryError" in memory.stderr
    assert "File too large" in file.stderr
