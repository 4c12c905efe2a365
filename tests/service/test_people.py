"""people.toml: who may rule is decided by codes, so that no other spelling lets anybody through."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from minhchung.errors import ConfigError
from service.settings import load
from tests.service.small_home import write_small_config


def person(**said: str) -> str:
    lines = "\n".join(f"{key} = {value}" for key, value in said.items())
    return f"[[person]]\n{lines}\n"


ONE = person(id='"an"', name='"Người Một"', unit='"Phòng Hai"')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ONE + ONE, "person[2].id: 'an' is empty or stands twice"),
        (ONE + person(id='"AN "', name='"Người Ba"'), "person[2].id: 'AN ' is empty or stands twice"),
        (ONE + person(id='"b"', name='"NGƯỜI  MỘT"', unit='"phòng hai"'), "one person signs once"),
        (person(id='"an"', name='"Người Một"', agency='"Sở Thử"'), "write 'so-thu'"),
        (person(id='"an"', name='"Người Một"', agency='"SO-THU"'), "write 'so-thu'"),
        (
            person(id='"an"', name='"Người Một"', agency=f'"{unicodedata.normalize("NFD", "Sở Thử")}"'),
            "write 'so-thu'",
        ),
        (person(id='"an"', name='"Người Một"', agency='"sо-thu"'), "write 'so-thu'"),
        (person(id='"an"', name='"Người Một"', agency='"so-la"'), "write a code of agencies/"),
        (person(id='"an"', name='"Người Một"', unit='"Văn phòng, Sở Thử"'), "write agency = 'so-thu'"),
        (person(id='"an"', name='"Người Một"', runs='["SO THU"]'), "write 'so-thu'"),
    ],
)
def test_a_person_written_so_that_a_conflict_would_hide_is_refused(
    tmp_path: Path, text: str, says: str
) -> None:
    config = write_small_config(tmp_path / "config")
    (config / "people.toml").write_text(text, "utf-8")

    with pytest.raises(ConfigError) as refused:
        _ = load(tmp_path / "home", config).people

    assert says in str(refused.value)


def test_two_people_of_one_name_are_told_apart_by_their_units(tmp_path: Path) -> None:
    """Nguyễn Văn An works in many places."""
    config = write_small_config(tmp_path / "config")
    text = ONE + person(id='"an-2"', name='"Người Một"', unit='"Phòng Ba"', agency='"so-mau"')
    (config / "people.toml").write_text(text, "utf-8")

    people = load(tmp_path / "home", config).people

    assert people is not None
    assert [each.id for each in people.person] == ["an", "an-2"]
