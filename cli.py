"""Penumbra in the terminal: train, export, score, evaluate."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np

    from core.networks.scoring import Advance
    from core.reading.reading import Reading
    from core.stored.library import Library
    from core.study.study import Study

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

DEFAULT_MODEL = "ensemble"
TRAINING = {"tensorflow", "tensorflow_probability", "keras", "tf_keras"}
"""What only training and compiling import."""

KINDS_OF_SCORES = "probabilities, logits, log-probabilities, votes or counts."
RANKINGS = (
    "member_log_odds, or cleanlab's self_confidence, normalized_margin or"
    " confidence_weighted_entropy."
)
PATH = click.Path(path_type=Path)
a_model = click.option(
    "--model",
    default=DEFAULT_MODEL,
    show_default=True,
    help="article or ensemble: a folder in models/artifacts.",
)
training_labels = click.option(
    "--labels", type=PATH, help="Corrected labels of the training images."
)
a_study = click.option(
    "--study",
    default="mnist",
    show_default=True,
    help="A study's key: mnist, or one that was opened.",
)
model_of_study = click.option(
    "--model", default=None, help="Of the study; its first one if not given."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(no_args_is_help=True, help=__doc__)
def app() -> None:
    """The commands."""


@app.command()
@click.argument("folder", type=PATH)
@click.option("--out", type=PATH, default=Path("data/mnist.npz"), show_default=True)
def pack(folder: Path, out: Path) -> None:
    """Pack MNIST's four IDX files, plain or gzip, into one archive."""
    from examples.mnist_data import save_mnist

    with _one_line_errors():
        save_mnist(folder, out)


@app.command()
@click.argument("name")
@click.option("--folds", type=int, help="Ensemble: one network a fold, for the label audit.")
@training_labels
def train(name: str, folds: int | None, labels: Path | None) -> None:
    """Train a network, article or ensemble, going on from its newest checkpoint."""
    with _one_line_errors():
        from models.training import train_classifier

        with _progress("epochs") as advance:
            train_classifier(name, advance, folds, labels)


@app.command()
@click.argument("name")
@training_labels
def export(name: str, labels: Path | None) -> None:
    """Compile what was trained into models/artifacts and score the test images with it.

    NAME is uncertainty, article, ensemble or atypicality.
    """
    with _one_line_errors(), _progress("steps") as advance:
        from models.export import export_named

        export_named(name, labels, advance)


@app.command()
@click.argument("source", metavar="INPUT", type=PATH)
@click.option("--out", type=PATH, required=True, help=".parquet or .csv")
@a_model
@click.option("--threads", type=click.IntRange(min=1), help="All cores if not given.")
@click.option(
    "--labels",
    type=click.Choice(["given", "none"]),
    default="given",
    show_default=True,
    help="As stated by the input, for pictures by name; or none.",
)
@click.option("--key", help="The images' array, where a file holds several.")
@click.option(
    "--scale",
    type=click.Choice(["1", "255", "standardised"]),
    help="What full ink is, where values do not tell.",
)
@click.option("--invert", is_flag=True, help="Dark ink on light ground, turned round.")
@click.option("--transpose", is_flag=True, help="Exchange rows and columns, as for EMNIST.")
@click.option("--mirror", is_flag=True, help="Exchange left and right.")
def score(
    source: Path,
    out: Path,
    model: str,
    threads: int | None,
    labels: str,
    key: str | None,
    **form: Any,
) -> None:
    """Score images: one row each with the prediction and every measure.

    INPUT is a file of arrays (.npz, .npy, IDX, a CSV with a column a pixel, gzip or plain), or
    pictures: a folder, a ZIP file, or one photograph, scan or drawing with one or several digits.
    It is told by its content; a line says how it was read. The names 7.png, 7_anything.png and
    digit_7.png and a sub-folder 7 state the label.

    Exit code 1: some pictures gave no digit or have too many marks, a line each says why, and the
    others are scored. Exit code 2: nothing could be scored, and nothing is written.
    """
    from core.pictures.picture_sources import holds_pictures

    with _one_line_errors(source):
        _require(source)
        _require_place(out, ".parquet", ".csv")
        pictures = holds_pictures(source)
        if pictures:
            _refuse_array_options(source, {"key": key} | form)
    said: list[str] = []
    with _one_line_errors(source), _progress("pictures" if pictures else "images") as advance:
        read = _score_pictures if pictures else partial(_score_arrays, key=key, form=form)
        count, refused = read(source, out, model, threads, advance, labels == "given", said.append)
    for line in [*said, *refused]:
        click.echo(f"penumbra: {line}", err=True)
    click.echo(f"{count} images scored: {out}" if count else "nothing scored")
    if refused:
        raise click.exceptions.Exit(1 if count else 2)


