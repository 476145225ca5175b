"""Which axes and which colour the scatter has."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.figures.positions import View
from core.measures.register import BY_COLUMN
from core.measures.table import MAP
from ui import plain_language
from ui.feature_map import can_lay_out, lay_out
from ui.picked import Picked
from ui.plain_language import VIEWS, is_plain, offered
from ui.readers import flag, one_of
from ui.state import Field, value, widget

TITLES = {
    "doubt": "Uncertainty by class",
    "article": "The article’s plot",
    "entropy": "Confidence × entropy",
    "split": "Aleatoric × epistemic",
    "map": "The map",
    "free": "Custom axes",
}
NOTES = {
    "doubt": "What the model leaves to all other classes, on a logarithmic axis: the higher, the"
    " less sure. It tells how much doubt there is, not of which kind.",
    "article": "The article calls this maximum probability “aleatoric uncertainty”. It is neither"
    " aleatoric nor an uncertainty: it is the model’s confidence, and the uncertain lie **low**.",
    "article up": "1 − maximum probability: what confidence leaves to the other classes, so that up"
    " means unsure. It tells how much doubt there is, not of which kind.",
    "entropy": "Two summaries of the same class probabilities: confidence looks at the best class"
    " only, entropy at how the rest is spread.",
    "split": "Expected entropy estimates ambiguity in the item itself (**aleatoric**), mutual"
    " information how much the members disagree (**epistemic**). The two are more correlated than"
    " the names suggest: see the [glossary](glossary#mutual_information).",
    "map": "Items that look alike to the network lie together (t-SNE of its features)."
    " Neighbourhoods mean something; distances and directions do not.",
    "map plain": "The two directions along which the network’s features vary most (principal"
    " directions; more than 20,000 items are too many for t-SNE). What lies together may still be"
    " apart in the other directions.",
    "free": "Any measure against any other.",
}
WANTED = {
    "split": "several members: values of shape (members, items, classes)",
    "map": "what the network sees of each item: an array `features` of shape (items, features), or"
    " a column of lists",
}
PLAIN_TITLE = "Confidence by class"
PLAIN_NOTE = (
    "How sure the model sounds of each item, class by class: its largest probability. That is"
    " neither aleatoric nor epistemic, and the uncertain lie **low**."
)
"""For studies of which no article was written."""
LOG_HELP = "Spreads out what crowds at 0 or 1. Confidence is then drawn as 1 − confidence."


def view_controls(picked: Picked, beside: DeltaGenerator) -> tuple[View, str, str]:
    """The axes, the colour and a note on them: what people chose of what says something here.

    Args:
        picked: Whose items are shown.
        beside: Where the controls of one view go.
    """
    columns, names = picked.columns, views_in(picked)
    names = offered(names, value(Field("view", names[0], one_of(names))), VIEWS)
    classes = _classes(picked)
    name = st.segmented_control(
        "View",
        names,
        format_func={name: _title(name, picked) for name in names}.__getitem__,
        required=True,
        label_visibility="collapsed",
        **widget(Field("view", names[0], one_of(names))),
    )
    if name == "map" and not set(MAP) <= set(picked.scores):
        lay_out(picked)
    with beside:
        colour = _colour_control(columns, classes)
        view = _axes(name, columns, classes)
    if is_plain() and name in VIEWS:
        return view, colour, plain_language.NOTES[name]
    return view, colour, " ".join([_note(name, view, picked), *_not_here(picked, names)])


def first_view(picked: Picked) -> tuple[View, str]:
    """The axes and the colour that Explore opens with, where it is known how sure the model is."""
    classes = _classes(picked)
    return _by_class(classes), next(iter(_class_colours(classes)))


def _classes(picked: Picked) -> str:
    return "label" if len(picked.dataset.labelled) else "prediction"


def _title(name: str, picked: Picked) -> str:
    if is_plain() and name in VIEWS:
        return VIEWS[name]
    return PLAIN_TITLE if name == "article" and picked.key.version else TITLES[name]


def _note(name: str, view: View, picked: Picked) -> str:
    if name == "article" and view.y != "confidence":
        return NOTES["article up"]
    if name == "map" and picked.model.map_method == "principal directions":
        return NOTES["map plain"]
    return PLAIN_NOTE if name == "article" and picked.key.version else NOTES[name]


def views_in(picked: Picked) -> list[str]:
    """The views that this model's table allows."""
    needed = {
        "doubt": {"least_confidence"},
        "article": {"confidence"},
        "entropy": {"confidence", "predictive_entropy"},
        "split": {"expected_entropy", "mutual_information"},
        "map": set(MAP),
        "free": {"confidence"},
    }
    known = {*picked.columns, *(name for name in MAP if name in picked.scores)}
    if can_lay_out(picked):
        known |= set(MAP)
    return [name for name in TITLES if needed[name] <= known]


def _not_here(picked: Picked, names: list[str]) -> list[str]:
    """Which views there are not, and what would bring them."""
    if "entropy" not in names:
        return [
            "Entropy and the split need the probabilities of all classes: one column per class, or"
            " an array `pred_probs`."
        ]
    return [
        f"{TITLES[name]} needs {WANTED[name]}." for name in ("split", "map") if name not in names
    ]


def _colour_control(columns: list[str], classes: str) -> str:
    names = _class_colours(classes)
    options = [*names, *columns]
    field = Field("colour", options[0], one_of(options))
    return st.selectbox(
        "Colour",
        offered(options, value(field), names),
        format_func=lambda name: f"Colour: {names.get(name) or BY_COLUMN[name].title.lower()}",
        width=240,
        label_visibility="collapsed",
        **widget(field),
    )


def _class_colours(classes: str) -> dict[str, str]:
    """What is no measure and colours the points -> what it is called, the first one first."""
    known = {"correct": "right or wrong", "label": "label"} if classes == "label" else {}
    return known | {"prediction": "prediction"}


def _by_class(classes: str) -> View:
    return View(classes, "least_confidence", log_y=True)


def _axes(name: str, columns: list[str], classes: str) -> View:
    if name == "map":
        return View("map_x", "map_y")
    if name == "doubt":
        return _by_class(classes)
    if name == "article":
        up = st.toggle("Up means unsure", **widget(Field("up", False, flag)))
        log = up and _log_toggle()
        return _view(classes, "least_confidence" if up else "confidence", log)
    if name == "entropy":
        return _view("confidence", "predictive_entropy", _log_toggle())
    if name == "split":
        return _view("expected_entropy", "mutual_information", _log_toggle())
    x = _axis_control("Across", "x", "margin", [classes, *columns])
    y = _axis_control("Up", "y", "predictive_entropy", [classes, *columns])
    return _view(x, y, _log_toggle())


def _view(x: str, y: str, log: bool) -> View:
    if log:
        x, y = ("least_confidence" if name == "confidence" else name for name in (x, y))
    return View(x, y, log and _opens_up(x), log and _opens_up(y))


def _opens_up(column: str) -> bool:
    return column in BY_COLUMN and BY_COLUMN[column].log_axis


def _log_toggle() -> bool:
    if is_plain():
        return bool(value(Field("log", False, flag)))
    return st.toggle("Log axes", help=LOG_HELP, **widget(Field("log", False, flag)))


def _axis_control(label: str, key: str, default: str, options: list[str]) -> str:
    default = default if default in options else options[0 if key == "x" else 1]
    return st.selectbox(
        label,
        options,
        format_func=lambda name: BY_COLUMN[name].title if name in BY_COLUMN else name.capitalize(),
        width=200,
        **widget(Field(key, default, one_of(options))),
    )
