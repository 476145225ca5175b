"""Five strong, different networks: their layers, their training, and all of them as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from queue import Queue
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from models.augment import augmented_batches
from models.train import CHECKPOINTS, fit_network

BATCH_SIZE = 128
EPOCHS = 24
FOLD_EPOCHS = 6
WARMUP_STEPS = 200
WEIGHT_DECAY = 0.05
FINISH = "finish"
FINISH_EPOCHS = 3
"""The last ones, with strokes of other digits across: at a tenth of the rate they cost clean
digits nothing."""
FINISH_RATE = 3e-4
FOLD_SEED = 40


@dataclass(frozen=True)
class Member:
    """One network of the ensemble: its seed and the normalisation that makes it different."""

    seed: int
    norm: str
    """"batch" scores faster, "group" tells other scripts apart better."""


MEMBERS = (
    Member(1, "batch"),
    Member(2, "group"),
    Member(3, "batch"),
    Member(4, "group"),
    Member(5, "batch"),
)

Job = tuple[np.ndarray, np.ndarray, Member, int, int, Path]
"""What `train_member` needs: images, labels, member, epochs, finishing epochs, folder."""
Report = Callable[[str, int, float], None]
"""Called after each epoch with the network's name, how many are done and the training loss."""


@keras.saving.register_keras_serializable("penumbra")
class KernelDecayAdamW(keras.optimizers.AdamW):
    """AdamW whose weight decay spares biases and the scale and offset of normalisation."""

    def _use_weight_decay(self, variable: keras.Variable) -> bool:
        return variable.name == "kernel"


def build(
    member: Member,
    steps: int,
    image_shape: tuple[int, int] = (28, 28),
    num_classes: int = 10,
) -> keras.Model:
    """A residual network of five convolutions, 173,000 weights, compiled for `steps` steps.

    Takes uint8 or float pixels 0 to 255 of shape (N, H, W); the division by 255 is inside.
    Gives logits (N, K). The layers named `early`, `middle` and `late` feed `inference`.
    """
    images = keras.Input(image_shape, name="images")
    x = keras.layers.Rescaling(1 / 255)(images)
    x = keras.layers.Reshape((*image_shape, 1))(x)
    x = _block(x, member.norm, 32, 5, 2, "same", "early")
    x = _block(x, member.norm, 64, 3, 2, "same", "entry")
    x = keras.layers.Add(name="middle")([x, _block(x, member.norm, 64, 3, 1, "same", "residual")])
    x = _block(x, member.norm, 96, 3, 1, "same", "wide")
    x = _block(x, member.norm, 64, 3, 2, "valid", "last")
    x = keras.layers.Flatten(name="late")(x)
    x = keras.layers.Dropout(0.2)(x)
    network = keras.Model(images, keras.layers.Dense(num_classes, name="logits")(x))
    return _compiled(network, steps, 3e-3 if member.norm == "batch" else 2e-3, WARMUP_STEPS)


def train(
    images: np.ndarray,
    labels: np.ndarray,
    members: Sequence[Member] = MEMBERS,
    epochs: int = EPOCHS,
    finish_epochs: int = FINISH_EPOCHS,
    folder: Path = CHECKPOINTS / "ensemble",
    report: Report = lambda name, epoch, loss: None,
    processes: int = 2,
) -> list[keras.Model]:
    """Fit every member on images (N, H, W) uint8 and labels (N,), going on where it stopped.

    Several one-thread processes side by side use the cores better than one with many threads.
    """
    jobs: list[Job] = [
        (images, labels, member, epochs, finish_epochs, folder / folder_name(member))
        for member in members
    ]
    _train_all(jobs, report, processes)
    return [train_member(*job) for job in jobs]


