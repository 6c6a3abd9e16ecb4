"""Holding back noise: what it hides, how much later incidents are told, and how many notifications are left.

Two parts, each beside simple policies. Intrusion alerts (AIT): learn on two scenarios, test on two others, both ways,
and leave out one kind of attack at a time; a stress test of ten kinds of step by one script, not evidence for payments.
Deploys of the simulated storms: the share of their noise that waits and what becomes of every fault.

The exit status is 1 where a policy of ours hides something or delays it by more than a minute, or where the
deliberately unsafe policy is not caught.
"""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis.alerts.backtest import replay_policy
from analysis.alerts.evidence_bounds import exact_upper, windows_needed
from analysis.alerts.telling import Folding
from benchmarks import suppression_ait as ait
from benchmarks import suppression_storm as storm
from benchmarks.measuring import SHARED, argument_parser, commit, print_table, write_json
from benchmarks.suppression_moved import print_moved
from benchmarks.suppression_policies import (
    APPROVED,
    BESIDE_SYMPTOMS,
    FIFTY_WINDOWS,
    ONE_SHOT,
    OURS,
    UNSAFE,
    configuration_hash,
)

MOST_SECONDS = 60.0
ENOUGH_HELD = 0.85
PARTS = ("ait", "kinds", "moved", "replay", "deploys")

Row = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Score and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder with alerts/ait and alerts/storm")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=None)
    parser.add_argument("--scraped", action="store_true", help="deploys with the labels of a cluster's watchers")
    given = parser.parse_args(arguments)
    parts = given.parts or PARTS
    print(f"commit {commit()}, configuration {configuration_hash()[:16]}\n")
    measured: dict[str, Any] = {}
    failures: list[str] = []
    if {"ait", "kinds", "moved", "replay"} & set(parts):
        failures += _intrusions(given.data / "alerts" / "ait", parts, measured)
    if "deploys" in parts:
        failures += _deploys(given.data / "alerts" / "storm", measured, is_scraped=given.scraped)
    write_json(given.json, {"commit": commit(), "configuration": configuration_hash()}, measured)
    print("\n" + ("\n".join(failures) if failures else "Nothing was hidden, and the unsafe policy was caught."))
    return int(bool(failures))


def _intrusions(folder: Path, parts: Sequence[str], measured: dict[str, Any]) -> list[str]:
    campaigns = ait.load(folder)
    failures: list[str] = []
    if "ait" in parts:
        rows = [row for learn, test in ait.FOLDS for row in _fold(campaigns, learn, test)]
        measured["ait"] = rows
        failures += _print_intrusions(rows)
        _print_permitted(campaigns)
    if "kinds" in parts:
        failures += _leave_one_kind_out(campaigns, measured)
    if "moved" in parts:
        measured["moved"] = print_moved(campaigns, MOST_SECONDS)
    if "replay" in parts:
        failures += _replays(campaigns, measured)
    return failures


def _fold(campaigns: dict[str, ait.Campaign], learn: Sequence[str], test: Sequence[str]) -> list[Row]:
    rows = []
    for name in test:
        campaign = campaigns[name]
        pasts = ait.history([campaigns[one] for one in learn], campaign.pasts[0].alert.received_at)
        evidence = ait.learnt(pasts)
        noisy, harmless = ait.mostly_noise(pasts), ait.never_attacked(pasts)
        hosts = ait.once_an_hour(lambda alert: alert.labels["host"])
        scores = {
            "raw": ait.told_by(campaign, _always, has_fold=False),
            "exact fold 1 h": ait.told_by(campaign, _always),
            "group by host, told once": ait.told_by(campaign, hosts, has_fold=False),
            "mute mostly-noise rules": ait.told_by(campaign, _unless(noisy)),
            "mute rules never seen in an attack": ait.told_by(campaign, _unless(harmless)),
            "unsafe (must be caught)": ait.held_by(campaign, UNSAFE, evidence),
            "fold, rhythm, 30 s in one post": ait.told_by(campaign, _always, folding=Folding()),
            "50 windows without incident": ait.held_by(campaign, FIFTY_WINDOWS, evidence),
            "one-shot bound": ait.held_by(campaign, ONE_SHOT, evidence),
            "ours, corrected bound": ait.held_by(campaign, OURS, evidence),
        }
        rows += [{"policy": policy, **asdict(score)} for policy, score in scores.items()]
    return rows


def _always(_: object) -> bool:
    return True


def _unless(muted: frozenset[str]) -> ait.IsTold:
    return lambda alert: alert.rule not in muted


