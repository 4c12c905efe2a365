"""A bundle: evidence, proofs, observations, scores and rules in one file that outsiders can verify."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, BinaryIO, Final, Literal

from collectors.charset import text as characters
from minhchung import VERSION
from minhchung.agencies import PROVINCE, Agency
from minhchung.errors import UsageError
from minhchung.evidence import CANARY
from minhchung.holdings import Holdings
from minhchung.observations import Attachment, SitePage
from minhchung.sightings import MANUAL
from scoring.digest import canonical
from scoring.printed import printed_place, printed_standing, printed_total
from service.act_records import as_plain
from service.bundled_incidents import add_incidents
from service.held_lines import lines, observations_of, without_names, without_persons, without_words
from service.measuring import Judge, until
from service.personal_data import is_text
from service.settings import Settings
from service.sighting_records import as_plain as as_plain_sighting
from service.standings import Concluded, conclude
from service.visit_secrets import VisitSecrets
from storage.codec import dump_figures
from storage.excerpt import SealedLeaf, SealedLog, by_file, opened
from storage.home import Home
from storage.leaf import instant_of
from storage.members import WarcRecord
from storage.merkle import leaf_hash
from storage.quarantine import HEAD_BYTES as STAMPED_BYTES
from storage.quarantine import stamp_of
from storage.store import Store
from storage.wacz import WaczWriter, cdx_line, json_line, packed_index

FORMAT: Final = "minhchung-bundle 1"

BundleClass = Literal["full", "party", "public"]
CLASSES: Final[tuple[BundleClass, ...]] = ("full", "party", "public")

_OUR_OWN: Final = frozenset({"warcinfo", "config", "claim", "visit"})
"""Kinds of leaves that hold our own words about our own work."""

_HANDED_IN: Final = frozenset({"submission", "proof", "owner-export", "letter-file"})
"""Kinds of leaves that are files which people handed in: nobody published them."""

LEFT_OUT: Final = ("network.toml", "timetable.toml", "rounds/")
"""Configuration that moves no point of this round; the round itself is added by name."""


@dataclass(frozen=True, slots=True)
class Written:
    """What went into a bundle."""

    agencies: int
    leaves: int
    members: int
    withheld: int
    secret: tuple[str, ...]
    """Records that bear the stamp of a state secret, with their pictures: they stay in the house."""

    checkpoint_size: int


@dataclass
class Bundle:
    """One bundle in the making: what is chosen, what is withheld and why."""

    settings: Settings
    store: Store
    concluded: Concluded
    agencies: Sequence[Agency]
    kind: BundleClass
    whole: bool
    """It speaks of every agency of the round."""

    log: SealedLog
    withheld: dict[int, dict[str, Any]] = field(default_factory=dict)
    unrepeatable: list[list[str]] = field(default_factory=list)
    """(agency, component) that masked observations no longer give."""

    titles: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Records that are withheld for what they say."""

    named: dict[str, frozenset[str]] = field(default_factory=dict)
    """Citizens' names that stand in a withheld record."""

    secret: set[str] = field(default_factory=set)
    """Those of them that bear the stamp of a state secret."""

    taken_out: set[str] = field(default_factory=set)
    """Records that a sealed act took out of the archive."""

    secrets: VisitSecrets = field(default_factory=VisitSecrets)
    asked: set[str] = field(default_factory=set)
    """Records in which a citizen's question was seen."""

    stamped: set[str] = field(default_factory=set)
    """Files in whose text a stamp was read when they were collected."""

    beside: dict[str, str] = field(default_factory=dict)
    """Record -> the record that it was captured with."""

    owners: set[str] = field(default_factory=set)
    """Owners' workbooks on which figures of the chosen agencies rest."""

    workbooks: set[str] = field(default_factory=set)
    """Their SHA-256: the reading of a workbook is a record of its own and names it so."""

    index: list[str] = field(default_factory=list)
    members: int = 0

    @cached_property
    def judge(self) -> Judge:
        """The round's verifiers."""
        return Judge.of(self.settings, self.concluded.round)

    # --- what is held ----------------------------------------------------------------------------

    def add_agency(self, wacz: WaczWriter, agency: Agency) -> None:
        """Add what is held of one agency, what it and owners submitted, and its scores."""
        held = self.store.holdings(agency, until(self.concluded.round))
        self._remember(held)
        public = self.kind == "public"
        kept = self.store.said_of(agency.code, until(self.concluded.round))
        said = list(lines(held, kept, self._masked, self.secrets.told))
        if public or self.secret:
            self._measure_masked(held, said)
        wacz.add(f"observations/{agency.code}.jsonl", map(json_line, said))
        figures: Any = dump_figures(held.submitted, held.owner_figures)
        rulings = [as_plain(r) for r in self.concluded.rulings.get(agency.code, {}).values()]
        if rulings:
            figures["rulings"] = rulings
        seen = [as_plain_sighting(w) for w in self.concluded.sightings.get(agency.code, {}).values()]
        if seen:
            figures["sightings"] = seen
        wacz.add_json(
            f"submissions/{agency.code}.json",
            without_persons(figures, self.settings.personal) if public else figures,
        )
        place = self._place(agency.code)
        if place is not None:
            wacz.add_json(f"scores/{agency.code}.json", place)

    def _place(self, code: str) -> dict[str, Any] | None:
        try:
            place = self.concluded.place(code)
        except KeyError:
            return None  # it did not exist during the round's period
        return {"place": printed_place(place), "total": printed_total(place.total)}

    def _remember(self, held: Holdings) -> None:
        self.owners.update(figure.seen.record for figure in held.owner_figures)
        for observation in held.observations:
            match observation:
                case SitePage(title=title, seen=seen):
                    self.titles[seen.record] = title
                case _:
                    pass

    def _masked(self, said: Any) -> Any:
        """Return what an observation says; of a withheld page without what it was withheld for."""
        record = said["seen"]["record"]
        if record in self.secret:
            return without_words(said)
        if record not in self.hidden:
            return said
        return without_names(without_persons(said, self.settings.personal), self.named.get(record, ()))

    def _measure_masked(self, held: Holdings, said: list[dict[str, Any]]) -> None:
        """Note which components are measured otherwise once personal data is masked."""
        spoilt = self.concluded.incidents
        before = self.judge.measure(held, incidents=spoilt)
        masked = replace(held, observations=observations_of(said))
        after = self.judge.measure(masked, incidents=spoilt)
        self.unrepeatable += [
            [held.agency.code, code]
            for code, result in before.items()
            if canonical(result) != canonical(after[code])
        ]

    # --- what is sealed --------------------------------------------------------------------------

    def screen(self) -> None:
        """Withhold what is not handed out of the chosen agencies, before anything is written."""
        codes = {agency.code for agency in self.agencies}
        for code in codes:
            self.asked.update(question.seen.record for question in self.store.kept(code, ("question",)))
            files = self.store.kept(code, ("attachment",))
            self.stamped.update(
                each.seen.record for each in files if isinstance(each, Attachment) and _stamp(each)
            )
        pictures: list[SealedLeaf] = []
        for one in self.log.leaves:
            asked_for = self.whole or one.leaf.agency in codes or one.leaf.kind == "annex"
            if one.leaf.kind in _OUR_OWN or not asked_for:
                continue
            if self.log.is_pruned(one):
                self._withhold(one, "pruned")
                self.taken_out.add(one.leaf.members[0].id)
                continue
            record = opened(self.log.members(one)[0])
            if page := record.field("warc-concurrent-to").strip("<>"):
                self.beside[one.leaf.members[0].id] = page
            if self._keeps_back(one, record):
                self.hidden.add(one.leaf.members[0].id)
            elif record.field("content-type").startswith("image/"):
                pictures.append(one)
        self._withhold_pictures(pictures)
        # Of a record that was taken out, too: what is to be forgotten must not be guessed from its digest.
        self.secrets = VisitSecrets.of(self.log, {*self.hidden, *self.taken_out})

    def _withhold_pictures(self, pictures: Sequence[SealedLeaf]) -> None:
        """Withhold pictures of pages that are withheld: what stands on a page stands on its picture."""
        leaves = {one.leaf.members[0].id: one for one in self.log.leaves}
        reasons = {self._page(record): self.withheld[leaves[record].index] for record in sorted(self.hidden)}
        for record in self.secret:
            reasons[self._page(record)] = self.withheld[leaves[record].index]
        for one in pictures:
            why = reasons.get(self._page(one.leaf.members[0].id))
            if why is not None:
                self._withhold(one, why["reason"], why["found"])
                self.hidden.add(one.leaf.members[0].id)

    def _page(self, record: str) -> str:
        """Return the page that a record was captured with; the record itself where it is none's."""
        while record in self.beside:
            record = self.beside[record]
        return record

    def chosen(self) -> list[SealedLeaf]:
        """Return the leaves that the bundle speaks of, in the order of the log."""
        if self.whole:
            return list(self.log.leaves)
        codes = {agency.code for agency in self.agencies}
        mine = [one for one in self.log.leaves if one.leaf.agency in codes or self._ours(one)]
        files = {one.file for one in mine}
        heads = [one for one in self.log.leaves if one.leaf.kind == "warcinfo" and one.file in files]
        return sorted([*mine, *heads], key=lambda one: one.index)

    def _ours(self, one: SealedLeaf) -> bool:
        """Say whether a leaf of the province's own is in every bundle: config, annexes, owners' workbooks."""
        if one.leaf.agency != PROVINCE:
            return False
        if one.leaf.kind in ("config", "annex") or one.leaf.source == CANARY:
            return True
        workbook = one.leaf.url.rpartition(":")[2]
        if one.leaf.kind == "submission" and one.leaf.members[0].id in self.owners:
            self.workbooks.add(workbook)
        if one.leaf.kind not in ("submission", "figures") or workbook not in self.workbooks:
            return False
        if self.kind != "full":
            self._withhold(one, "other-parties")
        return True

    def _withhold(self, one: SealedLeaf, reason: str, found: Sequence[str] = ()) -> None:
        said = {"index": one.index, "leaf": leaf_hash(one.entry).hex(), "reason": reason}
        self.withheld[one.index] = {**said, "found": list(found)}

    def because(self, reason: str) -> list[int]:
        """Return the leaves that are withheld for a reason."""
        return sorted(index for index, said in self.withheld.items() if said["reason"] == reason)

    def add_archive(self, wacz: WaczWriter, leaves: Sequence[SealedLeaf]) -> None:
        """Copy the members, byte for byte, into files of the names they have in the archive."""
        for file, mine in by_file(leaves):
            if all(one.index in self.withheld or one.leaf.kind == "warcinfo" for one in mine):
                for one in mine:
                    if one.leaf.kind == "warcinfo":
                        self._withhold(one, "nothing-else-of-its-file")
                continue
            wacz.add(f"archive/{file}", self._copy(file, mine))

    def _copy(self, file: str, leaves: Sequence[SealedLeaf]) -> Iterator[bytes]:
        offset = 0
        for one in leaves:
            if one.index in self.withheld:
                continue
            stored = self.log.members(one)
            if one.index in self.secrets.kept_back:
                del stored[1:]
            if one.leaf.kind in ("response", "revisit"):
                place = {"filename": file, "offset": str(offset), "length": str(len(stored[0]))}
                self._point_to(one, opened(stored[0]), place)
            for part in stored:
                yield part
                offset += len(part)
                self.members += 1

    def _keeps_back(self, one: SealedLeaf, record: WarcRecord) -> bool:
        """Withhold a record that may not be handed out; say whether that was so."""
        declared = record.field("content-type")
        if one.leaf.kind in ("response", "revisit"):
            named = [value for name, value in record.http()[1] if name.casefold() == "content-type"]
            declared = named[0] if named else ""
        payload = record.payload()
        shown = payload
        if is_text(declared):
            shown = characters(payload[:STAMPED_BYTES], declared).encode("utf-8", "replace")
        if one.leaf.members[0].id in self.stamped or stamp_of(shown):
            self._withhold(one, "state-secret")
            self.secret.add(one.leaf.members[0].id)
            return True
        if self.kind != "public":
            return False
        if one.leaf.source == MANUAL:
            # What somebody was shown because they logged in was not published by anybody.
            self._withhold(one, "behind-login")
            return True
        if one.leaf.kind in _HANDED_IN:
            self._withhold(one, "workbook")
            return True
        questions = one.leaf.kind == "figures" or one.leaf.members[0].id in self.asked
        said = self.settings.personal.found_in(payload, declared, questions=questions)
        found = (*said, *self.settings.personal.found_in_address(one.leaf.url))
        if found:
            self.named[one.leaf.members[0].id] = self.settings.personal.named_in(payload, declared)
            self._withhold(one, "personal-data", found)
        return bool(found)

    def _point_to(self, one: SealedLeaf, record: WarcRecord, place: dict[str, str]) -> None:
        first, headers, _ = record.http()
        named = [value for name, value in headers if name.casefold() == "content-type"]
        mime = "warc/revisit" if one.leaf.kind == "revisit" else (named or ["unk"])[0].partition(";")[0]
        said = {
            "mime": mime.strip() or "unk",
            "status": [*first.split(" "), ""][1],
            "digest": record.field("warc-payload-digest"),
            **place,
        }
        self.index.append(cdx_line(record.field("warc-target-uri"), instant_of(one.leaf.fetched_at), said))

    # --- what ties it together -------------------------------------------------------------------

    def add_pages(self, wacz: WaczWriter, leaves: Sequence[SealedLeaf]) -> None:
        """Add the pages that a player offers, and the index of captures."""
        index, over = packed_index(self.index)
        wacz.add("indexes/index.cdx.gz", [index])
        wacz.add("indexes/index.idx", [over])
        pages: list[dict[str, Any]] = [{"format": "json-pages-1.0", "id": "pages", "title": "Trang"}]
        for one in leaves:
            record = one.leaf.members[0].id
            if one.leaf.kind == "response" and one.index not in self.withheld and record in self.titles:
                title = self.titles[record]
                shown = without_persons(title, self.settings.personal) if self.kind == "public" else title
                ts = one.leaf.fetched_at[:19] + "Z"
                pages.append({"id": str(one.index), "url": one.leaf.url, "ts": ts, "title": shown})
        wacz.add("pages/pages.jsonl", map(json_line, pages))

    def add_rules(self, wacz: WaczWriter) -> None:
        """Add the configuration that made the scores, each file under its digest."""
        sealed = {
            one.leaf.members[0].payload_sha256: one.index
            for one in self.log.leaves
            if one.leaf.kind == "config"
        }
        round_ = f"rounds/{self.concluded.round.id}.toml"
        listed, written = [], set()
        for name, data in self.settings.files():
            if name != round_ and name.startswith(LEFT_OUT):
                continue
            digest = sha256(data).hexdigest()
            if digest not in written:
                wacz.add(f"rules/{digest}.toml", [data])
                written.add(digest)
            listed.append({"name": name, "sha256": digest, "leaf": sealed.get(digest)})
        wacz.add_json("rules/files.json", listed)

    def add_proofs(self, wacz: WaczWriter, leaves: Sequence[SealedLeaf]) -> None:
        """Add checkpoint, key, leaves with their proofs, and what was withheld."""
        wacz.add("proofs/checkpoint.txt", [self.log.note])
        wacz.add("proofs/key.txt", [self.log.key])
        for name, content in self.log.stamped():
            wacz.add(f"proofs/{name}", [content])
        wacz.add("proofs/leaves.jsonl", (json_line(self.log.proof_line(one)) for one in leaves))
        chosen = {one.index for one in leaves}
        for one in self.log.leaves:
            if one.index in self.secrets.kept_back & chosen:
                self._withhold(one, "blinding")
        wacz.add_json("proofs/withheld.json", [self.withheld[index] for index in sorted(self.withheld)])
        said = {
            "format": FORMAT,
            "class": self.kind,
            "masked": self.kind == "public" or bool(self.secret),
            "whole": self.whole,
            "round": self.concluded.round.id,
            "stage": self.concluded.stage,
            "agencies": [agency.code for agency in self.agencies],
            "unrepeatable": self.unrepeatable,
            "software": f"minhchung {VERSION}",
        }
        wacz.add_json("proofs/bundle.json", said)


