"""The writer of bundles: names of our own choosing, a complete list, an index that players can search."""

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from storage.merkle import inclusion_proof, leaf_hash, root_of
from storage.tree import Tree
from storage.wacz import WaczWriter, cdx_line, packed_index, sortable


@pytest.mark.parametrize(
    "name",
    [
        "../x.json",
        "/x.json",
        "archive/../x.json",
        "archive/.x.json",
        "a/b/c.json",
        "archive/x",
        "Á/x.json",
        "archive/a b.json",
    ],
)
def test_a_name_that_is_not_ours_is_refused(name: str) -> None:
    """No name in a bundle comes from hostile data."""
    with WaczWriter(io.BytesIO()) as wacz, pytest.raises(ValueError, match="no name"):
        wacz.add(name, [b""])


def test_the_list_names_every_file() -> None:
    """Path, digest and bytes; the list itself has a digest beside it."""
    stream = io.BytesIO()
    with WaczWriter(stream) as wacz:
        wacz.add("archive/x.warc.gz", [b"ab", b"c"])
        wacz.finish({"title": "Thử"})

    with zipfile.ZipFile(stream) as archive:
        package = json.loads(archive.read("datapackage.json"))
        assert archive.namelist() == ["archive/x.warc.gz", "datapackage.json", "datapackage-digest.json"]
    assert package["resources"] == [
        {
            "name": "archive-x.warc.gz",
            "path": "archive/x.warc.gz",
            "hash": "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "bytes": 3,
        }
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Thu.example.vn/Tin?b=2&a=1", "vn,example,thu)/tin?a=1&b=2"),
        ("http://thu.example.vn:8080", "vn,example,thu:8080)/"),
        ("http://127.0.0.1:81/x/", "1,0,0,127:81)/x"),
        ("https://thu.example.vn:443/", "vn,example,thu)/"),
        ("http://[x", "http://[x"),
    ],
)
def test_an_address_is_sortable_as_players_sort_it(url: str, expected: str) -> None:
    """SURT, as pywb looks it up."""
    assert sortable(url) == expected


def test_the_index_is_sorted_and_its_blocks_are_found() -> None:
    """`index.idx` says where each block of `index.cdx.gz` begins."""
    at = datetime(2021, 10, 4, 1, 2, 3, tzinfo=UTC)
    lines = [cdx_line(f"http://x.vn/{n:04}", at, {"n": str(n)}) for n in range(700, -1, -1)]
    packed, over = packed_index(lines)
    places = [json.loads(line.split(" ", 2)[2]) for line in over.decode().splitlines()[1:]]

    assert gzip.decompress(packed).decode() == "".join(sorted(lines))
    assert len(places) == 3
    for place in places:
        block = packed[place["offset"] : place["offset"] + place["length"]]
        assert gzip.decompress(block).decode().splitlines(keepends=True)[0] in lines


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 100])
def test_many_proofs_at_once_are_those_of_the_definition(size: int) -> None:
    """RFC 9162, 2.1.3: the same as leaf by leaf."""
    leaves = [leaf_hash(b"%d" % n) for n in range(size)]
    tree = Tree(leaves)

    assert tree.root() == root_of(leaves)
    assert [tree.proof(n) for n in range(size)] == [inclusion_proof(n, leaves) for n in range(size)]
    with pytest.raises(IndexError):
        tree.proof(size)
