"""What a training found, in the words and figures of its card and of the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.alerts.backtest import FirstTold
from analysis.alerts.evidence_bounds import exact_upper
from analysis.alerts.grouping_scores import Scores
from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.training import (
    ALLOWED_DELAY_SECONDS,
    LEAST_JUDGED,
    LEAST_PAIRS,
    Judgement,
    Obstacle,
    Training,
    hides,
)
from analysis.wording import counted, instant

_MEASURES = {"b3": "B³", "precision": "precision", "recall": "recall", "mega_merge": "mega-merge"}


def verdict(training: Training) -> str:
    """The outcome in one sentence for each reason."""
    if training.is_promoted:
        return "It grouped the later part better, merged no more and hid nothing, so a person may approve it."
    return " ".join(_because(training, one) for one in training.obstacles)


def metrics(judgement: Judgement | None) -> dict[str, Any]:
    """Every figure of the evaluation by its name, for programs."""
    if judgement is None:
        return {}
    found: dict[str, Any] = {}
    for name, scores in _parts(judgement):
        found |= {f"{name}.{part}": getattr(scores, part) for part in _MEASURES}
    told, held = _public(judgement)
    by_groups, by_holding = _missed(told), _missed(held)
    return {
        **found,
        "gain": judgement.gain,
        "gain.low": judgement.gain_interval[0],
        "gain.high": judgement.gain_interval[1],
        "gain.faults": judgement.fault_after.b3 - judgement.fault_before.b3,
        "gain.faults.low": judgement.fault_gain_interval[0],
        "gain.faults.high": judgement.fault_gain_interval[1],
        "incidents": len(told),
        "hidden.by_groups": by_groups[0],
        "late.by_groups": by_groups[1],
        "hidden.by_holding": by_holding[0],
        "late.by_holding": by_holding[1],
    }


def figures(training: Training) -> dict[str, Any]:
    """What the card's tables hold."""
    judgement = training.judgement
    return {
        "split_at": instant(training.split_at) if training.split_at else "nowhere",
        "pairs": training.pairs,
        "causes": training.causes,
        "judged": training.judged,
        "spread": f"{training.spread:g}",
        "chosen": ", ".join(
            f"{b3:.3f} with {f'{spread:g}' if spread else 'no step'}" for spread, b3 in training.chosen.items()
        )
        or "none",
        "measures": _rows(judgement) if judgement else [],
        "gain": _gain(judgement.gain, judgement.gain_interval) if judgement else "nothing",
        "fault_gain": _gain(*_fault_gain(judgement)) if judgement else "nothing",
        "safety": safety(judgement) if judgement else "Not looked at: no step helped.",
        "moved": moved(training.prior),
    }


def gain_sentence(judgement: Judgement) -> str:
    """What B³ gains, with its interval."""
    return f"B³ {judgement.before.b3:.3f} → {judgement.after.b3:.3f}, {_gain(judgement.gain, judgement.gain_interval)}"


def safety(judgement: Judgement) -> str:
    """How many incidents would have been missed or told late, with the bound that so many incidents prove.

    Private ones count in the last sentence alone, which has no number: nobody learns from it how many there are.
    """
    told, held = _public(judgement)
    which = "Some" if hides(judgement) else "None"
    every = f"{which} would have been hidden or told too late, private incidents included."
    if not told:
        return f"No incident that all may know of began after the cut. {every if hides(judgement) else ''}".strip()
    sentences = []
    for what, shown in (("by groups", told), ("with the default policy of holding back", held)):
        hidden, late = _missed(shown)
        bound = exact_upper(hidden, len(shown), 0.05)
        sentences.append(
            f"Of {counted(len(shown), 'incident')} {hidden} would have been hidden {what} (at most {bound:.1%} with "
            f"95 % confidence) and {late} told more than {ALLOWED_DELAY_SECONDS:g} s later."
        )
    return " ".join([*sentences, every])


def moved(prior: Prior) -> list[dict[str, str]]:
    """The weights that differ from the shipped ones."""
    before, after = _numbers(SHIPPED), _numbers(prior)
    return [
        {"name": name, "before": f"{value:.3f}", "after": f"{after[name]:.3f}"}
        for name, value in before.items()
        if after[name] != value
    ]


def _because(training: Training, obstacle: Obstacle) -> str:
    match obstacle:
        case Obstacle.FEW_PAIRS:
            return (
                f"{counted(training.missing_pairs, 'confirmed pair')} of {LEAST_PAIRS} are missing in the earlier part."
            )
        case Obstacle.FEW_CAUSES:
            missing = counted(training.missing_causes, "labelled cause")
            return f"{missing} of {LEAST_JUDGED} are missing in the later part."
        case Obstacle.NO_BETTER_STEP:
            return "No step away from the shipped weights grouped the end of the earlier part better."
        case Obstacle.NO_GAIN:
            return "B³ did not rise on the later part by more than chance explains: its interval does not lie above 0."
        case Obstacle.MEGA_MERGE:
            return "More alerts would lie in groups of many causes."
        case Obstacle.HIDDEN:
            return f"An incident would have been hidden, or told more than {ALLOWED_DELAY_SECONDS:g} s later."


def _rows(judgement: Judgement) -> list[dict[str, str]]:
    return [
        {
            "name": f"{name}, {part}",
            "before": f"{getattr(before, measure):.3f}",
            "after": f"{getattr(after, measure):.3f}",
        }
        for part, before, after in (
            ("all alerts", judgement.before, judgement.after),
            ("without noise", judgement.fault_before, judgement.fault_after),
        )
        for measure, name in _MEASURES.items()
    ]


def _parts(judgement: Judgement) -> Sequence[tuple[str, Scores]]:
    return (
        ("shipped.all", judgement.before),
        ("fitted.all", judgement.after),
        ("shipped.faults", judgement.fault_before),
        ("fitted.faults", judgement.fault_after),
    )


def _fault_gain(judgement: Judgement) -> tuple[float, tuple[float, float]]:
    return judgement.fault_after.b3 - judgement.fault_before.b3, judgement.fault_gain_interval


def _gain(gain: float, interval: tuple[float, float]) -> str:
    return f"{gain:+.3f} ({interval[0]:+.3f} to {interval[1]:+.3f})"


def _public(judgement: Judgement) -> tuple[list[FirstTold], list[FirstTold]]:
    """How incidents that are not private were told, by groups and by holding back."""
    told, held = judgement.told, judgement.held
    private = judgement.private
    return [one for one in told if one.incident not in private], [one for one in held if one.incident not in private]


def _missed(told: Sequence[FirstTold]) -> tuple[int, int]:
    hidden = sum(one.is_hidden for one in told)
    return hidden, sum(one.delay.total_seconds() > ALLOWED_DELAY_SECONDS for one in told)


def _numbers(prior: Prior) -> Mapping[str, float]:
    names = ("half_life_seconds", "own_rhythm", "text", "family", "severity_far", "burst", "resolved_group")
    relations = {f"relation {relation}": known.weight for relation, known in prior.relations.items()}
    return {**{name.replace("_", " "): getattr(prior, name) for name in names}, **relations}
