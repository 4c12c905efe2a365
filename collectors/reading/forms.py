"""Forms and their controls: enough to send them, and whether people can tell what to write where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from collectors.addresses import absolute
from collectors.reading.markup import Node, attribute
from collectors.reading.texts import tidy
from minhchung.observations import FormControl, PageForm
from minhchung.text_keys import k2

_BUTTONS: Final = frozenset(("submit", "button", "image", "reset"))
_FREE_TEXT: Final = frozenset(("", "text", "search"))
_SEARCH_WORDS: Final = ("tim", "search", "keyword", "tu khoa", "tukhoa", "query")


@dataclass(slots=True)
class _Form:
    action: str
    method: str
    path: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """(name, what tells its purpose) of free text fields."""

    buttons: list[tuple[str, str]] = field(default_factory=list)


class FormBuilder:
    """Takes down forms and controls while a page is passed through."""

    def __init__(self, base: str) -> None:
        self.forms: list[PageForm] = []
        self._base = base
        self.buttons: set[str] = set()
        """Names of submit buttons, which a postback leaves out."""

        self._open: _Form | None = None
        self._labelled: set[str] = set()
        self._controls: list[tuple[str, str, bool, str, str]] = []

    def begin(self, path: str, given: dict[str, str | None]) -> None:
        """Open a form."""
        method = "POST" if (given.get("method") or "").strip().upper() == "POST" else "GET"
        action = absolute(self._base, given.get("action") or "") or self._base
        self._open = _Form(action, method, path)

    def end(self) -> None:
        """Close the open form."""
        form, self._open = self._open, None
        if form is None:
            return
        if len(form.buttons) == 1:
            form.fields += form.buttons
        self.forms.append(
            PageForm(
                action=form.action,
                method=form.method,
                fields=tuple(form.fields),
                text_field=_search_field(form.texts),
                path=form.path,
            )
        )

    def label(self, target: str) -> None:
        """Take down that a label names the control of this id."""
        if target:
            self._labelled.add(target)

    def control(
        self, node: Node, tag: str, given: dict[str, str | None], path: str, *, seen: bool, in_label: bool
    ) -> None:
        """Take down an input, select, textarea or button."""
        type_ = (given.get("type") or "").lower() if tag in {"input", "button"} else tag
        name = given.get("name") or ""
        if tag == "button" or type_ in _BUTTONS:
            if self._open is not None and name and type_ in {"submit", "image", ""}:
                self.buttons.add(name)
                self._open.buttons.append((name, given.get("value") or ""))
            return
        if self._open is not None and name and (type_ not in {"checkbox", "radio"} or "checked" in given):
            self._open.fields.append((name, _value(node, tag, given)))
            if type_ in _FREE_TEXT and seen:
                hints = (name, given.get("id"), given.get("placeholder"), given.get("title"), type_)
                self._open.texts.append((name, k2(" ".join(filter(None, hints)))))
        if seen and type_ != "hidden":
            told = in_label or any(
                tidy(given.get(a) or "") for a in ("aria-label", "aria-labelledby", "title")
            )
            self._controls.append((name, type_ or "text", told, path, given.get("id") or ""))

    @property
    def controls(self) -> tuple[FormControl, ...]:
        """Return the visible controls, labels that came later counted."""
        return tuple(
            FormControl(name=name, type=type_, labelled=told or target in self._labelled, path=path)
            for name, type_, told, path, target in self._controls
        )


def _value(node: Node, tag: str, given: dict[str, str | None]) -> str:
    if tag == "input":
        return given.get("value") or (
            "on" if (given.get("type") or "").lower() in {"checkbox", "radio"} else ""
        )
    if tag == "textarea":
        return node.text()
    chosen = node.css_first("option[selected]") or node.css_first("option")
    if chosen is None:
        return ""
    return attribute(chosen, "value") if "value" in chosen.attributes else tidy(chosen.text())


def _search_field(texts: list[tuple[str, str]]) -> str:
    """Return the only free text field, or the only one of several that speaks of searching."""
    if len(texts) == 1:
        return texts[0][0]
    asked = [name for name, hints in texts if any(word in hints for word in _SEARCH_WORDS)]
    return asked[0] if len(asked) == 1 else ""
