"""What a page answers, in a sentence below its title; the evidence follows."""

from __future__ import annotations

from core.measures.filters import Filter
from core.reading.errors import counted
from core.reading.reading import Reading
from core.review.audit import Audit
from core.review.doubted import describe_doubted
from core.stored.study_entry import Entry
from core.trust.wording import percent
from ui import cache
from ui.picked import Picked
from ui.words import plain, short


def doubted_labels(audit: Audit, picked: Picked) -> str:
    """How many labels the model contradicts, and which it doubts most."""
    bold, rest = describe_doubted(audit.ranking, audit.dataset, picked.noun)
    return f"**{plain(bold)}** {plain(rest)}"


def what_it_reads(picked: Picked) -> str:
    """How often a model is right, and what it says of one's own picture."""
    noun, shown = picked.noun, cache.shown(picked.key, Filter())
    rest = "it says what it reads, how sure it is, and what kind of unsure."
    if not (number := len(picked.dataset.labelled)):
        return f"Of your {noun.one} {rest}"
    right = percent(shown.accuracy())
    return (
        f"**{plain(picked.title)} is right on {right} of {noun.counted(number)}.** Of yours {rest}"
    )


def what_is_here(entries: list[Entry]) -> str:
    """Which studies there are, and what a file becomes."""
    if len(entries) == 1:
        here, yours = f"{plain(short(entries[0].title))} is open here.", "beside it"
    else:
        here, yours = f"{counted(len(entries), 'study', 'studies')} are open here.", "beside them"
    return f"**{here}** Drop a file of predictions, and yours opens {yours}."


def what_was_read(reading: Reading) -> str:
    """What some files hold, and whether anything is to be asked."""
    models = counted(len(reading.models), "model")
    what = f"{counted(len(reading), 'item')} of {len(reading.class_names):,} classes by {models}"
    if reading.is_final:
        return f"**These files hold {what}.** They can be opened as they are."
    asked = counted(len(reading.questions), "question")
    return f"**These files hold {what}**, if the likeliest answer to {asked} is right."
