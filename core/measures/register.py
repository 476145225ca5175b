"""The measures of Penumbra: one number per item, each with its meaning, unit, range and source.

One literal table. Columns, axes, slider ranges, tooltips and the glossary are read from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log


@dataclass(frozen=True)
class End:
    """Where a range ends: in words, and as a number for S members and K classes."""

    text: str
    at: Callable[[int, int], float]

    def __str__(self) -> str:
        return self.text


MINUS_INFINITY = End("−∞", lambda members, classes: -inf)
ZERO = End("0", lambda members, classes: 0.0)
ONE = End("1", lambda members, classes: 1.0)
ONE_OF_K = End("1/K", lambda members, classes: 1 / classes)
BUT_ONE_OF_K = End("1 − 1/K", lambda members, classes: 1 - 1 / classes)
BUT_ONE_OF_S = End("1 − 1/S", lambda members, classes: 1 - 1 / members)
LN_K = End("ln K", lambda members, classes: log(classes))
LN_FEWER = End("ln min(S, K)", lambda members, classes: log(min(members, classes)))


@dataclass(frozen=True)
class Measure:
    """A column of the score table.

    Attributes:
        column: Its name in the table, on the command line and in links.
        title: What a person reads.
        unit: Of its values; empty for a pure number.
        low, high: Its range.
        formula: As TeX; p is the mean of the members' probabilities p_s, y the label.
        meaning: One or two sentences.
        source: Reference with equation, as Markdown with links.
        unsure_is_high: Whether larger means less sure.
        many_members: Whether one network alone leaves it constant.
        log_axis: Whether its values crowd so near 0 that a logarithmic axis reads better.
    """

    column: str
    title: str
    unit: str
    low: End
    high: End
    formula: str
    meaning: str
    source: str
    unsure_is_high: bool = True
    many_members: bool = False
    log_axis: bool = False

    @property
    def label(self) -> str:
        """Title with unit, for an axis."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


