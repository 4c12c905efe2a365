"""The catalogue made anew from archive and log alone."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from minhchung.errors import LogError
from storage.catalogue import Catalogue, remove
from storage.checkpoint import load_signer
from storage.disk import refusals, sync_folder
from storage.home import Home, WriterLock
from storage.log import LogFiles
from storage.merkle import Frontier, leaf_hash
from storage.recovery import open_log
from storage.rereading import Reader, read_again, top_up
from storage.settling import settle


def rebuild(home: Home, reread: Reader) -> int:
    """Replace the catalogue by one made from archive and log; return the number of leaves.

    `reread` says what readers see in a page. The old catalogue stays until the new one is whole. Raises
    BusyError while somebody writes, LogError or FixityError where log or archive are not what was signed.
    """
    home.require()
    lock = WriterLock(home)
    with ExitStack() as undo:
        undo.callback(lock.abandon)
        settle(home)
        private = home.keys / "log.key"
        if private.exists():
            open_log(home.log, home.archive, load_signer(private, home.log / "key")).close()
        else:
            _verify(LogFiles(home.log))
        fresh = home.catalogue.with_name(f"{home.catalogue.name}.new")
        remove(fresh)
        leaves = _fill(home, fresh, reread)
        with refusals(home.catalogue):
            remove(home.catalogue)
            fresh.replace(home.catalogue)
            sync_folder(home.path)
        undo.pop_all()
    lock.release()
    return leaves


def rebuild_aside(home: Home, reread: Reader) -> int:
    """Make a catalogue where `home.catalogue` points, outside the home; return the number of leaves."""
    return _fill(home, home.catalogue, reread)


def _verify(files: LogFiles) -> None:
    """Hold the entries against their signed head, as in a copy that was given away without its key."""
    signed = files.read_checkpoint()
    frontier = Frontier()
    for entry in files.lines(files.entries):
        frontier.append(leaf_hash(entry))
    if signed is None or (frontier.size, frontier.root()) != (signed.size, signed.root):
        raise LogError(f"{files.entries}: is not what was signed; run `minhchung check`")


def _fill(home: Home, path: Path, reread: Reader) -> int:
    catalogue = Catalogue(path, writer=True)
    try:
        with catalogue.writing() as connection:
            leaves = top_up(connection, LogFiles(home.log), home.archive)
            read_again(connection, home.archive, reread)
        with catalogue.reading() as connection:
            # One file is put in place, so nothing may stay behind in the write-ahead log.
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        catalogue.close()
    return leaves
