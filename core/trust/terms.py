"""The words of calibration, declining and prediction sets: each with its formula and its source.

One literal table; the glossary shows it, and what the pages name stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word that the pages use.

    Attributes:
        name: As the pages spell it; `anchor` is made of its first word.
        formula: As TeX; empty where words say it.
        meaning: One to three sentences.
        source: Reference, as Markdown with links; empty for common knowledge.
    """

    name: str
    formula: str
    meaning: str
    source: str = ""

    @property
    def anchor(self) -> str:
        """The end of a link to this entry."""
        return self.name.split()[0].lower().rstrip(",")


TERMS = (
    Term(
        "Accuracy",
        r"\frac{1}{N} \sum_i [\hat{y}_i = y_i]",
        "The share of items whose predicted class, the most probable one, is the label.",
    ),
    Term(
        "Calibration",
        r"P(\hat{y} = y \mid \text{confidence} = c) = c",
        "A model is calibrated if 80 % of all predictions that it makes with 80 % confidence are"
        " right. That says nothing about a single item, nor about items of another kind.",
        "[Guo et al., ICML 2017](https://doi.org/10.48550/arXiv.1706.04599), eq. 1",
    ),
    Term(
        "NLL, negative log-likelihood",
        r"-\frac{1}{N} \sum_i \ln p_i(y_i)",
        "The mean surprise at the labels, in nats; lower is better. One label that was given"
        " probability 0 makes it infinite.",
        "[Good 1952](https://doi.org/10.1111/j.2517-6161.1952.tb00104.x)",
    ),
    Term(
        "Brier score",
        r"\frac{1}{N} \sum_i \sum_k (p_i(k) - [y_i = k])^2",
        "The squared distance from the label, summed over the classes: from 0 to 2, lower is"
        " better. It is *uncertainty* − *resolution* + *reliability* − *within*. Uncertainty is how"
        " mixed the labels are, resolution how far the predictions tell items apart. Reliability is"
        " how far the probabilities lie from the labels’ shares. Within is how well they order the"
        " items of one predicted class.",
        "[Brier 1950](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2); [Murphy"
        " 1973](https://doi.org/10.1175/1520-0450(1973)012%3C0595:ANVPOT%3E2.0.CO;2); [Stephenson,"
        " Coelho and Jolliffe 2008](https://doi.org/10.1175/2007WAF2006116.1)",
    ),
    Term(
        "ECE, expected calibration error",
        r"\sum_b \frac{n_b}{N} \left|\operatorname{acc}_b - \operatorname{conf}_b\right|",
        "The mean gap between accuracy and confidence over B bins; 0 is perfect. It depends on the"
        " bins, and gaps of opposite sign in one bin cancel. Chance alone makes it positive:"
        " compare it with the band of a calibrated model.",
        "[Naeini, Cooper and Hauskrecht, AAAI 2015](https://doi.org/10.1609/aaai.v29i1.9602)",
    ),
    Term(
        "MCE, maximum calibration error",
        r"\max_b \left|\operatorname{acc}_b - \operatorname{conf}_b\right|",
        "The widest gap of any bin. A bin of a handful of items decides it.",
        "[Naeini, Cooper and Hauskrecht, AAAI 2015](https://doi.org/10.1609/aaai.v29i1.9602)",
    ),
    Term(
        "Temperature",
        r"p(k) \propto \exp(z_k / T)",
        "One number T by which all logits are divided: above 1 the model sounds less sure. It is"
        " fitted on held-out items and moves no prediction.",
        "[Guo et al., ICML 2017](https://doi.org/10.48550/arXiv.1706.04599), section 4.2",
    ),
    Term(
        "Coverage and selective risk",
        r"\operatorname{risk}(\tau) = P(\hat{y} \neq y \mid u \leq \tau)",
        "A model that may decline answers where its uncertainty u is at most a threshold. Coverage"
        " is the share it answers, selective risk its error rate among those.",
        "[El-Yaniv and Wiener, JMLR 11, 2010](https://jmlr.org/papers/v11/el-yaniv10a.html)",
    ),
    Term(
        "AURC, area under the risk-coverage curve",
        r"\frac{1}{N} \sum_{i=1}^{N} \frac{\text{errors among the } i \text{ surest}}{i}",
        "The mean selective risk over all coverages; lower is better. It falls with the error rate"
        " itself and with errors coming last in the order.",
        "[Geifman, Uziel and El-Yaniv, ICLR 2019](https://doi.org/10.48550/arXiv.1805.08206)",
    ),
    Term(
        "AUGRC, area under the generalised risk-coverage curve",
        r"\frac{1}{N} \sum_{i=1}^{N} \frac{\text{errors among the } i \text{ surest}}{N}",
        "As AURC, but errors are counted against all N items: the mean risk of a silent error. One"
        " early error does not weigh on the whole curve.",
        "[Traub et al., NeurIPS 2024](https://doi.org/10.48550/arXiv.2407.01032)",
    ),
    Term(
        "AUROC of a measure for errors",
        r"P(u_{\text{wrong}} > u_{\text{right}})",
        "How often an item that is wrong is also the more uncertain one of a pair of a wrong and a"
        " right one; 0.5 is chance. It ignores how many errors there are.",
        "[Hendrycks and Gimpel, ICLR 2017](https://doi.org/10.48550/arXiv.1610.02136)",
    ),
    Term(
        "Prediction set",
        r"P(y \in C(x)) \geq 1 - \alpha",
        "All classes that cannot be ruled out at level alpha, by thresholds from held-out items."
        " The guarantee holds on average over draws of those items, for items like them, and not"
        " for a single item.",
        "[Angelopoulos and Bates 2021](https://doi.org/10.48550/arXiv.2107.07511)",
    ),
    Term(
        "LAC, least ambiguous set-valued classifier",
        r"C(x) = \{k : 1 - p(k) \leq q\}",
        "Keeps the classes whose probability is above a threshold: the smallest sets on average."
        " Sets may be empty.",
        "[Sadinle, Lei and Wasserman 2019](https://doi.org/10.1080/01621459.2017.1395341)",
    ),
    Term(
        "APS, adaptive prediction sets",
        r"s(x, k) = \sum_{j: p(j) > p(k)} p(j) + U \, p(k)",
        "Adds classes from the most probable on until enough probability is in; the last one by a"
        " random draw U. Sets grow where an item is hard.",
        "[Romano, Sesia and Candès, NeurIPS 2020](https://doi.org/10.48550/arXiv.2006.02544)",
    ),
    Term(
        "RAPS, regularised APS",
        r"s(x, k) + \lambda \max(0, \operatorname{rank}(k) - k_{\text{free}})",
        "APS with a penalty for every class after the first few: fewer very large sets.",
        "[Angelopoulos et al., ICLR 2021](https://doi.org/10.48550/arXiv.2009.14193)",
    ),
    Term(
        "Interval, 95 %",
        "",
        "Of a share: Wilson's. Of other metrics: the bootstrap's percentiles, items drawn again and"
        " again. Where an estimate cannot be negative, as ECE, its resamples lie above it. There"
        " the band that chance alone gives says more than the interval.",
        "[Wilson 1927](https://doi.org/10.1080/01621459.1927.10502953); [Efron and Tibshirani"
        " 1993](https://doi.org/10.1201/9780429246593)",
    ),
)