MEASURES = (
    Measure(
        column="confidence",
        title="Confidence",
        unit="probability",
        low=ONE_OF_K,
        high=ONE,
        formula=r"\max_k p(k)",
        meaning="The largest of the class probabilities. It says how sure the network sounds, not"
        " whether it is right to, and it is not an uncertainty of any kind.",
        source="[Hendrycks and Gimpel, ICLR 2017](https://doi.org/10.48550/arXiv.1610.02136),"
        " section 2 (maximum softmax probability)",
        unsure_is_high=False,
    ),
    Measure(
        column="least_confidence",
        title="1 − confidence",
        unit="probability",
        low=ZERO,
        high=BUT_ONE_OF_K,
        formula=r"\sum_{k \neq \hat{y}} p(k), \quad \hat{y} = \arg\max_k p(k)",
        meaning="What confidence leaves to the other classes, so that up means unsure. Summed from"
        " the other classes, because in 32 bits 1 − 0.99999999 is 0.",
        source="[Settles, *Active Learning Literature Survey*, 2009]"
        "(http://digital.library.wisc.edu/1793/60660), section 3.1 (least confident)",
        log_axis=True,
    ),
    Measure(
        column="margin",
        title="Margin",
        unit="probability",
        low=ZERO,
        high=ONE,
        formula=r"p_{(1)} - p_{(2)}",
        meaning="How far the best class leads the second. Near 0: torn between two classes.",
        source="[Scheffer, Decomain and Wrobel, IDA 2001](https://doi.org/10.1007/3-540-44816-0_31);"
        " Settles 2009, section 3.1",
        unsure_is_high=False,
    ),
    Measure(
        column="predictive_entropy",
        title="Predictive entropy",
        unit="nats",
        low=ZERO,
        high=LN_K,
        formula=r"H(p) = -\sum_k p(k) \ln p(k)",
        meaning="The total uncertainty of the prediction: how widely the mean probabilities are"
        " spread over the classes.",
        source="[Shannon 1948](https://doi.org/10.1002/j.1538-7305.1948.tb01338.x); total"
        " uncertainty in [Depeweg et al., ICML 2018](https://doi.org/10.48550/arXiv.1710.07283),"
        " eq. 4",
        log_axis=True,
    ),
    Measure(
        column="expected_entropy",
        title="Expected entropy",
        unit="nats",
        low=ZERO,
        high=LN_K,
        formula=r"\frac{1}{S} \sum_s H(p_s)",
        meaning="The aleatoric estimate: how unsure the members are on average, each by itself."
        " High where they agree that the item is ambiguous.",
        source="[Depeweg et al., ICML 2018](https://doi.org/10.48550/arXiv.1710.07283), eq. 5",
        many_members=True,
        log_axis=True,
    ),
    Measure(
        column="mutual_information",
        title="Mutual information",
        unit="nats",
        low=ZERO,
        high=LN_FEWER,
        formula=r"H(p) - \frac{1}{S} \sum_s H(p_s)",
        meaning="The epistemic estimate: how far the members disagree. High where each is sure, of"
        " different classes. For one network it is always 0, which says nothing.",
        source="[Houlsby et al. 2011](https://doi.org/10.48550/arXiv.1112.5745), eq. 1;"
        " [Depeweg et al., ICML 2018](https://doi.org/10.48550/arXiv.1710.07283), eq. 6",
        many_members=True,
        log_axis=True,
    ),
    Measure(
        column="variation_ratio",
        title="Variation ratio",
        unit="share of members",
        low=ZERO,
        high=BUT_ONE_OF_S,
        formula=r"1 - \max_k \frac{|\{s : \hat{y}_s = k\}|}{S}",
        meaning="The share of members that voted against the majority.",
        source="Freeman, *Elementary Applied Statistics*, 1965; Gal, thesis, 2016, eq. 3.20",
        many_members=True,
    ),
    Measure(
        column="atypicality",
        title="Atypicality",
        unit="share of held-out items",
        low=ZERO,
        high=ONE,
        formula=r"\operatorname{rank}\left(\tfrac{d_1 + d_2 + d_3}{3} + \max(d_4, 0)\right)",
        meaning="How unlike the training items this one is, in the network's features: 0.99 is"
        " further out than 99 % of items held out of training. It knows no class: near 1, no"
        " probability means anything. It ranks four distances d, each 0 at the median of the"
        " held-out items and 1 at their 99 % point. The first is Mahalanobis' from the nearest"
        " class, the second the cosine distance to the nearest training item, the third −max logit."
        " The fourth is the log-odds of an outlier, to a network that was taught real items and"
        " drawn outliers.",
        source="[Lee et al., NeurIPS 2018](https://doi.org/10.48550/arXiv.1807.03888), eq. 2;"
        " [Sun et al., ICML 2022](https://doi.org/10.48550/arXiv.2204.06507), section 3;"
        " [Hendrycks et al., ICML 2022](https://doi.org/10.48550/arXiv.1911.11132), section 4;"
        " [Hendrycks et al., ICLR 2019](https://doi.org/10.48550/arXiv.1812.04606), section 3",
    ),
    Measure(
        column="log_likelihood",
        title="Log-likelihood of the label",
        unit="nats",
        low=MINUS_INFINITY,
        high=ZERO,
        formula=r"\ln p(y)",
        meaning="What the model gave to the label it was checked against. Far below 0: the model is"
        " sure that the label is something else. It needs the label, so it exists only where there"
        " is one.",
        source="[Good 1952](https://doi.org/10.1111/j.2517-6161.1952.tb00104.x) (logarithmic"
        " score)",
        unsure_is_high=False,
    ),
)
BY_COLUMN = {measure.column: measure for measure in MEASURES}
# Not the log-likelihood, which needs the label, nor 1 - confidence, which orders as confidence.
DECLINING = tuple(
    measure.column
    for measure in MEASURES
    if measure.column not in {"least_confidence", "log_likelihood"}
)
"""The columns of the measures that can decide on declining."""


def higher_is_surer(column: str) -> bool:
    """Whether a high value of that measure means sure."""
    return not BY_COLUMN[column].unsure_is_high


def measures_in(columns: list[str], num_members: int) -> tuple[Measure, ...]:
    """The measures that a table has and that say something for this number of members."""
    return tuple(
        measure
        for measure in MEASURES
        if measure.column in columns and (num_members > 1 or not measure.many_members)
    )