def _print_intrusions(rows: Sequence[Row]) -> list[str]:
    print("AIT, learn on two scenarios and test on the other two, both ways\n")
    names = list(dict.fromkeys(row["policy"] for row in rows))
    shown = []
    for name in names:
        of_policy = [row for row in rows if row["policy"] == name]
        hidden, steps = sum(map(_hidden, of_policy)), sum(len(row["delays"]) for row in of_policy)
        firing, waiting = sum(row["firing"] for row in of_policy), sum(row["waiting"] for row in of_policy)
        told = ", ".join(f"{len(row['delays']) - _hidden(row)}/{len(row['delays'])}" for row in of_policy)
        shown.append(
            (
                name,
                f"{hidden} of {steps}",
                f"≤ {exact_upper(hidden, steps, 0.05):.1%}",
                told,
                f"{max(map(_longest, of_policy)):,.0f} s",
                f"{_mean(of_policy, 'posts_a_day'):,.0f}",
                f"{_mean(of_policy, 'told_a_day'):,.0f}",
                f"{waiting / firing:.1%}",
            )
        )
    columns = ("policy", "hidden", "95 %", "told by campaign", "latest", "posts/day", "alerts told/day", "kept back")
    print_table(columns, shown)
    ours = [row for row in rows if row["policy"].startswith(("ours", "one-shot"))]
    unsafe = [row for row in rows if row["policy"].startswith("unsafe")]
    failures = [f"{row['policy']}: hides or delays in {row['campaign']}." for row in ours if _is_bad(row)]
    return failures + ([] if any(map(_is_bad, unsafe)) else ["The unsafe policy was not caught."])


def _hidden(row: Row) -> int:
    return sum(delay is None for delay in row["delays"].values())


def _longest(row: Row) -> float:
    return max((delay for delay in row["delays"].values() if delay is not None), default=0.0)


def _is_bad(row: Row) -> bool:
    return any(map(_is_late, row["delays"].values()))


def _mean(rows: Sequence[Row], name: str) -> float:
    return float(sum(row[name] for row in rows) / len(rows))


def _print_permitted(campaigns: dict[str, ait.Campaign]) -> None:
    """How many windows the bounds ask for, and how many two scenarios can give."""
    rows = []
    for learn, test in ait.FOLDS:
        start = campaigns[test[0]].pasts[0].alert.received_at
        evidence = ait.learnt(ait.history([campaigns[one] for one in learn], start))
        most = max(one.windows for one in evidence.rules.values() if not one.incident_windows)
        needed = windows_needed(OURS.most_share, evidence.level(OURS.error))
        permitted = [ait.permitted(evidence, policy) for policy in (FIFTY_WINDOWS, ONE_SHOT, OURS)]
        counts = (len(evidence.rules), most, needed, *permitted)
        rows.append((" and ".join(learn), *map(str, counts), f"{exact_upper(0, most, 0.05):.1%}"))
    columns = ("learnt on", "rules", "most windows", "needed", "50 permit", "149 permit", "ours permits", "best bound")
    print()
    print_table(columns, rows)
    print()


def _leave_one_kind_out(campaigns: dict[str, ait.Campaign], measured: dict[str, Any]) -> list[str]:
    """Each kind of step is unknown once: its alerts are missing from what is learnt."""
    policies = {"50 windows": FIFTY_WINDOWS, "one-shot": ONE_SHOT, "ours": OURS}
    found: dict[str, dict[str, float | None]] = {name: {} for name in policies}
    for learn, test in ait.FOLDS:
        for campaign in (campaigns[one] for one in test):
            pasts = ait.history([campaigns[one] for one in learn], campaign.pasts[0].alert.received_at)
            unheld = ait.told_by(campaign, _always, folding=Folding())
            for kind in ait.kinds([campaign]):
                evidence = ait.learnt(pasts, without=kind)
                for name, policy in policies.items():
                    can_wait = ait.permitted(evidence, policy)
                    delays = (ait.held_by(campaign, policy, evidence) if can_wait else unheld).delays
                    found[name] |= {step: delay for step, delay in delays.items() if step.endswith(f":{kind}")}
    measured["kinds"] = found
    _print_kinds(found)
    late = [step for name in ("ours", "one-shot") for step, delay in found[name].items() if _is_late(delay)]
    return [f"Left out, {step} was hidden or late." for step in late]


def _print_kinds(found: dict[str, dict[str, float | None]]) -> None:
    print("AIT, one kind of step left out of what is learnt\n")
    rows = []
    for name, delays in found.items():
        hidden = sum(delay is None for delay in delays.values())
        rows.append((name, f"{hidden} of {len(delays)}", f"{max(one or 0 for one in delays.values()):,.0f} s"))
    print_table(("policy", "hidden", "latest"), rows)
    print()


def _is_late(delay: float | None) -> bool:
    return delay is None or delay > MOST_SECONDS


def _replays(campaigns: dict[str, ait.Campaign], measured: dict[str, Any]) -> list[str]:
    """The nightly replay over all scenarios, one after the other."""
    pasts = ait.history(list(campaigns.values()), campaigns["shaw"].pasts[-1].alert.received_at)
    verdicts = {name: replay_policy(pasts, policy) for name, policy in (("ours", OURS), ("unsafe", UNSAFE))}
    print("AIT, nightly replay, forward-chained over the four scenarios\n")
    for name, verdict in verdicts.items():
        print(f"{name}: {verdict.sentence} {verdict.posts_with:,} posts instead of {verdict.posts_without:,}.")
    print()
    measured["replay"] = {name: verdict.sentence for name, verdict in verdicts.items()}
    failures = ["The nightly replay blocks our policy."] if verdicts["ours"].is_blocked else []
    return failures + ([] if verdicts["unsafe"].is_blocked else ["The nightly replay lets the unsafe policy through."])


