"""Plain HTML pages without scripts and external content."""

from html import escape
from typing import Final

from starlette.responses import HTMLResponse

_STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; }
button, input { font: inherit; padding: .5rem .75rem; margin: .25rem .5rem .25rem 0; }
label { display: block; margin: .75rem 0; }
small { color: #555; }
"""


def page(title: str, body: str, *, status: int = 200) -> HTMLResponse:
    """``body`` is markup, in which the caller has escaped all data."""
    markup = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{body}"
        "<p><small>This is a stand-in for Stripe. No money is charged.</small></p>"
        "</main></body></html>"
    )
    return HTMLResponse(markup, status_code=status, headers={"Cache-Control": "no-store"})


def form(fields: str) -> str:
    """A form that is posted to the page's own URL."""
    return f'<form method="post">{fields}</form>'


def button(label: str, choice: str) -> str:
    return f'<button name="choice" value="{escape(choice)}">{escape(label)}</button>'


def labelled(label: str, name: str, kind: str, value: object, attributes: str = "required") -> str:
    return (
        f'<label>{escape(label)}<br><input name="{escape(name)}" type="{escape(kind)}" '
        f'value="{escape(str(value))}" {attributes}></label>'
    )
