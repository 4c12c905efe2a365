"""Bodies of requests and answers redacted: pages, JSON, forms; what is neither is withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl

from collectors.charset import text as characters
from collectors.manual.markup import redact
from collectors.manual.redactor import MARK, Redactor
from collectors.manual.secrets import REMOVED, is_secret_name

MOST: Final = 5_000_000
"""Bytes; a longer body is withheld."""

_PARTS: Final = frozenset({"script", "stylesheet", "image", "font", "media", "manifest", "texttrack"})
"""What a page is made of, by the browser's words: its digest is sealed, not its bytes."""

_MARKUP: Final = ("text/html", "application/xhtml", "text/xml", "application/xml")


@dataclass(frozen=True, slots=True)
class Said:
    """A body as it is sealed."""

    body: bytes
    withheld: str = ""
    """Why the body is not there; with the digest of what was not text."""


def answer_body(redactor: Redactor, body: bytes, content_type: str, kind: str) -> Said:
    """Return the body of an answer as it may be sealed; `kind` is what the browser asked it for."""
    declared = content_type.partition(";")[0].strip().casefold()
    if not body:
        return Said(b"")
    if kind in _PARTS:
        # Of what no text is its digest tells nothing; that of a short text could be guessed at.
        told = f"; sha256:{sha256(body).hexdigest()}"
        return _withheld(redactor, f"part of a page ({kind}){told}")
    if len(body) > MOST:
        return _withheld(redactor, "too long")
    if "json" in declared:
        try:
            return Said(_dumped(redacted_json(redactor, json.loads(body))))
        except (ValueError, RecursionError):
            return _withheld(redactor, "unreadable json")
    if declared.startswith(_MARKUP) or declared.endswith("+xml"):
        return Said(redact(characters(body, content_type), redactor).html.encode())
    return _withheld(redactor, f"not read ({declared or 'no type'})")


def _withheld(redactor: Redactor, why: str) -> Said:
    redactor.counts["body"] += 1
    return Said(b"", why)


def request_body(redactor: Redactor, body: bytes, content_type: str, *, beside_password: bool) -> Said:
    """Return the body of a request: the names of its fields, none of its values.

    `beside_password`: the page had a field for a password, so that every value may be one.
    """
    if not body:
        return Said(b"")
    redactor.counts["credential" if beside_password else "field"] += 1
    try:
        said: Any = json.loads(body) if "json" in content_type else None
    except (ValueError, RecursionError):
        said = None
    if said is not None:
        _learn(redactor, _leaves(said, ""), beside_password=beside_password)
        return Said(_dumped(_names_only(said)))
    if "urlencoded" in content_type:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        _learn(redactor, pairs, beside_password=beside_password)
        return Said("&".join(f"{name}={MARK}" for name, _ in pairs).encode())
    return Said(b"", "request body withheld")


def _learn(redactor: Redactor, pairs: Any, *, beside_password: bool) -> None:
    for name, value in pairs:
        if beside_password or is_secret_name(name):
            redactor.learn_secrets((value,))
        else:
            redactor.learn_personal((value,))


def _leaves(said: Any, name: str) -> Iterator[tuple[str, str]]:
    match said:
        case dict():
            for key, value in said.items():
                yield from _leaves(value, str(key))
        case list():
            for value in said:
                yield from _leaves(value, name)
        case str():
            yield name, said
        case _:
            return


def _names_only(said: Any) -> Any:
    match said:
        case dict():
            return {str(key): _names_only(value) for key, value in said.items()}
        case list():
            return [_names_only(value) for value in said]
        case _:
            return MARK


def redacted_json(redactor: Redactor, said: Any, name: str = "", *, personal: bool = False) -> Any:
    """Return a JSON value without credentials and personal data, by the names of its fields and by rule."""
    personal = personal or redactor.personal.keys(name)
    if name and is_secret_name(name):
        redactor.learn_secrets(value for _, value in _leaves(said, name))
        redactor.counts["credential"] += 1
        return REMOVED
    match said:
        case dict():
            return {
                redactor.text(str(key)): redacted_json(redactor, value, str(key), personal=personal)
                for key, value in said.items()
            }
        case list():
            return [redacted_json(redactor, value, name, personal=personal) for value in said]
        case bool() | None:
            return said
        case str():
            return _text(redactor, said, personal=personal)
        case _:
            masked = _text(redactor, str(said), personal=personal)
            return said if masked == str(said) else masked


def _text(redactor: Redactor, said: str, *, personal: bool) -> str:
    if personal:
        return redactor.value(said)
    if said[:1] in ("{", "["):
        try:
            return _dumped(redacted_json(redactor, json.loads(said))).decode()
        except (ValueError, RecursionError):
            pass
    if "<" in said and ">" in said:
        return redact(said, redactor).html
    return redactor.said(said)


def _dumped(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