def train_folds(
    images: np.ndarray,
    labels: np.ndarray,
    num_folds: int = 5,
    epochs: int = FOLD_EPOCHS,
    folder: Path = CHECKPOINTS / "ensemble",
    report: Report = lambda name, epoch, loss: None,
    processes: int = 2,
) -> tuple[np.ndarray, np.ndarray]:
    """Logits of every image by a network that has not seen it.

    Returns:
        Logits float32 (N, K) and the fold uint8 (N,) each image was left out in.
    """
    fold = draw_folds(len(labels), num_folds)
    jobs: list[Job] = []
    for number in range(num_folds):
        kept = fold != number
        member, place = Member(100 + number, "batch"), folder / f"fold-{number + 1}"
        jobs.append((images[kept], labels[kept], member, epochs, 0, place))
    _train_all(jobs, report, processes)
    logits = np.zeros((len(labels), int(labels.max()) + 1), np.float32)
    for number, job in enumerate(jobs):
        left_out = fold == number
        logits[left_out] = train_member(*job).predict(images[left_out], 512, verbose=0)
    return logits, fold


def draw_folds(num_images: int, num_folds: int) -> np.ndarray:
    """Fold numbers uint8 (N,), equal in size to within one and drawn with a fixed seed."""
    order = np.random.default_rng(FOLD_SEED).permutation(num_images)
    fold = np.empty(num_images, np.uint8)
    fold[order] = np.arange(num_images) % num_folds
    return fold


def train_member(
    images: np.ndarray,
    labels: np.ndarray,
    member: Member,
    epochs: int,
    finish_epochs: int,
    folder: Path,
    report: Report = lambda name, epoch, loss: None,
) -> keras.Model:
    """Fit one member on warped and damaged images, then on cluttered ones too; resumable after
    each epoch.
    """
    num_classes = int(labels.max()) + 1

    def batches(epoch: int, cluttered: bool = False) -> tf.data.Dataset:
        return augmented_batches(images, labels, BATCH_SIZE, member.seed, epoch, cluttered)

    steps = len(batches(0))
    network = fit_network(
        lambda: build(member, epochs * steps, images.shape[1:], num_classes),
        batches,
        epochs,
        member.seed,
        folder,
        lambda epoch, loss: report(folder.name, epoch, loss),
    )
    if not finish_epochs:
        return network
    return fit_network(
        lambda: _compiled(network, finish_epochs * steps, FINISH_RATE, WARMUP_STEPS // 2),
        lambda epoch: batches(epochs + epoch, cluttered=True),
        finish_epochs,
        member.seed,
        folder / FINISH,
        lambda epoch, loss: report(folder.name, epochs + epoch, loss),
    )


def folder_name(member: Member) -> str:
    """Where its checkpoints are, within the ensemble's."""
    return f"member-{member.seed}"


def _compiled(network: keras.Model, steps: int, peak: float, warmup: int) -> keras.Model:
    """The network, to be fitted for `steps` steps: up to a rate of `peak`, and down by a cosine."""
    warmup = min(warmup, steps // 4)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), warmup_target=peak, warmup_steps=warmup
    )
    network.compile(
        KernelDecayAdamW(rate, weight_decay=WEIGHT_DECAY),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return network


def _block(
    x: keras.KerasTensor, norm: str, filters: int, size: int, stride: int, padding: str, name: str
) -> keras.KerasTensor:
    """Convolution, normalisation, relu; `name` is the relu's."""
    x = keras.layers.Conv2D(
        filters, size, stride, padding, use_bias=False, kernel_initializer="he_normal"
    )(x)
    if norm == "batch":
        x = keras.layers.BatchNormalization()(x)
    else:
        x = keras.layers.GroupNormalization(8)(x)
    return keras.layers.ReLU(name=name)(x)


def _train_all(jobs: list[Job], report: Report, processes: int) -> None:
    """Run `train_member` on each job, in processes of one thread if there are to be several."""
    if processes == 1:
        for job in jobs:
            train_member(*job, report)
        return
    context = get_context("spawn")
    with context.Manager() as manager:
        told = manager.Queue()
        with ProcessPoolExecutor(processes, context, _use_one_thread) as pool:
            waiting = {pool.submit(_train_and_tell, job, told) for job in jobs}
            while waiting:
                done, waiting = wait(waiting, timeout=1)
                while not told.empty():
                    report(*told.get())
                for future in done:
                    future.result()


def _use_one_thread() -> None:
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def _train_and_tell(job: Job, told: Queue[Any]) -> None:
    train_member(*job, lambda *done: told.put(done))
