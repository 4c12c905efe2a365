"""`retain`, `erase`, `backup`, `restore` and `storage rebuild` as they are called."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from minhchung.evidence import PORTAL, AgencyCode, Exchange
from service.settings import load
from service.workplace import open_store
from tests.service.bundled import make
from tests.service.calling import Call, caller
from tests.service.small_home import write_small_config

POLICY = """
policy = "07/QĐ-STTTT, 2021-02-01"
closed_rounds = ["2021"]
{extra}

[[rule]]
kind = "response"
age_days = 365
"""
WHO = ("--order", "15/QĐ, 2022-03-01", "--by", "Văn thư", "--reason", "dữ liệu cá nhân")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line."""
    return caller(capsys)


@pytest.fixture
def place(tmp_path: Path) -> tuple[Any, ...]:
    """Return the options for a home with two old pages, one of them met again unchanged, and a new page."""
    config, home = write_small_config(tmp_path / "config"), tmp_path / "home"
    with open_store(load(home, config), writer=True) as store:
        run = store.begin_run("host")
        whose: dict[str, Any] = {"agency": AgencyCode("so-thu"), "source": PORTAL, "run": run}
        first = store.exchange(page("/a", datetime(2020, 5, 1, tzinfo=UTC)), **whose)
        store.exchange(page("/b", datetime(2020, 5, 1, tzinfo=UTC)), **whose)
        store.exchange(page("/c", datetime.now(UTC)), **whose)
        again = page("/a", datetime(2020, 6, 1, tzinfo=UTC))
        store.exchange(again, refers_to=first, **whose)
    return ("--home", home, "--config", config)


def page(path: str, when: datetime) -> Exchange:
    """Return a page as answered."""
    return Exchange(
        method="GET",
        url=f"http://thu.example{path}",
        request_headers=(),
        status=200,
        headers=(("Content-Type", "text/html"), ("ETag", path)),
        wire=b"<p>Trang</p>" + path.encode(),
        begun_at=when,
        elapsed=0.1,
    )


def keep_policy(place: tuple[Any, ...], extra: str = "") -> None:
    """Write `retention.toml`."""
    (place[3] / "retention.toml").write_text(POLICY.format(extra=extra), "utf-8")


def test_only_what_is_old_and_referred_to_by_nothing_goes(call: Call, place: tuple[Any, ...]) -> None:
    """The page that a revisit refers to stays, the young page stays; check says by whose word /b went."""
    keep_policy(place)

    planned = call(*place, "retain", "--dry-run", "--json").json
    assert len(planned["going"]) == 1
    assert planned["kept"] == {"revisited": 1}
    assert call(*place, "check").code == 0

    done = call(*place, "retain", "--by", "Văn thư", "--json").json
    assert done["members"] == 1
    said = call(*place, "check")
    assert said.code == 0
    assert "07/QĐ-STTTT, 2021-02-01; Văn thư" in said.out
    assert call(*place, "retain", "--by", "Văn thư", "--json").json["going"] == []


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ('hold = ["so-thu"]', "hold"),
        ('hand_over = ["so-thu"]', "hand-over"),
    ],
)
def test_hold_and_hand_over_win(call: Call, place: tuple[Any, ...], extra: str, why: str) -> None:
    keep_policy(place, extra)

    found = call(*place, "retain", "--by", "Văn thư", "--json").json
    assert (found["going"], found["kept"]) == ([], {why: 2})


def test_nothing_goes_while_a_round_is_open(call: Call, place: tuple[Any, ...]) -> None:
    (place[3] / "retention.toml").write_text(
        POLICY.format(extra="").replace('closed_rounds = ["2021"]', ""), "utf-8"
    )

    assert call(*place, "retain", "--dry-run", "--json").json["kept"] == {"open-round": 2}


def test_without_a_policy_or_a_name_nothing_is_done(call: Call, place: tuple[Any, ...]) -> None:
    assert "retention.toml" in call(*place, "retain", "--by", "Văn thư").sentence()
    keep_policy(place)
    assert "--by" in call(*place, "retain").sentence()


