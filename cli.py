"""Penumbra in the terminal: train, export, score, evaluate."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    import pandas as pd

    from core.study.classifiers import Classifier

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
Model = Annotated[str, typer.Option(help="article or ensemble: a folder in models/artifacts.")]
DEFAULT_MODEL = "ensemble"


TRAINING = {"tensorflow", "tensorflow_probability", "keras", "tf_keras"}
"""What only training and compiling import."""


class LabelSource(StrEnum):
    """Whether labels that come with the images are used."""

    given = "given"
    none = "none"


RANKINGS = (
    "member_log_odds, or cleanlab's self_confidence, normalized_margin or"
    " confidence_weighted_entropy."
)
TrainingLabels = Annotated[
    Path | None, typer.Option("--labels", help="Corrected labels of the training images.")
]


@app.command()
def pack(folder: Path, out: Annotated[Path, typer.Option()] = Path("data/mnist.npz")) -> None:
    """Pack MNIST's four IDX files, plain or gzip, into one archive."""
    from examples.mnist_data import save_mnist

    with _one_line_errors():
        save_mnist(folder, out)


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="article or ensemble")],
    folds: Annotated[
        int | None, typer.Option(help="Ensemble: one network a fold, for the label audit.")
    ] = None,
    labels: TrainingLabels = None,
) -> None:
    """Train a network, going on from its newest checkpoint."""
    with _one_line_errors():
        from models.training import train_classifier

        with _progress("epochs") as advance:
            train_classifier(name, advance, folds, labels)


@app.command()
def export(
    name: Annotated[str, typer.Argument(help="uncertainty, article, ensemble or atypicality")],
    labels: TrainingLabels = None,
) -> None:
    """Compile what was trained into models/artifacts and score the test images with it."""
    with _one_line_errors(), _progress("steps") as advance:
        from models.export import export_named

        export_named(name, labels, advance)


@app.command()
def score(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help=".npz, .npy, IDX, IDX.gz, or a folder.")
    ],
    out: Annotated[Path, typer.Option(help=".parquet or .csv")],
    model: Model = DEFAULT_MODEL,
    threads: Annotated[int | None, typer.Option(min=1, help="All cores if not given.")] = None,
    labels: Annotated[
        LabelSource, typer.Option(help="As stated by the input, for pictures by name; or none.")
    ] = LabelSource.given,
) -> None:
    """Score images: one row each with the prediction and every measure.

    A folder is searched for pictures (photographs, scans, drawings, with several digits on each);
    a name such as 7_anything.png or a sub-folder 7 states the label.

    Exit code 1: some pictures gave no digit, a line each says why, and the others are scored.
    Exit code 2: nothing could be scored, and nothing is written.
    """
    from core.networks.picture_folder import score_folder
    from core.networks.scoring import score_file

    is_folder, use_labels = source.is_dir(), labels is LabelSource.given
    refused: list[str] = []
    with _one_line_errors(source):
        _require(source)
        _require_place(out, ".parquet", ".csv")
    with _one_line_errors(source), _progress("pictures" if is_folder else "images") as advance:
        if is_folder:
            num_images, refused = score_folder(source, out, model, threads, advance, use_labels)
        else:
            num_images = score_file(source, out, model, threads, advance, use_labels)
    for line in refused:
        typer.echo(f"penumbra: {line}", err=True)
    typer.echo(f"{num_images} images scored: {out}" if num_images else "nothing scored")
    if refused:
        raise typer.Exit(1 if num_images else 2)


@app.command()
def stress(
    model: Model = DEFAULT_MODEL,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Error, confidence and ECE on the test images under fifteen kinds of damage (MNIST-C's)."""
    from core.networks.stress import stress_classifier

    with _one_line_errors(), _progress("kinds") as advance:
        found = stress_classifier(model, advance)
    lines = [
        f"{name:>14}  error {row['error']:.4f}  confidence {row['confidence']:.4f}"
        f"  ece {row['ece']:.4f}  {row['counterpart'] or 'never trained on'}"
        for name, row in found["families"].items()
    ]
    lines.append(f"{'mean':>14}  error {found['mean_error']:.4f}")
    typer.echo(json.dumps({"model": model} | found) if as_json else "\n".join(lines))


@app.command()
def evaluate(
    model: Model = DEFAULT_MODEL,
    labels: Annotated[Path | None, typer.Option(help="Corrected labels, .csv or .npz.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, with intervals.")] = False,
    report: Annotated[Path | None, typer.Option(help="One page with figures, .html.")] = None,
) -> None:
    """Accuracy, NLL, Brier score, ECE and AURC on the test images; calibration and more as JSON."""
    from core.review.label_files import relabel_table
    from core.study.classifiers import load_classifier
    from core.trust.evaluation import evaluate_table

    with _one_line_errors():
        if labels:
            _require(labels)
        if report:
            _require_place(report, ".html")
        classifier = load_classifier(model)
        scores = relabel_table(classifier.scores, labels) if labels else classifier.scores
        found = evaluate_table(scores)
        more = _trust(classifier, scores, report) if as_json or report else {}
    lines = (f"{name:>12}  {value:.6g}" for name, value in found.items())
    typer.echo(json.dumps({"model": model} | found | more) if as_json else "\n".join(lines))


def _trust(classifier: Classifier, scores: pd.DataFrame, report: Path | None) -> dict:
    """Calibration, declining and prediction sets in numbers; as a page, too, if asked for."""
    from core.figures.report import save_report
    from core.trust.answers_as_numbers import examine, numbers

    found = examine(classifier, scores)
    if report:
        save_report(found, report)
    return numbers(found)


@app.command()
def audit(
    out: Annotated[Path, typer.Option(help=".csv or .parquet")],
    model: Model = DEFAULT_MODEL,
    split: Annotated[str, typer.Option(help="test or train.")] = "test",
    method: Annotated[str, typer.Option(help=RANKINGS)] = "member_log_odds",
) -> None:
    """Rank the labels, the most doubtful first, each with a suggestion and its quality."""
    from core.measures.table import save_table
    from core.review.audit import SPLITS, load_audit
    from core.review.label_quality import METHODS
    from core.study.classifiers import load_classifier

    with _one_line_errors():
        _require_place(out, ".csv", ".parquet")
        _require_one_of("--split", split, SPLITS)
        _require_one_of("--method", method, METHODS)
        ranking = load_audit(load_classifier(model), split, method).ranking
        save_table(ranking, out)
    typer.echo(f"{len(ranking)} labels ranked, {ranking['label_issue'].sum()} suspected: {out}")


@contextmanager
def _one_line_errors(source: Path | None = None) -> Iterator[None]:
    """What a person can mend is said in one line, with exit code 2.

    Args:
        source: The file that is read, where there is one.
    """
    try:
        yield
    except (ValueError, OSError, ImportError, MemoryError, OverflowError) as error:
        typer.echo(f"penumbra: {' '.join(_said(error, source).split())}", err=True)
        raise typer.Exit(2) from error


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
    columns = (TextColumn(unit), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(unit, total=None, visible=False)  # until there is something to tell
        yield lambda done, total: bar.update(task, advance=done, total=total, visible=True)


if __name__ == "__main__":
    app()
