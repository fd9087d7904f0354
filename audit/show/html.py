"""The report: one file that needs nothing else, works without JavaScript, and lets nothing in. The only jinja2.

Every string is hostile. Autoescape writes them all; control and bidirectional characters are shown by name; the page's
Content-Security-Policy allows its own style and script, by their hashes, and nothing else, not even a style attribute.
The script reads what it filters from the page, so no data is ever inside a script. The same result gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jinja2
from markupsafe import Markup

from audit import assets
from audit.show import numbers, safe
from audit.show.contents import contents
from audit.show.shelf import Shelf

POLICY = "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"


def page(shelf: Shelf) -> str:
    """The report of the shelf's result as one HTML file."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = POLICY.format(style=_hash(style), script=_hash(script))
    own = {"style": Markup(style), "script": Markup(script), "policy": policy}  # noqa: S704 (files of ours, not of a corpus)
    return _template().render(**contents(shelf), **own).lstrip()


def _template() -> jinja2.Template:
    """The template, which names no undefined thing and escapes whatever it writes."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters |= {"count": numbers.count, "clip": safe.clip, "spoken": _spoken}
    return environment.from_string(_asset("report.html.j2"))


def _shown(value: Any) -> Any:
    """What every expression of the template goes through before it is escaped."""
    return safe.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _spoken(name: str) -> str:
    """A name of the tables as words."""
    return name.replace("_", " ")


def _asset(name: str) -> str:
    return assets.folder("reports").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    """The text as a source of a Content-Security-Policy (CSP 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