def _refuse_array_options(source: Path, options: dict[str, Any]) -> None:
    given = [f"--{name}" for name, value in options.items() if value]
    if given:
        raise ValueError(f"{source} holds pictures: {', '.join(given)} is for a file of arrays")


def _score_pictures(
    source: Path, out: Path, model: str, threads: int | None, advance: Advance, use_labels: bool,
    say: Callable[[str], None],
) -> tuple[int, list[str]]:  # fmt: skip
    from core.networks.picture_folder import score_folder
    from core.networks.scoring import scorer_of
    from examples.mnist import load_study

    scorer = scorer_of(load_study(), model)
    return score_folder(source, out, scorer, threads, advance, use_labels, say)


def _score_arrays(
    source: Path, out: Path, model: str, threads: int | None, advance: Advance, use_labels: bool,
    say: Callable[[str], None], key: str | None, form: dict[str, Any],
) -> tuple[int, list[str]]:  # fmt: skip
    from core.networks.scoring import score_file, scorer_of
    from core.pictures.array_forms import Form
    from examples.mnist import load_study

    scorer = scorer_of(load_study(), model)
    count = score_file(
        source, out, scorer, threads, advance, use_labels, key, Form(**form), say
    )  # fmt: skip
    return count, []


@app.command()
@a_model
@json_option
def stress(model: str, as_json: bool) -> None:
    """Error, confidence and ECE on the test images under fifteen kinds of damage (MNIST-C's)."""
    from core.networks.stress import stress_classifier
    from examples.mnist import load_study

    with _one_line_errors(), _progress("kinds") as advance:
        found = stress_classifier(load_study(), model, advance)
    lines = [
        f"{name:>14}  error {row['error']:.4f}  confidence {row['confidence']:.4f}"
        f"  ece {row['ece']:.4f}  {row['counterpart'] or 'never trained on'}"
        for name, row in found["families"].items()
    ]
    lines.append(f"{'mean':>14}  error {found['mean_error']:.4f}")
    click.echo(json.dumps({"model": model} | found) if as_json else "\n".join(lines))


@app.command("open")
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--labels", type=PATH, help="A file with the true labels.")
@click.option("--images", type=PATH, help="Where names of pictures start.")
@click.option("--held-out", type=PATH, help="What thresholds are chosen on.")
@click.option("--class-names", type=PATH, help="The names in their order.")
@click.option("--id", "id_column", help="Of the items, or none.")
@click.option("--label", help="The column of the true label.")
@click.option("--as", "kind", help=KINDS_OF_SCORES)
@click.option("--positive", help="The class of one number a row.")
@click.option("--answer", multiple=True, metavar="QUESTION=ANSWER", help="To what is asked.")
@click.option("--name", default="", help="Of the model, where there is one.")
@click.option("--title", default="", help="Of the study.")
@click.option("--noun", default="item", help="Of an item: image, leaf/leaves.")
@click.option("--out", help="The study's key, for its link.")
def open_files(
    files: tuple[Path, ...],
    labels: Path | None,
    images: Path | None,
    held_out: Path | None,
    class_names: Path | None,
    id_column: str | None,
    label: str | None,
    kind: str | None,
    positive: str | None,
    answer: tuple[str, ...],
    name: str,
    title: str,
    noun: str,
    out: str | None,
) -> None:
    """Open predictions of any classifier: read them, say how, and make a study of them.

    FILES are CSV, Parquet, NPY, NPZ and the like; folders and ZIPs of these. Anything ambiguous is
    asked in a terminal; elsewhere the command ends with exit code 2 and names the option that
    answers the question.
    """
    from core.stored.opening import Opening, Source, read_until_final

    def source(path: Path | None) -> Source | None:
        return None if path is None else Source(path.name, path)

    answers = dict(pair.partition("=")[::2] for pair in answer)
    answers |= {k: v for k, v in (("as", kind), ("positive", positive)) if v is not None}
    wanted = Opening(
        [Source(path.name, path) for path in files], source(labels), source(held_out),
        source(class_names), images, id_column, label, answers, name, title, noun, out,
    )  # fmt: skip
    with _one_line_errors():
        wanted, reading = read_until_final(wanted, _ask)
        with _progress("rows") as advance:
            key = wanted.write(reading, _library(), advance)
    click.echo("\n".join([*reading.report.lines(), f"Opened as {key}: /?study={key}"]))


def _ask(reading: Reading) -> dict[str, str]:
    """The first open question, answered in the terminal; elsewhere it ends the command."""
    from core.stored.opening import how_to_answer

    if not sys.stdin.isatty():
        raise ValueError(how_to_answer(reading))
    question = reading.questions[0]
    options = dict(enumerate(question.options, 1))
    lines = [f"  {number}. {option.value}: {option.label}" for number, option in options.items()]
    click.echo("\n".join([question.text, *question.evidence, *lines]), err=True)
    said = click.prompt("Answer", default=question.suggested, err=True)
    chosen = options.get(int(said)) if said.isdecimal() else None
    return {question.key: chosen.value if chosen else said}


