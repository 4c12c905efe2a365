"""One directory of TOML is the whole configuration: found in order, read lazily, kept by digest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sysconfig
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from minhchung.errors import ConfigError, UsageError
from minhchung.periods import Period
from service.places import candidates, find, product_config
from service.settings import load
from tests.service.calling import Call, Said, caller
from tests.service.newsroom import DAYS, pages, titles, write_minimal_config
from tests.service.portals import portal
from tests.service.small_home import PRODUCT, write_small_config


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line."""
    return caller(capsys)


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a portal with five news items."""
    with portal(pages=pages()) as port:
        yield port


# --- a minimal configuration -------------------------------------------------------------------------


def test_one_file_is_enough_to_collect_and_to_list_items(call: Call, tmp_path: Path, port: int) -> None:
    """No index set, no round, no site profile: every item is found with its day."""
    config = write_minimal_config(tmp_path / "config", port)

    def at(*words: str) -> Said:
        return call("--home", tmp_path / "home", "--config", config, *words)

    (visit,) = at("collect", "--json").json["agencies"]
    lines = [json.loads(line) for line in at("items").out.splitlines()]
    again = at("collect", "--json")
    table = list(csv.DictReader(io.StringIO(at("items", "--format", "csv", "--kind", "news").out)))

    assert (visit["state"], visit["items"]) == ("ok", 5)
    outcomes = [visit[name] for name in ("fetched", "not_modified", "refused", "failed")]
    assert visit["attempts"] == sum(outcomes) >= 7
    assert {line["title"]: date.fromisoformat(line["published"]) for line in lines} == titles()
    assert {line["agency"] for line in lines} == {"so-thu"}
    assert {line["kind"] for line in lines} == {"news"}
    assert all(line["url"].startswith(f"http://127.0.0.1:{port}/tin-tuc/bai-") for line in lines)
    assert all(line["record"].startswith("urn:uuid:") and line["locator"] for line in lines)
    assert again.code == 0
    assert [row["published"] for row in table] == [day.isoformat() for day in DAYS]
    assert at("items", "--kind", "directive").out == ""
    assert at("check").code == 0


def test_what_a_minimal_configuration_lacks_is_said(call: Call, tmp_path: Path, port: int) -> None:
    """Scoring needs a round: one sentence, exit 2."""
    config = write_minimal_config(tmp_path / "config", port)
    assert call("--home", tmp_path / "home", "--config", config, "collect", "--scope", "lists").code == 0

    for command in ("rank", "score", "verify so-thu", "explain so-thu", "annex --format csv --out x.csv"):
        said = call("--home", tmp_path / "home", "--config", config, *command.split())

        assert said.code == 2
        assert "there is no round to score; add rounds/NAME.toml" in said.sentence()


def test_every_file_used_is_kept_in_the_home_by_digest(call: Call, tmp_path: Path, port: int) -> None:
    """The product's own words and thresholds too: they moved what was collected."""
    config = write_small_config(tmp_path / "config", f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")
    home = tmp_path / "home"
    call("--home", home, "--config", config, "collect", "so-thu", "--scope", "lists")

    kept = {path.name for path in (home / "configs").iterdir()}
    used = {
        config / "agencies" / "thu.toml",
        config / "index_sets" / "son-la-2021.toml",
        config / "rounds" / "2021.toml",
        config / "calendars" / "vn-2021.toml",
        config / "verifiers" / "common.toml",
        config / "verifiers" / "news_cadence.toml",
        PRODUCT / "crawl.toml",
    }
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in used} <= kept
    assert all(
        hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in (home / "configs").iterdir()
    )


# --- where it is looked for --------------------------------------------------------------------------


