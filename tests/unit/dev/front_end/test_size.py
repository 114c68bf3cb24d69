"""The first load is the shell and the page that it shows first; the assistant comes on demand."""

import json
from pathlib import Path

import pytest

from dev.front_end import size

SHELL_BYTES, STYLE_BYTES, SHARED_BYTES, PAGE_BYTES = 60_000, 10_000, 5_000, 20_000
ASSISTANT_BYTES, TEXT_BYTES = 170_000, 2_000

MANIFEST = {
    "index.html": {
        "file": "assets/index.js",
        "css": ["assets/index.css"],
        "dynamicImports": list(size.FIRST_PAGES),
    },
    "shared.js": {"file": "assets/shared.js", "imports": ["index.html"]},
    **{
        page: {"file": f"assets/page-{number}.js", "imports": ["index.html", "shared.js"]}
        for number, page in enumerate(size.FIRST_PAGES)
    },
    "src/screens/SessionPages.tsx": {"file": "assets/session.js", "imports": ["index.html"]},
    "src/assistant/Assistant.tsx": {
        "file": "assets/assistant.js",
        "imports": ["src/screens/SessionPages.tsx", "shared.js"],
    },
    "src/texts/en/assistant.ts": {"file": "assets/texts.js"},
}


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A build whose first load has 95 kB, and whose assistant has 172 kB."""
    manifest = tmp_path / size.MANIFEST
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps(MANIFEST))
    assets = tmp_path / "dist" / "assets"
    assets.mkdir()
    sizes = {
        "index.js": SHELL_BYTES,
        "index.css": STYLE_BYTES,
        "shared.js": SHARED_BYTES,
        "session.js": PAGE_BYTES,
        "assistant.js": ASSISTANT_BYTES - SHARED_BYTES,
        "texts.js": TEXT_BYTES,
        **{f"page-{number}.js": PAGE_BYTES for number in range(len(size.FIRST_PAGES))},
    }
    for name, length in sizes.items():
        (assets / f"{name}.gz").write_bytes(b"\0" * length)
    return tmp_path


def test_first_load_has_each_file_once(web: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert size.main(web) == 0
    assert capsys.readouterr().out.count(": 95.0 kB of 100 kB") == len(size.FIRST_PAGES)


def test_one_page_that_is_too_large_fails(web: Path) -> None:
    (web / "dist" / "assets" / "page-2.js.gz").write_bytes(b"\0" * (PAGE_BYTES + 5_001))

    assert size.main(web) == 1


def test_assistant_has_what_the_page_of_a_session_lacks(
    web: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert size.main(web) == 0
    assert "Assistant.tsx: 172.0 kB of 175 kB" in capsys.readouterr().out


def test_an_assistant_that_is_too_large_fails(web: Path) -> None:
    (web / "dist" / "assets" / "texts.js.gz").write_bytes(b"\0" * (TEXT_BYTES + 3_001))

    assert size.main(web) == 1


def test_missing_build_is_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert size.main(tmp_path) == 0
    assert "not built" in capsys.readouterr().out
