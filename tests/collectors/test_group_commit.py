"""Visits that end together are sealed together, and none goes on before it is sealed."""

from __future__ import annotations

import asyncio

from collectors.group_commit import GroupCommit
from minhchung.errors import StorageError
from tests.collectors.memory import Memory


class Full(Memory):
    """A recorder on a full disk."""

    def commit(self) -> None:
        """Refuse."""
        raise StorageError("no room")


async def _end(group: GroupCommit, recorder: Memory, seen: list[int], after: float = 0.0) -> None:
    with group.visiting():
        await asyncio.sleep(after)
        await group.commit()
        seen.append(recorder.commits)


async def test_visits_that_end_at_once_share_one_commit() -> None:
    """A commit waits for the disk four times; thirty-two visits need not do that one after the other."""
    recorder, seen = Memory(), list[int]()
    group = GroupCommit(recorder)

    await asyncio.gather(*(_end(group, recorder, seen) for _ in range(32)))

    assert recorder.commits == 1
    assert seen == [1] * 32


async def test_a_visit_does_not_wait_for_one_that_goes_on() -> None:
    """The slowest portal of a province takes half an hour."""
    recorder, seen = Memory(), list[int]()
    group = GroupCommit(recorder)
    going_on = asyncio.create_task(_end(group, recorder, seen, after=3600))
    await asyncio.sleep(0)

    await _end(group, recorder, seen)
    going_on.cancel()
    await asyncio.gather(going_on, return_exceptions=True)

    assert seen == [1]


async def test_a_disk_that_refuses_is_told_to_every_visit() -> None:
    """None of them may think that it was sealed."""
    recorder = Full()
    group = GroupCommit(recorder)

    ends = await asyncio.gather(*(_end(group, recorder, []) for _ in range(3)), return_exceptions=True)

    assert [type(end) for end in ends] == [StorageError] * 3


async def test_what_is_sealed_later_needs_a_commit_of_its_own() -> None:
    """A commit covers what was appended before it."""
    recorder, seen = Memory(), list[int]()
    group = GroupCommit(recorder)
    for _ in range(2):
        await _end(group, recorder, seen)

    assert seen == [1, 2]
