"""Service systems, network limits and the timetable: schema of the remaining configuration files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal

from minhchung.agencies import Agency, SharedPlatform
from minhchung.law import LevelName
from minhchung.periods import Period
from minhchung.samples import Sampling

UNPROVEN: Final = "chưa được chứng minh trên hệ thống thật"
"""Beside everything that a driver brings before an operator has run `sources check` on the real system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One service system: a file in `sources/`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    key: str
    title: str
    kind: Literal["onestop", "services"]
    driver: str
    """File name under `collectors/onestop/` or `collectors/services/`."""

    url: str
    """Base address, absolute."""

    valid_from: date | None = None
    valid_to: date | None = None
    proven_live: bool = False
    """An operator has run it against the real system."""

    credentials: str = ""
    """Name of the environment variable that holds the token; never the token itself."""

    credentials_file: str = ""
    """Path of a file whose first line is the token, readable by its owner alone."""

    level: tuple[LevelName, ...] = ()
    """Wordings of levels that only this system uses; none: those of `law.toml`."""

    settings: dict[str, Any] = field(default_factory=dict)
    sampling: Sampling | None = None
    """Permission and form of looking up single dossiers; none: never."""

    @property
    def unproven(self) -> str:
        """Say, Vietnamese, that no operator has run the driver on the real system; empty where one has."""
        return "" if self.proven_live else UNPROVEN

    def in_force(self, period: Period) -> bool:
        """Say whether the system was the one in force on any day of a period."""
        return (self.valid_from is None or self.valid_from <= period.last) and (
            self.valid_to is None or period.first <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserLimits:
    """Limits of pages that need their scripts run: table `[network.browser]`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    page_seconds: float = 30.0
    """A page that does not answer us for so long is given up."""

    quiet_seconds: float = 8.0
    """Within which a page's scripts should fall silent; after that the page is taken as it is."""

    pages_per_visit: int = 600
    requests_per_page: int = 200
    turns: int = 200
    """Times that one list is scrolled on, asked for more or turned."""

    recycle_pages: int = 200
    """Pages after which a browser is closed and another opened."""

    recycle_minutes: float = 20.0
    memory_mib: int = 2048
    """Above which a browser is closed, with the page that made it so large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerGroup:
    """Hosts that stand on one platform and are asked at one pace, whatever their addresses."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    key: str
    hosts: tuple[str, ...]
    """Host names; one that begins with a dot stands for every host below it."""

    delay: float | None = None
    """Seconds between two requests to the group; None: the network's."""

    open_hours: str = ""
    """`22:00-06:00`, local time; empty: the network's."""

    def holds(self, host: str) -> bool:
        """Say whether a host belongs to the group."""
        return any(host == each or (each.startswith(".") and host.endswith(each)) for each in self.hosts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """Limits of files that pages offer, and of looking into them: table `[network.files]`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    per_visit: int = 2000
    """Files that one visit asks for."""

    mib_per_visit: int = 2000
    read_mib: int = 40
    """A larger file is kept and not looked into."""

    memory_mib: int = 1024
    """That the process which looks into files may use."""

    seconds: int = 20
    """Processor time for one file."""

    ocr: Literal["auto", "never"] = "auto"
    """`auto`: pages that are pictures are read where `tesseract` is there."""

    signature_roots: tuple[str, ...] = ()
    """PEM files beside the config: authorities whose signatures are trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotLimits:
    """Budget of captures of the pages that findings cite: table `[network.snapshots]`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    after_collect: bool = False
    """Capture after every `collect`, as long as the round is not frozen."""

    pages_per_agency: int = 40
    parts_per_page: int = 120
    """Images, styles, fonts and scripts of one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalNetwork:
    """Private addresses that names of one domain may have: split DNS."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    domains: tuple[str, ...]
    """Names; each stands for itself and for every name below it."""

    addresses: tuple[str, ...]
    """CIDR blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Limits and exceptions of fetching."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    allow: tuple[str, ...] = ()
    """`host:port` whose loopback or private address may be connected to."""

    internal: tuple[InternalNetwork, ...] = ()
    """Private networks whose addresses names of certain domains may have."""

    trust_roots: tuple[str, ...] = ()
    """PEM files beside the config whose authorities are added to the pinned bundle."""

    broken_tls: Literal["read", "refuse"] = "read"
    """What becomes of content behind a refused chain; the verdict is kept either way."""

    broken_tls_hosts: tuple[str, ...] = ()
    """With `refuse`: hosts whose content is read all the same."""

    fetch_intermediates: bool = False
    """Fetch the intermediate that a server forgot from where its certificate says."""

    proxy: str = ""
    """`http://host:port` or `https://host:port`; empty: connections are direct."""

    proxy_login: str = ""
    """Name of the environment variable that holds `user:password`; never the password itself."""

    proxy_resolves: bool = False
    """Names that do not resolve here are the proxy's to resolve."""

    no_proxy: tuple[str, ...] = ()
    """Hosts that are asked directly; each stands for itself and for every name below it."""

    user_agent: str = "minhchung/0.1 (+kiem chung thong tin cong; lien he don vi van hanh)"
    delay: float = 1.0
    """Seconds between requests to one address."""

    concurrency_per_host: int = 2
    concurrency: int = 32
    timeout_connect: float = 10.0
    timeout_read: float = 20.0
    timeout_total: float = 60.0
    """Seconds for one exchange, whatever drips in."""

    max_wire_bytes: int = 20_000_000
    max_decoded_bytes: int = 60_000_000
    max_redirects: int = 10
    visit_seconds: float = 1800.0
    """Deadline of one agency's visit."""

    run_seconds: float = 43_200.0
    """Deadline of a whole run: what it has not begun by then it does not ask for."""

    host_requests: int = 3000
    """Requests to one host in one visit."""

    host_bytes: int = 3_000_000_000
    """Bytes from one host in one visit, as transferred."""

    host_minutes: float = 30.0
    """Minutes from the first request to one host in one visit to the last."""

    open_hours: str = ""
    """`22:00-06:00`, local time: when servers may be asked; empty: always."""

    group: tuple[ServerGroup, ...] = ()
    robots: Literal["obey", "record"] = "obey"
    """`record` reads despite robots.txt; needs a mandate."""

    mandate: str = ""
    """Number and date of the document that orders reading despite robots.txt."""

    browser: BrowserLimits = BrowserLimits()
    files: FileLimits = FileLimits()
    snapshots: SnapshotLimits = SnapshotLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgenciesFile:
    """One file in `agencies/`: a registry; with `[network]` it is a whole minimal configuration."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    agency: tuple[Agency, ...]
    title: str = ""
    province: str = ""
    simulated: bool = False
    """True only in a simulated province's configuration: a simulated clock is refused elsewhere."""

    canaries: tuple[str, ...] = ()
    """Addresses that answer when our own side is healthy."""

    service_portal_hosts: tuple[str, ...] = ()
    """`host` or `host:port` of the public-service portal in force."""

    shared_hosts: tuple[str, ...] = ()
    shared_platform: tuple[SharedPlatform, ...] = ()
    network: Network | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleEntryConfig:
    """One line of the timetable."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    key: str
    cron: str
    """Five fields, local time (Asia/Ho_Chi_Minh), weekday names."""

    scope: Literal["lists", "host"] = "lists"
    agencies: tuple[str, ...] = ()
    """Codes; empty: all."""

    services: bool = False
    """Also query the service systems."""

    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """`timetable.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    schedule: tuple[ScheduleEntryConfig, ...]
    catch_up_days: int = 7
    """A run missed by more than this is reported, not caught up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A person has looked at an agency's portal: what was seen up to that day is no measure any more."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    agency: str
    day: date
    """Local."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitors:
    """What a visit is held against before anything is concluded from it. Percentages are whole numbers."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    min_items: int = 20
    list_rows: int = 20
    max_drop_percent: int = 60
    max_field_fall: int = 40
    min_attempts: int = 30
    max_failed_percent: int = 40
    max_newest_fall_days: int = 60
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlTerms:
    """`crawl.toml`: the words by which lists and sections are recognised (compared on k2)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    news: tuple[str, ...]
    legal_document: tuple[str, ...]
    directive: tuple[str, ...]
    question: tuple[str, ...]
    schedule_entry: tuple[str, ...]
    not_news: tuple[str, ...] = ()
    walk_depth: int = 3
    walk_pages: int = 400
    known_run: int = 20
    second_look_percent: int = 5
    """Share of the item pages read before that a later visit asks for again."""

    second_look_most: int = 40
    monitors: Monitors = Monitors()