def test_an_order_erases_a_record_with_what_repeats_it(call: Call, place: tuple[Any, ...]) -> None:
    """A revisit says what was there; the effect on scores is told, here none."""
    with open_store(load(place[1], place[3])) as store:
        record = next(each for each in store.records(kind="response") if each.url.endswith("/a"))

    planned = call(*place, "erase", record.id, *WHO, "--dry-run", "--json").json
    assert (len(planned["records"]), planned["members"], planned["components"]) == (2, 0, [])
    assert call(*place, "erase", record.id, *WHO, "--json").json["members"] == 4
    said = call(*place, "check")
    assert (said.code, "15/QĐ, 2022-03-01; Văn thư; dữ liệu cá nhân" in said.out) == (0, True)


def test_what_an_erasure_does_to_scores_is_said_before(call: Call, tmp_path: Path) -> None:
    """Of a home page: what was measured on it, what will be, and where the same still lies."""
    made = make(tmp_path)
    with open_store(made.settings(), writer=True) as store:
        pages = [r for r in store.records(kind="response") if r.agency == "so-thu"]
        first, last = (r for r in pages if r.url.count("/") == 3 and r.url.endswith("/"))
        mine: dict[str, Any] = {"agency": last.agency, "source": PORTAL, "run": last.run, "url": last.url}
        mine |= {"captured_at": last.captured_at, "concurrent_to": last.id}
        seen = store.resource(b"<p>", content_type="text/html", kind="dom-snapshot", **mine)
        picture = store.resource(b"\xff\xd8\xff", content_type="image/jpeg", kind="screenshot", **mine)
    place = ("--home", made.home, "--config", made.config, "--lang", "en")

    planned = call(*place, "erase", last.id, *WHO, "--dry-run", "--json").json
    said = call(*place, "erase", last.id, *WHO, "--dry-run").out

    assert set(planned["records"]) == {last.id, seen.id, picture.id}
    assert planned["same"] == [first.id]
    moved = {each["component"]: each for each in planned["moved"]}
    assert moved["HD.1"]["after"] == "single-measurement"
    assert "muc_gioi_thieu" in moved["HD.1"]["before"]
    assert "Measured otherwise: so-thu HD.1 (2021): muc_gioi_thieu" in said
    assert f"Holds the same and stays: {first.id}" in said
    assert call(*place, "erase", last.id, *WHO, "--json").json["members"] == 4
    assert call(*place, "check").code == 0
    assert "từ 0,00 đến 2,00 / 2,00 điểm" in call(*place, "explain", "so-thu", "HD.1", "--json").out


def test_a_record_on_hold_is_not_erased(call: Call, place: tuple[Any, ...]) -> None:
    keep_policy(place, 'hold = ["so-thu"]')
    with open_store(load(place[1], place[3])) as store:
        record = next(iter(store.records(kind="response")))

    assert "legal hold" in call(*place, "erase", record.id, *WHO).sentence()
    assert "there is no record" in call(*place, "erase", "urn:uuid:x", *WHO).sentence()


def test_a_backup_is_restored_verified_and_catalogued(
    call: Call, place: tuple[Any, ...], tmp_path: Path
) -> None:
    copy, keys = tmp_path / "copy", tmp_path / "keys"
    assert call(*place, "backup", copy, "--keys", keys).code == 0
    other = ("--home", tmp_path / "other", *place[2:])

    restored = call(*other, "restore", copy, "--keys", keys, "--verify", "--json")
    assert restored.code == 0
    assert [each["code"] for each in restored.json["findings"]] == ["catalogue-missing"]
    rebuilt = call(*other, "storage", "rebuild", "--json")
    assert rebuilt.json == {"leaves": restored.json["leaves"]}
    assert call(*other, "check", "--json").json == {"findings": []}


def test_a_restored_home_that_was_altered_is_told(call: Call, place: tuple[Any, ...], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    call(*place, "backup", copy)
    file = next(iter((copy / "archive").iterdir()))
    file.write_bytes(file.read_bytes()[:-1] + b"x")

    assert call("--home", tmp_path / "other", "restore", copy, "--verify").code == 1
