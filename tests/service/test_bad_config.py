"""Whatever is wrong with the configuration: file, key and remedy in one sentence, before a home is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.config_files import MAX_BYTES
from tests.service.calling import Call, Said, caller
from tests.service.newsroom import write_minimal_config
from tests.service.small_home import write_small_config

SET, ROUND, WHO = "index_sets/son-la-2021.toml", "rounds/2021.toml", "agencies/thu.toml"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line."""
    return caller(capsys)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A sound configuration, to be spoiled."""
    return write_small_config(tmp_path / "config")


@pytest.fixture
def here(call: Call, tmp_path: Path, config: Path) -> Call:
    """The command line at that configuration and an empty home."""

    def at(*words: object) -> Said:
        return call("--home", tmp_path / "home", "--config", config, *words)

    return at


SITE = 'key = "x"\n'
SOURCE = 'key = "x"\ntitle = "X"\nkind = "onestop"\ndriver = "igate2"\nurl = "http://127.0.0.1:9/"\n'
SPOILED = {
    "a key is missing": (WHO, 'code = "so-thu"\n', "", "agency[1].code: this key is missing; add the key"),
    "an unknown key": (
        WHO,
        'name = "Sở Thử"\n',
        'name = "Sở Thử"\nportall = ""\n',
        "agency[1].portall: no such key is known; remove the key or correct its name",
    ),
    "a wrong type": (
        WHO,
        'name = "Sở Thử"',
        "name = 7",
        "agency[1].name: Input should be a valid string (given: 7)",
    ),
    "a word that is no choice": (ROUND, '"hold"', '"guess"', "unmeasured: Input should be 'hold'"),
    "a number that fills the memory": (
        SET,
        "scale = 100",
        "scale = 1e999999999",
        "holds an unusable number: 1e999999999 has more than 30 places",
    ),
    "no number": (SET, "scale = 100", "scale = nan", "scale: Input should be a finite number"),
    "lists without end": (
        SET,
        "scale = 100",
        f"scale = {'[' * 5000}{']' * 5000}",
        "its lists or tables stand too deep in each other",
    ),
    "decimals that are none": (
        ROUND,
        "[rounding]",
        "[rounding]\npercent_decimals = -1",
        "rounding.percent_decimals: is -1",
    ),
    "an address allowed without its port": (
        WHO,
        "allow = []",
        'allow = ["127.0.0.1"]',
        "network.allow: '127.0.0.1' names no port; write \"host:port\"",
    ),
    "robots passed over without an order": (
        WHO,
        "[network]",
        '[network]\nrobots = "record"',
        "network.mandate: reading despite robots.txt needs a mandate",
    ),
    "a canary that is no address": (
        WHO,
        'title = "Danh sách thử"',
        'title = "Danh sách thử"\ncanaries = ["kiem-tra.example"]',
        "canaries[1]: 'kiem-tra.example' is no absolute address",
    ),
    "a canary that is assessed": (
        WHO,
        'title = "Danh sách thử"',
        'title = "Danh sách thử"\ncanaries = ["http://dung-chung.example/"]\n'
        'shared_hosts = ["dung-chung.example"]',
        "canaries[1]: 'http://dung-chung.example/' belongs to what is assessed",
    ),
    "a canary on a platform of agencies": (
        WHO,
        'title = "Danh sách thử"',
        'title = "Danh sách thử"\ncanaries = ["http://a.tinh.example/"]\n'
        '[[shared_platform]]\nkey = "p"\ntitle = "P"\nhosts = [".tinh.example"]\n',
        "canaries[1]: 'http://a.tinh.example/' stands on platform p",
    ),
    "a platform without hosts": (
        WHO,
        "[network]",
        '[[shared_platform]]\nkey = "p"\ntitle = "P"\nhosts = ["http://x/"]\n[network]',
        "shared_platform[1].hosts: 'http://x/' is no host name",
    ),
    "an agency twice": (WHO, '"so-mau"', '"so-thu"', "agency[2].code: 'so-thu' stands twice"),
    "a code that is none": (WHO, '"so-mau"', '"Sở Mẫu"', "agency[2].code: 'Sở Mẫu' is no code"),
    "a code that is a path": (WHO, '"so-mau"', '"../so-mau"', "agency[2].code: '../so-mau' is no code"),
    "a portal without a scheme": (
        WHO,
        'portal = ""',
        'portal = "so-thu.example.vn"',
        "is no absolute address",
    ),
    "a portal by another scheme": (
        WHO,
        'portal = ""',
        'portal = "file:///etc/passwd"',
        "is no absolute address",
    ),
    "a portal that is a path": (WHO, 'portal = ""', 'portal = "/trang-chu"', "is no absolute address"),
    "a portal with a broken port": (
        WHO,
        'portal = ""',
        'portal = "http://a.vn:port/"',
        "is no absolute address",
    ),
    "an unknown bloc": (WHO, '"district"', '"commune"', "agency[3].bloc: 'commune' is no bloc of "),
    "an unknown verifier": (
        SET,
        '"news_cadence"',
        '"tin_tuc"',
        "there is no verifier named 'tin_tuc'; use one of: ",
    ),
    "points of a main index": (
        SET,
        "points = 20\n",
        "points = 21\n",
        "the main indices add up to 101, not to 100",
    ),
    "points of a component": (SET, "points = 3\n", "points = 2\n", "its components add up to 19, not to 20"),
    "an index set that is another": (
        SET,
        'id = "son-la-2021"',
        'id = "son-la"',
        "id: is 'son-la'; call it 'son-la-2021'",
    ),
    "a round that is another": (ROUND, 'id = "2021"', 'id = "2020"', "id: is '2020'; call it '2021'"),
    "an index set that is not there": (
        ROUND,
        'index_set = "son-la-2021"',
        'index_set = "khac"',
        "index_set: there is no index_sets/khac.toml; use one of: son-la-2021",
    ),
    "a registry that is not there": (
        ROUND,
        'registry = "thu"',
        'registry = "khac"',
        "registry: there is no agencies/khac.toml; use one of: thu",
    ),
    "bands in the wrong order": (
        ROUND,
        "min = 70",
        "min = 90",
        "bands: must fall from best to worst and end at 0",
    ),
    "a freeze inside the period": (
        ROUND,
        "freeze = 2021-11-10",
        "freeze = 2021-10-10",
        "freeze: lies before",
    ),
    "a period that ends first": (ROUND, "last = 2021-10-31", "last = 2019-10-31", "cannot end on 2019-10-31"),
    "no TOML": (ROUND, "[rounding]", "[rounding", "this is not TOML: "),
    "a key twice": (ROUND, 'id = "2021"', 'id = "2021"\nid = "2021"', "this is not TOML: "),
    "a verifier's unknown key": (
        "verifiers/news_cadence.toml",
        "",
        "cadence = 1\n",
        "cadence: no such key is known",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "fault"), SPOILED.values(), ids=SPOILED.keys())
def test_a_fault_in_the_configuration_names_file_key_and_remedy(
    file: str, old: str, new: str, fault: str, here: Call, config: Path, tmp_path: Path
) -> None:
    """Exit 2 before anything is collected; no home is made."""
    text = (config / file).read_text("utf-8")
    assert old in text
    (config / file).write_text(text.replace(old, new, 1), "utf-8")

    said = here("collect")
    sentence = said.sentence()

    assert said.code == 2
    assert sentence.startswith(("agencies/thu.toml: ", f"{config / file}: "))
    assert fault in sentence
    assert "; " in sentence
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        (
            "sites/x.toml",
            SITE + 'platform = "joomla"\n',
            "platform: there is no platform named 'joomla'; use one of: ",
        ),
        ("sites/x.toml", 'key = "y"\n', "key: is 'y'; call it 'x'"),
        (
            "sources/x.toml",
            SOURCE.replace("igate2", "igate9"),
            "driver: there is no driver named 'igate9'; use one of: ",
        ),
        (
            "sources/x.toml",
            SOURCE.replace('"onestop"', '"mail"'),
            "kind: Input should be 'onestop' or 'services'",
        ),
        ("sources/x.toml", SOURCE.replace('"x"', '"y"', 1), "key: is 'y'; call it 'x'"),
        ("agencies/y.toml", "agency = 3\n", "agency: "),
        ("timetable.toml", "schedule = 3\n", "schedule: "),
    ],
)
def test_a_file_that_names_what_is_not_there_says_what_is(
    file: str, text: str, fault: str, here: Call, config: Path
) -> None:
    """Unknown platform, driver, kind; a file whose key is another."""
    (config / file).parent.mkdir(exist_ok=True)
    (config / file).write_text(text, "utf-8")

    said = here("collect")

    assert said.code == 2
    assert said.sentence().startswith(f"{config / file}: {fault}")


def test_an_agency_whose_site_profile_is_missing_is_told(here: Call, config: Path) -> None:
    """Before the first request."""
    text = (config / WHO).read_text("utf-8")
    (config / WHO).write_text(
        text.replace('bloc = "district"', 'bloc = "district"\nsite = "khong-co"'), "utf-8"
    )

    said = here("collect")

    assert said.code == 2
    assert "agency huyen-thu.site: there is no sites/khong-co.toml" in said.sentence()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xff\xfe[[agency]]\n", "byte 0 is not UTF-8; save the file as UTF-8"),
        (b'title = "S\xc3\n', "is not UTF-8"),
        (b"\x00" * 20, "this is not TOML"),
        (b"", "agency: this key is missing; add the key"),
        (b"#" * (MAX_BYTES + 1), f"is larger than {MAX_BYTES} bytes; split or shorten it"),
    ],
    ids=["UTF-16", "cut off", "zeros", "empty", "huge"],
)
def test_a_registry_that_is_no_text_is_one_sentence(
    data: bytes, fault: str, here: Call, config: Path
) -> None:
    """Whatever bytes lie there."""
    (config / WHO).write_bytes(data)

    said = here("collect")

    assert said.code == 2
    assert said.sentence().startswith(f"{config / WHO}: ")
    assert fault in said.err


def test_a_registry_that_is_a_directory_is_one_sentence(here: Call, config: Path) -> None:
    """It cannot be read, and why."""
    (config / WHO).unlink()
    (config / WHO).mkdir()

    assert "cannot be read (Is a directory); check path and rights" in here("collect").sentence()


def test_two_registries_need_a_round_that_chooses(call: Call, tmp_path: Path) -> None:
    """A minimal configuration is one file."""
    config = write_minimal_config(tmp_path / "config", 1)
    text = (config / "agencies" / "x.toml").read_text("utf-8")
    (config / "agencies" / "y.toml").write_text(text, "utf-8")

    said = call("--home", tmp_path / "home", "--config", config, "collect")

    assert said.code == 2
    assert "several registries and no round that chooses one; add rounds/x.toml" in said.sentence()
