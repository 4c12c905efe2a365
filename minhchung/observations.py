"""What readers and drivers saw, each with the place it was seen at: the union of all observations.

Readers say what stands there; they never judge. Text is NFC. Days are local (Asia/Ho_Chi_Minh).
Every observation carries `kind` (its type in stores and files), `agency`, `run` and `seen`.
"""

from __future__ import annotations

from minhchung.crawled import (
    FeedRead,
    ListCapture,
    RedirectChain,
    SearchProbe,
    SitemapRead,
    TlsCheck,
    Walk,
    WalkedPage,
)
from minhchung.dossiers import (
    CoverageTally,
    DossierTally,
    IndexScore,
    Procedure,
    ServiceHealth,
    ServiceOffer,
    SourceAgency,
    Workflow,
)
from minhchung.items import Article, Directive, Item, LegalDocument, NewsItem, Question, ScheduleEntry
from minhchung.pages import (
    Attachment,
    Block,
    FormControl,
    ImageFile,
    PageForm,
    PageGlance,
    PageImage,
    PageLink,
    Region,
    SitePage,
)
from minhchung.seen import Seen

__all__ = [
    "Article",
    "Attachment",
    "Block",
    "CoverageTally",
    "Directive",
    "DossierTally",
    "FeedRead",
    "FormControl",
    "ImageFile",
    "IndexScore",
    "Item",
    "LegalDocument",
    "ListCapture",
    "NewsItem",
    "Observation",
    "PageForm",
    "PageGlance",
    "PageImage",
    "PageLink",
    "Procedure",
    "Question",
    "RedirectChain",
    "Region",
    "ScheduleEntry",
    "SearchProbe",
    "Seen",
    "ServiceHealth",
    "ServiceOffer",
    "SitePage",
    "SitemapRead",
    "SourceAgency",
    "TlsCheck",
    "Walk",
    "WalkedPage",
    "Workflow",
]

Observation = (
    SitePage
    | PageGlance
    | Attachment
    | ImageFile
    | NewsItem
    | LegalDocument
    | Directive
    | Article
    | Question
    | ScheduleEntry
    | ListCapture
    | Walk
    | SearchProbe
    | FeedRead
    | SitemapRead
    | TlsCheck
    | RedirectChain
    | DossierTally
    | ServiceOffer
    | Procedure
    | Workflow
    | ServiceHealth
    | CoverageTally
    | IndexScore
    | SourceAgency
)