def _deploys(folder: Path, measured: dict[str, Any], *, is_scraped: bool = False) -> list[str]:
    policies: dict[str, Callable[[storm.Storm], storm.DeployScore]] = {
        "mute the service 10 min": storm.muted,
        "ours": lambda stream: storm.held_by(stream, OURS),
        "ours, approved by two": lambda stream: storm.held_by(stream, APPROVED),
        "also beside symptoms": lambda stream: storm.held_by(stream, BESIDE_SYMPTOMS),
    }
    scores: dict[str, list[storm.DeployScore]] = {name: [] for name in policies}
    folded: dict[str, dict[str, float | None]] = {"exact": {}, "ours": {}}
    for stream in storm.load(folder, is_scraped=is_scraped):
        for name, delays in folded.items():
            found = storm.folded(stream, Folding(is_exact=name == "exact"))
            delays |= {f"{fault} of {stream.name}": delay for fault, delay in found.items()}
        for name, judge in policies.items():
            scores[name].append(judge(stream))
    print(f"Deploys of the storms{', labels of watchers' if is_scraped else ''}\n")
    rows = [_deploy_row(name, [one]) for name, found in scores.items() for one in found]
    rows += [_deploy_row(f"{name}, all", found) for name, found in scores.items()]
    columns = (
        "policy, stream", "deploys", "bad hidden", "95 %", "faults hidden", "latest", "noise held", "of its classes",
        "never told", "posts",
    )  # fmt: skip
    print_table(columns, rows)
    _print_told_at_once(scores)
    measured["deploys"] = {name: [asdict(one) for one in found] for name, found in scores.items()}
    return _print_folded(folded) + _deploy_failures(scores)


def _print_told_at_once(scores: dict[str, list[storm.DeployScore]]) -> None:
    """What stood against holding the rest."""
    print("\nNoise of deploys that was told at once, by what stood against waiting\n")
    for name, found in scores.items():
        if unheld := sum((Counter(one.unheld) for one in found), Counter()):
            print(f"{name}: " + ", ".join(f"{code} {count}" for code, count in unheld.most_common()))


def _print_folded(folded: dict[str, dict[str, float | None]]) -> list[str]:
    """What folding alone does to the faults, after their first alert; ours may do no more than an hour's does."""
    late = {name: {fault for fault, delay in delays.items() if _is_late(delay)} for name, delays in folded.items()}
    print("\nFolding alone, nothing held\n")
    for name, delays in folded.items():
        hidden = sum(delay is None for delay in delays.values())
        print(f"{name}: {len(late[name])} of {len(delays)} faults later than a minute, {hidden} of them never.")
    return [
        f"Folding for longer than an hour hides or delays {fault}." for fault in sorted(late["ours"] - late["exact"])
    ]


def _deploy_row(name: str, scores: Sequence[storm.DeployScore]) -> tuple[str, ...]:
    bad = sum(len(one.faults(bad_deploys=True)) for one in scores)
    hidden = sum(len(one.hidden(bad_deploys=True)) for one in scores)
    noise = sum(one.noise for one in scores)
    return (
        name if len(scores) > 1 else f"{name}, {scores[0].storm}",
        f"{sum(one.deploys for one in scores):,}",
        f"{hidden} of {bad}",
        f"≤ {exact_upper(hidden, bad, 0.05):.1%}" if bad else "",
        f"{sum(len(one.hidden(bad_deploys=False)) for one in scores)} of {sum(len(one.delays) for one in scores)}",
        f"{max(one.maximum(bad_deploys=False) for one in scores):,.0f} s",
        f"{sum(one.held for one in scores) / noise:.0%}",
        f"{sum(one.held_in_class for one in scores) / sum(one.in_class for one in scores):.0%}",
        f"{sum(one.kept for one in scores) / noise:.0%}",
        f"{sum(one.posts_with for one in scores):,} / {sum(one.posts_without for one in scores):,}",
    )


def _deploy_failures(scores: dict[str, list[storm.DeployScore]]) -> list[str]:
    failures = [
        f"{name}: hides or delays a fault of {one.storm}."
        for name in ("ours", "ours, approved by two")
        for one in scores[name]
        if one.hidden(bad_deploys=False) or one.maximum(bad_deploys=False) > MOST_SECONDS
    ]
    approved = scores["ours, approved by two"]
    held = sum(one.held_in_class for one in approved) / sum(one.in_class for one in approved)
    return failures + ([] if held >= ENOUGH_HELD else [f"Only {held:.0%} of the noise of deploys waits."])


if __name__ == "__main__":
    sys.exit(main())
