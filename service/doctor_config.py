"""What `doctor` says of the configuration: which place and rule, whether every file can be used."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from minhchung.errors import ConfigError, UsageError
from minhchung.sources import UNPROVEN
from service import schedule
from service.diagnosis import Diagnosis, sound
from service.places import candidates, is_config
from service.settings import Settings, load


def examine(home: Path, config: Path | None) -> list[Diagnosis]:
    """Look at the configuration; a file that cannot be used is one fault with the key `config`."""
    try:
        settings = load(home, config)
        settings.touch()
        _check_the_rest(settings)
    except (ConfigError, UsageError) as error:
        looked = "; ".join(f"{place.rule}: {place.directory}" for place in candidates(config, home))
        remedy = (f"sửa tệp nêu trên; đã tìm ở {looked}", f"mend the file named; looked in {looked}")
        return [Diagnosis(key="config", level="fault", text=(str(error), str(error)), remedy=remedy)]
    return [
        *_place(settings, home, config),
        *_registry(settings),
        *_rounds(settings),
        *_sources(settings),
        *_network(settings),
        *_canaries(settings),
    ]


def _check_the_rest(settings: Settings) -> None:
    """Check what `touch` leaves out: the timetable's crons and agencies, the authorities' files."""
    schedule.check(settings.timetable, str(settings.place.directory / "timetable.toml"))
    for entry in settings.timetable.schedule:
        settings.agencies(entry.agencies)
    settings.trust_roots()
    settings.signature_roots()


def _place(settings: Settings, home: Path, config: Path | None) -> Iterator[Diagnosis]:
    place = settings.place
    hidden = [each for each in candidates(config, home) if each != place and is_config(each.directory)]
    also = ", ".join(f"{each.rule} ({each.directory})" for each in hidden)
    vi = f"dùng {place.directory} (theo {place.rule})" + (f"; bỏ qua {also}" if also else "")
    en = f"{place.directory} is used (rule: {place.rule})" + (f"; passed over: {also}" if also else "")
    yield sound("config", vi, en)


def _registry(settings: Settings) -> Iterator[Diagnosis]:
    agencies = settings.registry.agency
    lost = [agency.code for agency in agencies if not agency.portal]
    kind = ("tỉnh mô phỏng", "simulated province") if settings.simulated else ("", "")
    vi, en = f"{len(agencies)} cơ quan", f"{len(agencies)} agencies"
    if kind[0]:
        vi, en = f"{vi}, {kind[0]}", f"{en}, {kind[1]}"
    if not lost:
        yield sound("agencies", vi, en)
        return
    shown = ", ".join(lost[:3]) + (", …" if len(lost) > 3 else "")
    yield Diagnosis(
        key="agencies",
        level="remark",
        text=(
            f"{vi}; {len(lost)} chưa có địa chỉ cổng xác nhận ({shown})",
            f"{en}; {len(lost)} without a confirmed portal ({shown})",
        ),
        remedy=(
            "điền portal trong agencies/ khi đã xác nhận; đến lúc đó điểm của họ còn mở",
            "fill in portal in agencies/ once confirmed; until then their points stay open",
        ),
    )


def _rounds(settings: Settings) -> Iterator[Diagnosis]:
    names = settings.round_ids()
    if not names:
        yield Diagnosis(
            key="rounds",
            level="remark",
            text=(
                "không có đợt đánh giá: chỉ collect và items chạy được",
                "no round: only collect and items will work",
            ),
            remedy=("thêm rounds/x.toml để chấm điểm", "add rounds/x.toml to score"),
        )
        return
    for name in names:
        round_ = settings.checked_round(name)
        if settings.calendar(round_.period) is None:
            years = f"{round_.period.first.year}–{round_.period.last.year}"
            yield Diagnosis(
                key="calendar",
                level="remark",
                text=(
                    f"đợt {name}: thiếu lịch ngày làm việc của {years}",
                    f"round {name}: no working days for all of {years}",
                ),
                remedy=(
                    "thêm calendars/vn-NĂM.toml; nếu không, chỉ số tính theo ngày làm việc còn mở",
                    "add calendars/vn-YEAR.toml, or what counts working days stays open",
                ),
            )
    told = ", ".join(names)
    yield sound("rounds", f"đợt {told}: các tệp khớp nhau", f"rounds {told}: their files fit together")


def _sources(settings: Settings) -> Iterator[Diagnosis]:
    """Say which systems nobody has compared with their screens yet; a simulated one has none."""
    doubtful = [source.key for source in settings.sources.values() if source.unproven]
    if not doubtful or settings.simulated:
        return
    shown = ", ".join(doubtful)
    yield Diagnosis(
        key="sources",
        level="remark",
        text=(f"{shown}: {UNPROVEN}", f"{shown}: not proven on the real system"),
        remedy=(
            "chạy minhchung sources check, đối chiếu với màn hình, rồi đặt proven_live",
            "run minhchung sources check, compare with the screens, then set proven_live",
        ),
    )


def _canaries(settings: Settings) -> Iterator[Diagnosis]:
    """Say whether a failure of ours could be told from one of theirs; a simulated province has its own."""
    canaries = settings.registry.canaries
    if settings.simulated:
        return
    if not canaries:
        text = (
            "không có địa chỉ kiểm tra: không phân biệt được lỗi của ta với lỗi của họ",
            "no canaries: a failure of ours cannot be told from one of theirs",
        )
    elif len(canaries) == 1 or all(_is_numeric(address) for address in canaries):
        text = (
            f"{len(canaries)} địa chỉ kiểm tra: một mình có thể tự hỏng, ghi bằng số thì không biết DNS",
            f"{len(canaries)} canaries: a single one may fail by itself, numeric ones tell nothing of DNS",
        )
    else:
        yield sound(
            "canaries", f"{len(canaries)} địa chỉ kiểm tra", f"{len(canaries)} canaries are asked in each run"
        )
        return
    remedy = (
        "ghi hai trang của bên thứ ba, bằng tên, trong canaries của agencies/",
        "name two sites of third parties, by name, in canaries of agencies/",
    )
    yield Diagnosis(key="canaries", level="remark", text=text, remedy=remedy)


def _is_numeric(address: str) -> bool:
    try:
        ip_address(urlsplit(address).hostname or "")
    except ValueError:
        return False
    return True


def _network(settings: Settings) -> Iterator[Diagnosis]:
    network = settings.network
    if network.robots == "record" and not network.mandate:
        yield Diagnosis(
            key="robots",
            level="fault",
            text=('robots = "record" mà không có mandate', 'robots = "record" without a mandate'),
            remedy=(
                "ghi số, ngày văn bản cho phép, hoặc đặt obey",
                "name the document that orders it, or set obey",
            ),
        )
    if not network.allow:
        yield sound(
            "network", "không địa chỉ nội bộ nào được phép nối tới", "no private address may be connected to"
        )
        return
    shown = ", ".join(network.allow[:4]) + (f", … ({len(network.allow)})" if len(network.allow) > 4 else "")
    text = (f"địa chỉ nội bộ được phép: {shown}", f"private addresses allowed: {shown}")
    if settings.simulated:
        yield sound("network", *text)
        return
    yield Diagnosis(
        key="network",
        level="remark",
        text=text,
        remedy=(
            "chỉ để lại những gì thật sự cần đọc trong [network] allow",
            "leave in [network] allow only what must be read",
        ),
    )
