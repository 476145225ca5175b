"""`kill -9` of the server at random moments of a review: is a confirmed decision lost or doubled?

A reviewer keeps one label after another. At random some presses are followed, after a random part
of the time that an answer takes, by the end of the server; it starts again, and the review goes on.

    python -m bench.faults [--reviews 100] [--kills 20] [--database URL] [--seed 0]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from websockets.exceptions import ConnectionClosed

from bench.browser import Server, serve
from bench.reviewing import Reviewer
from bench.session import connection
from core.review.database import open_engine
from core.review.decision_tables import LOG

LINK = "model=article&reviewer=Ada"
KEY = "keep"


@dataclass
class Review:
    """What became of one review.

    Attributes:
        confirmed: Ids of the items whose decision was answered by the next item.
        in_doubt: Those whose server was killed before it answered.
        answers: Seconds from a press to the next item.
        kills: Of the server.
    """

    confirmed: list[str] = field(default_factory=list)
    in_doubt: list[str] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    kills: int = 0

    def against(self, written: list[str]) -> dict[str, int]:
        """How the log, the items of its rows, differs from what was confirmed."""
        return {
            "confirmed": len(self.confirmed),
            "lost": len(set(self.confirmed) - set(written)),
            "twice": sum(count - 1 for count in Counter(written).values()),
            "in doubt": len(self.in_doubt),
            "in doubt and written": len(set(self.in_doubt) & set(written)),
            "never asked for": len(set(written) - {*self.confirmed, *self.in_doubt}),
        }


def main() -> None:
    """Print the counts; exit code 1 if a decision was lost or is there twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", default="", help="its URL; a new SQLite file if not given")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.database or f"sqlite:///{Path(folder) / 'decisions.sqlite'}"
        review = killed_review(url, asked.reviews, asked.kills, asked.seed)
        found = review.against(written(url))
    print(f"{review.kills} kills:", ", ".join(f"{count} {name}" for name, count in found.items()))
    sys.exit(found["lost"] + found["twice"] + found["never asked for"] > 0)


def killed_review(url: str, reviews: int, kills: int, seed: int) -> Review:
    """A review of so many items, in the middle of which the server is killed so many times."""
    review = Review()
    turn = random.Random(seed)  # noqa: S311  no secret
    when = set(turn.sample(range(reviews), kills))
    done = 0
    while done < reviews:
        with _serving(url) as server:
            done = asyncio.run(_until_killed(server, review, done, reviews, when, turn))
    return review


def written(url: str) -> list[str]:
    """The item of each row of the log, in its order."""
    engine = open_engine(url)
    with engine.connect() as connected:
        found = connected.execute(sa.select(LOG.c.item).order_by(LOG.c.number)).scalars().all()
    engine.dispose()
    return list(found)


def _serving(url: str) -> AbstractContextManager[Server]:
    return serve(PENUMBRA_DECISIONS=url)


async def _until_killed(
    server: Server, review: Review, done: int, reviews: int, when: set[int], turn: random.Random
) -> int:
    """Review until the server dies or all is done; gives how many were pressed."""
    async with connection(server.url) as socket:
        person = Reviewer(socket, LINK, page="audit")
        await person.ask("")
        while done < reviews:
            item, dies = person.shown, done in when
            done += 1
            if not dies:
                start = time.perf_counter()
                await person.press(KEY)
                review.answers.append(time.perf_counter() - start)
                review.confirmed.append(item)
            elif not await _pressed_and_killed(server, person, review, turn):
                review.in_doubt.append(item)
                return done
            else:
                review.confirmed.append(item)
                return done
    return done


async def _pressed_and_killed(
    server: Server, person: Reviewer, review: Review, turn: random.Random
) -> bool:
    """Press, and kill the server at a random moment; whether it had answered before."""
    usual = sorted(review.answers)[len(review.answers) // 2] if review.answers else 0.2
    pressing = asyncio.create_task(person.press(KEY))
    await asyncio.sleep(turn.uniform(0, 1.3 * usual))
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    review.kills += 1
    try:
        await pressing
    except (ConnectionClosed, OSError):
        return False
    return True


if __name__ == "__main__":
    main()
