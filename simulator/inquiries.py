"""Citizens' questions: answered in time, late, not at all, not yet due, without a day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from simulator import words
from simulator.almanac import FIRST, this_or_next_working_day
from simulator.model import Inquiry

SECTION: Final = "hoi-dap"
DEADLINE_DAYS: Final = 10
"""Calendar days from the question, moved to the next working day."""

_LAST_DUE: Final = date(2021, 9, 30)
_NOT_DUE: Final = date(2021, 10, 29)
_LEAST_ANSWER: Final = 30
_REFERRED: Final = "Đã chuyển bộ phận."


def due_day(asked: date) -> date:
    """Return the last day on which an answer is in time."""
    return this_or_next_working_day(asked + timedelta(days=DEADLINE_DAYS))


def is_answer(text: str) -> bool:
    """Tell whether a text is long enough to be an answer."""
    return sum(letter.isalnum() for letter in text) >= _LEAST_ANSWER


def ask_questions(code: str, index: int, seed: int, way: str) -> list[Inquiry]:
    """Return the questions of one portal, numbered from 0."""
    draw = random.Random(f"{seed}/{code}/questions")
    if way == "none-in-period":
        return [_asked(draw, n, date(2019, 3, 4) + timedelta(days=40 * n), 3) for n in range(3)]
    if way != "list":
        return []
    count = 8 + (index * 5) % 13
    late_share = (0.0, 0.15, 0.5)[index % 3]
    span = (_LAST_DUE - FIRST).days
    told = []
    for n in range(count):
        day = FIRST + timedelta(days=1 + draw.randrange(span))
        wait = draw.randint(18, 45) if draw.random() < late_share else draw.randint(1, 8)
        told.append(_asked(draw, n, day, wait))
    if late_share:
        told.append(_unanswered(draw, count, FIRST + timedelta(days=100)))
        told.append(_unanswered(draw, count + 1, FIRST + timedelta(days=200), _REFERRED))
    told.append(_unanswered(draw, len(told), _NOT_DUE))
    if index % 2 and count > DEADLINE_DAYS:
        told.append(_undated(draw, len(told)))
    return told


def _asked(draw: random.Random, number: int, day: date, wait: int) -> Inquiry:
    answer = "Cơ quan xin được trả lời như sau. " + words.paragraph(draw, 2)
    return _inquiry(draw, number, day, day, answer, day + timedelta(days=wait))


def _unanswered(draw: random.Random, number: int, day: date, answer: str = "") -> Inquiry:
    answered = day + timedelta(days=2) if answer else None
    return _inquiry(draw, number, day, day, answer, answered)


def _undated(draw: random.Random, number: int) -> Inquiry:
    day = FIRST + timedelta(days=150)
    answer = "Cơ quan xin được trả lời như sau. " + words.paragraph(draw, 2)
    return _inquiry(draw, number, day, None, answer, day + timedelta(days=4))


def _inquiry(
    draw: random.Random, number: int, posted: date, asked: date | None, answer: str, answered: date | None
) -> Inquiry:
    topic, place = draw.choice(words.TOPICS), words.village(draw)
    return Inquiry(
        number=number,
        lists=(SECTION,),
        title=f"Hỏi về việc {topic} ở bản {place}",
        posted=posted,
        printed=asked,
        question=f"Xin hỏi cơ quan về việc {topic}. {words.sentence(draw)} Tôi cần làm gì tiếp theo?",
        asked=asked,
        answer=answer,
        answered=answered,
    )