def _stamp(file: Attachment) -> str:
    return file.facts.stamp if file.facts is not None else ""


def export(
    settings: Settings,
    store: Store,
    stream: BinaryIO,
    *,
    kind: BundleClass,
    agency: str = "",
    round_name: str = "",
) -> Written:
    """Write one bundle; equal home and config give equal bytes.

    Without an agency it holds the whole round. Raises UsageError for a class that does not fit,
    FixityError or LogError where the archive is not as sealed.
    """
    if kind == "party" and not agency:
        raise UsageError("--class party is one agency's own matter: name it with --agency")
    if agency:
        settings.agency(agency)
    concluded = conclude(settings, store, round_name)
    settings.touch()
    chosen = [each for each in concluded.registry if not agency or each.code == agency]
    if not chosen:
        raise UsageError(f"agency {agency} is not in the registry of round {concluded.round.id}")
    log = SealedLog(Home(settings.home))
    bundle = Bundle(settings, store, concluded, chosen, kind, not agency, log)
    bundle.screen()
    with WaczWriter(stream) as wacz:
        for each in chosen:
            bundle.add_agency(wacz, each)
        add_incidents(wacz, store, concluded, {each.code for each in chosen})
        if bundle.whole:
            wacz.add_json("scores/standing.json", printed_standing(concluded.standing))
        if concluded.accuracies:
            wacz.add_json("scores/accuracy.json", [asdict(each) for each in concluded.accuracies.values()])
        leaves = bundle.chosen()
        bundle.add_archive(wacz, leaves)
        bundle.add_pages(wacz, leaves)
        bundle.add_rules(wacz)
        bundle.add_proofs(wacz, leaves)
        newest = max(one.leaf.fetched_at for one in leaves)[:19] + "Z"
        title = f"minhchung: {concluded.round.title}" + (f", {chosen[0].name}" if agency else "")
        wacz.finish({"title": title, "created": newest, "software": f"minhchung {VERSION}"})
    secret = tuple(log.leaves[n].leaf.members[0].id for n in bundle.because("state-secret"))
    withheld = len(bundle.withheld)
    return Written(len(chosen), len(leaves), bundle.members, withheld, secret, log.checkpoint.size)