@app.command()
@a_study
@model_of_study
@click.option("--labels", type=PATH, help="Corrected labels, .csv or .npz.")
@click.option("--json", "as_json", is_flag=True, help="Everything, with intervals.")
@click.option("--report", type=PATH, help="One page with figures, .html.")
def evaluate(
    study: str, model: str | None, labels: Path | None, as_json: bool, report: Path | None
) -> None:
    """Accuracy, NLL, Brier score, ECE and AURC on labelled items; calibration and more as JSON."""
    from core.review.label_files import load_codes
    from core.trust.evaluation import evaluate_predictions

    with _one_line_errors():
        if labels:
            _require(labels)
        if report:
            _require_place(report, ".html")
        opened = _library().load(study)
        name = model or next(iter(opened.models))
        codes = load_codes(labels, opened.dataset) if labels else None
        found = evaluate_predictions(opened.model(name), codes)
        more = _trust(opened, name, codes, report) if as_json or report else {}
    lines = (f"{name:>12}  {value:.6g}" for name, value in found.items())
    click.echo(json.dumps({"model": name} | more | found) if as_json else "\n".join(lines))


def _library() -> Library:
    """The studies that ship, and those that were opened here."""
    from core.stored.library import Library
    from examples import BUNDLED

    library = Library()
    for key, (title, load) in BUNDLED.items():
        library.bundle(key, title, load)
    return library


def _trust(study: Study, name: str, codes: np.ndarray | None, report: Path | None) -> dict:
    """Calibration, declining and prediction sets in numbers; as a page, too, if asked for."""
    from core.figures.report import save_report
    from core.trust.answers_as_numbers import examine, numbers

    found = examine(study, name, codes)
    if report:
        save_report(found, report)
    return numbers(found)


@app.command()
@click.option("--out", type=PATH, required=True, help=".csv or .parquet")
@a_study
@model_of_study
@click.option(
    "--split", default="test", show_default=True, help="test, or a part of the study: train."
)
@click.option("--method", default="member_log_odds", show_default=True, help=RANKINGS)
def audit(out: Path, study: str, model: str | None, split: str, method: str) -> None:
    """Rank the labels, the most doubtful first, each with a suggestion and its quality."""
    from core.measures.table import save_table
    from core.review.audit import exported, load_audit, part_of
    from core.review.label_quality import METHODS

    with _one_line_errors():
        _require_place(out, ".csv", ".parquet")
        _require_one_of("--method", method, METHODS)
        part = part_of(_library().load(study), split)
        audit = load_audit(part, model or next(iter(part.models)), method)
        ranking = exported(audit)
        save_table(ranking, out)
    click.echo(f"{len(ranking)} labels ranked, {ranking['label_issue'].sum()} suspected: {out}")


@contextmanager
def _one_line_errors(source: Path | None = None) -> Iterator[None]:
    """What a person can mend is said in one line, with exit code 2.

    Args:
        source: The file that is read, where there is one.
    """
    try:
        yield
    except (ValueError, OSError, ImportError, MemoryError, OverflowError) as error:
        click.echo(f"penumbra: {' '.join(_said(error, source).split())}", err=True)
        raise click.exceptions.Exit(2) from error


def _said(error: Exception, source: Path | None) -> str:
    """The sentence for an error; libraries' own are replaced where they name no file or cure."""
    text = str(error)
    what = source or "It"
    if isinstance(error, MemoryError | OverflowError):
        return f"{what} asks for more memory than there is: {text or 'is it cut or damaged?'}"
    if any(words in text for words in ("allow_pickle=False", "load it unsafely")):
        return f"{what} holds Python objects, and those are never loaded: save it as plain numbers"
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] in TRAINING:
        return "This needs TensorFlow. Install it with: pip install --requirement requirements.txt"
    return text


def _require(path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(f"No such file or folder: {path}")


def _require_place(out: Path, *endings: str) -> None:
    """Refuse before the work what could not be written after it."""
    if out.suffix not in endings:
        raise ValueError(f"{out} must end in {' or '.join(endings)}")
    if not out.parent.is_dir():
        raise FileNotFoundError(f"No such folder: {out.parent}")


def _require_one_of(option: str, given: str, known: Iterable[str]) -> None:
    if given not in known:
        raise ValueError(f"{option} must be one of {', '.join(known)}, not {given!r}")


@contextmanager
def _progress(unit: str) -> Iterator:
    """A bar on the error stream if that is a terminal; yields advance(done, total)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (TextColumn(unit), BarColumn(), MofNCompleteColumn(), TimeLeft())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(unit, total=None, visible=False)  # until there is something to tell
        yield lambda done, total: bar.update(task, advance=done, total=total, visible=True)


if __name__ == "__main__":
    app()