def test_the_search_order_is_option_variable_home_checkout_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that holds a registry is used; `doctor` says which."""
    places = {name: write_minimal_config(tmp_path / name, 1) for name in ("option", "variable")}
    home = tmp_path / "home"
    write_minimal_config(home / "config", 1)
    monkeypatch.setenv("MINHCHUNG_CONFIG", str(places["variable"]))

    order = [place.rule for place in candidates(places["option"], home)]
    first = find(places["option"], home)
    second = find(None, home)
    monkeypatch.delenv("MINHCHUNG_CONFIG")
    third = find(None, home)
    shutil.rmtree(home / "config")
    fourth = find(None, home)

    assert order == ["--config", "MINHCHUNG_CONFIG", "home", "checkout", "wheel"]
    assert (first.rule, first.directory) == ("--config", places["option"])
    assert (second.rule, second.directory) == ("MINHCHUNG_CONFIG", places["variable"])
    assert (third.rule, third.directory) == ("home", home / "config")
    assert (fourth.rule, fourth.directory) == ("checkout", PRODUCT)


def test_the_wheel_brings_its_configuration_with_it(tmp_path: Path) -> None:
    """`share/minhchung/config` beside the interpreter, where the wheel's data goes."""
    last = candidates(None, tmp_path)[-1]

    assert last.directory == Path(sysconfig.get_path("data"), "share", "minhchung", "config")
    assert product_config() == PRODUCT


@pytest.mark.parametrize("rule", ["--config", "MINHCHUNG_CONFIG"])
def test_a_place_that_was_named_is_never_passed_over(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A typing error must not be answered with somebody else's configuration."""
    monkeypatch.setenv("MINHCHUNG_CONFIG", str(tmp_path / "none"))
    option = tmp_path / "none" if rule == "--config" else None

    with pytest.raises(ConfigError, match=f"{rule} names a directory without agencies/"):
        find(option, tmp_path)


# --- what is in it -----------------------------------------------------------------------------------


def test_the_product_s_own_configuration_is_sound(tmp_path: Path) -> None:
    """32 agencies in two blocs, one round, its index set, and settings for every verifier."""
    settings = load(tmp_path, PRODUCT)
    settings.touch()
    round_ = settings.checked_round()

    assert len(settings.agencies()) == 32
    assert not settings.simulated
    assert settings.calendar(round_.period) is not None
    assert {name for name, _ in settings.files()} >= {"agencies/son-la-2021.toml", "rounds/2021.toml"}


def test_the_digest_changes_with_any_byte_that_can_move_a_point(tmp_path: Path) -> None:
    """A comment counts: who reads the digest need not know what TOML is."""
    digests = []
    for number in range(2):
        config = write_small_config(tmp_path / str(number))
        if number:
            with (config / "verifiers" / "news_cadence.toml").open("a", encoding="utf-8") as file:
                file.write("# later\n")
        settings = load(tmp_path, config)
        settings.touch()
        digests.append(settings.digest())
        assert settings.digest() == digests[-1]

    assert digests[0] != digests[1]


def test_an_unknown_agency_is_told_near_ones(tmp_path: Path) -> None:
    """A code is typed by hand."""
    settings = load(tmp_path, PRODUCT)

    with pytest.raises(UsageError, match=r"no agency has the code 'so-xay-dugn'; try: .*so-xay-dung"):
        settings.agency("so-xay-dugn")


def test_several_rounds_must_be_chosen_from(call: Call, tmp_path: Path) -> None:
    """One round is the default; of two, the sentence names both."""
    config = write_small_config(tmp_path / "config")
    text = (config / "rounds" / "2021.toml").read_text("utf-8")
    (config / "rounds" / "2022.toml").write_text(text.replace('id = "2021"', 'id = "2022"'), "utf-8")
    settings = load(tmp_path / "home", config)

    with pytest.raises(UsageError, match="rounds in config: 2021, 2022; name one with --round"):
        settings.round()
    assert settings.round("2022").id == "2022"


def test_a_period_without_its_calendar_has_no_calendar(tmp_path: Path) -> None:
    """Working days are counted only in years whose holidays are known."""
    config = write_small_config(tmp_path / "config")
    (config / "calendars" / "vn-2020.toml").unlink()
    settings = load(tmp_path, config)

    assert settings.calendar(Period(date(2020, 11, 1), date(2021, 10, 31))) is None
    assert settings.calendar(Period(date(2021, 1, 1), date(2021, 10, 31))) is not None
