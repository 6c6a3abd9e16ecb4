"""What a group of alerts says of itself in a few words: its rules, its places, how fast alerts came, and why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import Alert, ended_because, is_numbered, page_of, rule_called, runbook_of, said_of
from analysis.alerts.environments import environment_of
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.chain import stamp

#: What is shown is little; what is kept is a little more.
MOST_KEPT = 12
MOST_LETTERS = 200
MOST_NEAR = 4
#: What fires at more places than these is everywhere.
MOST_REACHED = 64
MOST_NEWS = 3
MOST_LINKS = 3
MOST_ENDS = 4
RATE_MINUTES = 30
_MOST_TERMS = 3
#: A number that stands by itself in a title, with its unit: that of a value, and not of a host (“web-3”).
_VALUE = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)*[a-zA-Z%]{0,3}(?![\w-])")
#: As many letters of a rule as every sentence begins with that says why it is here.
_LETTERS_OF_WHY = 40
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """`rules` and `places` with how many alerts each had, `minutes` since 1970 with how many came in each.

    `summary` is the first alert's own sentence; `why` says which alert was put here last, and why;
    `is_apart` where a person put a series apart into it. `entities` are what its alerts stand at ("node:n-4"), with how
    many each had; `near` are the ids of groups that grouping suggested it belongs to, with the best logit of each;
    `is_lane` where a series that repeats by itself is in it; `news` is what was told anew of it while it fired on, the
    newest first; `environment` is that of its alerts, as soon as one names it; `runbooks` and `pages` are the links
    that came with the first few rules: to what is to be done, and to the sender's own page about the latest alert of
    each; `since` is when it began to fire again after it was quiet, `anew` when it last did so after hours; `ends` says
    of what ended since then without a recovery, by rule and place, why it did; `titles` is how rules are called here
    that have a number for a name and a value in their title, by that title without the value; `reached` is where it
    has fired, as far as people were to be told; `repeats` is how many messages in a row told only that it repeats by
    itself, and `returns` how many that it was over, came back and stays; `is_back` where that waits to be told.
    """

    rules: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    minutes: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    summary: str = ""
    why: str = ""
    is_apart: bool = False
    entities: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    near: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    is_lane: bool = False
    news: tuple[str, ...] = ()
    environment: str = ""
    runbooks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    since: datetime | None = None
    ends: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    anew: datetime | None = None
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    reached: tuple[str, ...] = ()
    repeats: int = 0
    returns: int = 0
    is_back: bool = False

    def with_alert(self, alert: Alert, place: str, why: str, entities: Iterable[str] = ()) -> "Digest":
        """With one more alert, which stands at *entities*; *why* replaces the reason unless it is empty."""
        known = self.entities
        for entity in entities:
            known = _counted(known, entity[:MOST_LETTERS])
        summary = self.summary or said_of(alert)[:MOST_LETTERS]
        titles, rule = _titled(self.titles, alert)
        return replace(
            self,
            titles=titles,
            rules=_counted(self.rules, rule),
            places=_counted(self.places, _phrase(place)),
            minutes=_recent({**self.minutes}, int(alert.received_at.timestamp()) // 60),
            summary=summary,
            why=" ".join(why.splitlines()) or self.why,
            entities=known,
            environment=self.environment or _phrase(environment_of(alert.labels)),
            runbooks=self.runbooks if rule in self.runbooks else _linked(self.runbooks, rule, runbook_of(alert)),
            pages=_linked(self.pages, rule, page_of(alert)),
            ends=_without(self.ends, _told(alert, place)),
        )

    def with_end(self, alert: Alert, place: str) -> "Digest":
        """With *alert*'s end where that is no recovery; a recovery takes back what was kept of an earlier end."""
        told, because = _told(alert, place), ended_because(alert)[:MOST_LETTERS]
        others = _without(self.ends, told)
        if not because or len(others) >= MOST_ENDS:
            return replace(self, ends=others)
        return replace(self, ends=MappingProxyType({**others, told: because}))

    def merged(self, other: "Digest", why: str) -> "Digest":
        """With all of *other*, since both have one cause."""
        minutes = dict(self.minutes)
        for minute, count in other.minutes.items():
            minutes[minute] = minutes.get(minute, 0) + count
        return replace(
            self,
            rules=_summed(self.rules, other.rules),
            places=_summed(self.places, other.places),
            minutes=_trimmed(minutes),
            summary=self.summary or other.summary,
            why=why,
            entities=_summed(self.entities, other.entities),
            near=_nearest({**other.near, **self.near}),
            is_lane=self.is_lane or other.is_lane,
            news=(*self.news, *other.news)[:MOST_NEWS],
            environment=self.environment or other.environment,
            runbooks=_all_linked(self.runbooks, other.runbooks),
            pages=_all_linked(self.pages, other.pages),
            ends=MappingProxyType(dict([*{**other.ends, **self.ends}.items()][:MOST_ENDS])),
            titles=MappingProxyType(dict([*{**other.titles, **self.titles}.items()][:MOST_KEPT])),
            reached=tuple(dict.fromkeys((*self.reached, *other.reached)))[:MOST_REACHED],
        )

    def without(
        self, alert: Alert, place: str, entities: Iterable[str], alerts: int, stay: Iterable[Alert] = ()
    ) -> "Digest":
        """Without a series that fired *alerts* times, of which *alert* is the newest, and what was said of it alone.

        *stay* are the newest alerts of the series that stay, whose rules do: one that left may have been counted under
        several names, as where it fired once because its data were missing.
        """
        stay = list(stay)
        if (called := _called_anew(self.titles, alert, stay)) is not None:
            return _renamed(self, alert, called).without(alert, place, entities, alerts, stay)
        told, (_, rule) = _told(alert, place), _titled(self.titles, alert)
        staying = sum(_titled(self.titles, one)[1] == rule for one in stay)
        rules = _less(self.rules, rule, min(alerts, max(0, self.rules.get(rule, 0) - staying)))
        known = self.entities
        for entity in entities:
            known = _less(known, entity[:MOST_LETTERS], alerts)
        is_gone, places = rule not in rules, _less(self.places, _phrase(place), alerts)
        has_left = _phrase(place) in self.places and _phrase(place) not in places
        return replace(
            self,
            rules=rules,
            places=places,
            reached=tuple(one for one in self.reached if not (has_left and one == _phrase(place))),
            entities=known,
            summary="" if self.summary == said_of(alert)[:MOST_LETTERS] else self.summary,
            why="" if is_gone and self.why.startswith(rule[:_LETTERS_OF_WHY]) else self.why,
            news=tuple(one for one in self.news if one != told and not one.startswith(f"{told}: ")),
            runbooks=_without(self.runbooks, rule) if is_gone else self.runbooks,
            pages=_without(self.pages, rule) if is_gone else self.pages,
            ends=_without(self.ends, told),
        )

    def with_series(self, alert: Alert, place: str, entities: Iterable[str], alerts: int) -> "Digest":
        """With such a series that comes back, as `without` left it out."""
        titles, rule = _titled(self.titles, alert)
        return replace(
            self,
            titles=titles,
            rules=_summed(self.rules, {rule: alerts}),
            places=_summed(self.places, {_phrase(place): alerts} if place else {}),
            entities=_summed(self.entities, {entity[:MOST_LETTERS]: alerts for entity in entities}),
        )

    def with_reached(self, place: str) -> "Digest":
        """With *place* as one at which it has fired; itself where that is known, or enough others are."""
        named = _phrase(place)
        if not named or named in self.reached or len(self.reached) >= MOST_REACHED:
            return self
        return replace(self, reached=(*self.reached, named))

    def with_news(self, alert: Alert, place: str) -> "Digest":
        """With *alert* as what is new of it."""
        told, said = _told(alert, place), said_of(alert)
        line = " ".join((f"{told}: {said}" if said else told).split())[:MOST_LETTERS]
        # Of one rule at one place the newest is enough: a third site of the same tells less than another rule.
        earlier = (one for one in self.news if one != told and not one.startswith(f"{told}: "))
        return replace(self, news=(line, *earlier)[:MOST_NEWS])

    def with_near(self, group: str, logit: float) -> "Digest":
        """With a group that grouping suggested; the best logit of each is kept."""
        return replace(self, near=_nearest({**self.near, group: max(logit, self.near.get(group, logit))}))

    @property
    def rule(self) -> str:
        """The rule that fired first."""
        return next(iter(self.rules), "")

    @property
    def rate(self) -> str:
        """Alerts a minute as a line of bars that ends with the latest minute; empty for fewer than two minutes."""
        if len(self.minutes) < 2:
            return ""
        last = max(self.minutes)
        first = max(min(self.minutes), last - RATE_MINUTES + 1)
        counts = [self.minutes.get(minute, 0) for minute in range(first, last + 1)]
        highest = max(counts)
        return "".join(_BARS[(count * (len(_BARS) - 1) + highest - 1) // highest] for count in counts)

    @property
    def drawn(self) -> str:
        """Names what a chart of the rate shows: equal where it would look the same."""
        return sha256(repr(sorted(self.minutes.items())).encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            "rules": [[name, count] for name, count in self.rules.items()],
            "places": [[name, count] for name, count in self.places.items()],
            "minutes": [[minute, count] for minute, count in self.minutes.items()],
            "summary": self.summary,
            "why": self.why,
            "is_apart": self.is_apart,
            "entities": [[name, count] for name, count in self.entities.items()],
            "near": [[group, logit] for group, logit in self.near.items()],
            "is_lane": self.is_lane,
            "news": list(self.news),
            "environment": self.environment,
            "runbooks": [[rule, link] for rule, link in self.runbooks.items()],
            "pages": [[rule, link] for rule, link in self.pages.items()],
            "since": stamp(self.since) if self.since else None,
            "ends": [[told, because] for told, because in self.ends.items()],
            "anew": stamp(self.anew) if self.anew else None,
            "titles": [[pattern, title] for pattern, title in self.titles.items()],
            "reached": list(self.reached),
            "repeats": self.repeats,
            "returns": self.returns,
            "is_back": self.is_back,
        }


def to_digest(kept: Mapping[str, Any]) -> Digest:
    """The digest that `to_json` kept."""
    return Digest(
        rules=MappingProxyType(dict(kept["rules"])),
        places=MappingProxyType(dict(kept["places"])),
        minutes=MappingProxyType(dict(kept["minutes"])),
        summary=kept["summary"],
        why=kept["why"],
        is_apart=kept["is_apart"],
        entities=MappingProxyType(dict(kept.get("entities", ()))),
        near=MappingProxyType(dict(kept.get("near", ()))),
        is_lane=kept.get("is_lane", False),
        news=tuple(kept.get("news", ())),
        environment=kept.get("environment", ""),
        runbooks=MappingProxyType(dict(kept.get("runbooks", ()))),
        pages=MappingProxyType(dict(kept.get("pages", ()))),
        since=_instant(kept.get("since")),
        anew=_instant(kept.get("anew")),
        ends=MappingProxyType(dict(kept.get("ends", ()))),
        titles=MappingProxyType(dict(kept.get("titles", ()))),
        # earlier versions kept the counts of places alone
        reached=tuple(kept["reached"] if "reached" in kept else (name for name, _ in kept["places"])),
        repeats=kept.get("repeats", 0),
        returns=kept.get("returns", 0),
        is_back=kept.get("is_back", False),
    )


def why_together(reasons: Sequence[Reason]) -> str:
    """How the places stand to each other, the heaviest other reasons that speak for it, and the heaviest against it.

    What holds for every pair of alerts is left out unless there is nothing else. No weights: that of a place counts
    beside what is left out, and says nothing alone.
    """
    heaviest = sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.code))
    places = [reason for reason in heaviest if reason.code is ReasonCode.RELATION]
    others = [reason for reason in heaviest if reason.code not in {ReasonCode.RELATION, ReasonCode.BASE}]
    pro = [*places, *(reason for reason in others if reason.weight > 0)][:_MOST_TERMS]
    con = [reason for reason in others if reason.weight < 0][:1]
    told = ", ".join(reason.text for reason in pro or heaviest[:1])
    return f"{told}; against: {con[0].text}" if con else told


def _titled(titles: Mapping[str, str], alert: Alert) -> tuple[Mapping[str, str], str]:
    """What *alert*'s rule is called: as before where its title differs from that in its values alone."""
    called = _phrase(rule_called(alert))
    if not is_numbered(alert) or not _VALUE.search(called):
        return titles, called
    pattern = _pattern(alert)
    if pattern not in titles and len(titles) < MOST_KEPT:
        titles = MappingProxyType({**titles, pattern: called})
    return titles, titles.get(pattern, called)


def _pattern(alert: Alert) -> str:
    return f"{alert.rule}: {_VALUE.sub('#', _phrase(rule_called(alert)))}"


def _called_anew(titles: Mapping[str, str], alert: Alert, stay: Iterable[Alert]) -> str | None:
    """What the rule of *alert*, which leaves, is called by those that *stay*; None where it is not called after it."""
    own = _phrase(rule_called(alert))
    if titles.get(_pattern(alert)) != own:
        return None
    alike = [_phrase(rule_called(one)) for one in stay if _pattern(one) == _pattern(alert)]
    return alike[0] if alike and own not in alike else None


def _renamed(digest: Digest, alert: Alert, called: str) -> Digest:
    """*digest* with the rule of *alert* called otherwise; why it came last is left out where that names it."""
    own = _phrase(rule_called(alert))
    return replace(
        digest,
        titles=MappingProxyType({**digest.titles, _pattern(alert): called}),
        rules=MappingProxyType({called if one == own else one: count for one, count in digest.rules.items()}),
        runbooks=MappingProxyType({called if one == own else one: link for one, link in digest.runbooks.items()}),
        pages=MappingProxyType({one: link for one, link in digest.pages.items() if one != own}),
        why="" if digest.why.startswith(own[:_LETTERS_OF_WHY]) else digest.why,
    )


def _told(alert: Alert, place: str) -> str:
    """Rule and place in one line, as people read them."""
    rule = rule_called(alert)
    return " ".join((f"{rule} at {place}" if place else rule).split())[:MOST_LETTERS]


def _without(ends: Mapping[str, str], told: str) -> Mapping[str, str]:
    return MappingProxyType({one: because for one, because in ends.items() if one != told})


def _phrase(text: str) -> str:
    """As a part of a line of what is said, which has no breaks."""
    return " ".join(text.splitlines())[:MOST_LETTERS]


def _instant(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _counted(counts: Mapping[str, int], name: str) -> Mapping[str, int]:
    """One more of *name*; a new one is left out where enough are known."""
    if not name or (name not in counts and len(counts) >= MOST_KEPT):
        return counts
    return MappingProxyType({**counts, name: counts.get(name, 0) + 1})


def _summed(first: Mapping[str, int], second: Mapping[str, int]) -> Mapping[str, int]:
    total = dict(first)
    for name, count in second.items():
        if name in total or len(total) < MOST_KEPT:
            total[name] = total.get(name, 0) + count
    return MappingProxyType(total)


def _less(counts: Mapping[str, int], name: str, count: int) -> Mapping[str, int]:
    left = {**counts, name: counts.get(name, 0) - count}
    return MappingProxyType({one: number for one, number in left.items() if number > 0})


def _linked(links: Mapping[str, str], rule: str, link: str) -> Mapping[str, str]:
    """With the *link* of *rule*, unless enough other rules have one."""
    if not link or (rule not in links and len(links) >= MOST_LINKS):
        return links
    return MappingProxyType({**links, rule: link})


def _all_linked(first: Mapping[str, str], second: Mapping[str, str]) -> Mapping[str, str]:
    """The links of both groups, as many as are kept; of a rule that both have, that of the first."""
    both = {**first, **{rule: link for rule, link in second.items() if rule not in first}}
    return MappingProxyType(dict([*both.items()][:MOST_LINKS]))


def _nearest(near: Mapping[str, float]) -> Mapping[str, float]:
    """The groups with the highest logits; ties go to the one known first."""
    best = sorted(near.items(), key=lambda one: -one[1])[:MOST_NEAR]
    return MappingProxyType(dict(best))


def _recent(minutes: dict[int, int], minute: int) -> Mapping[int, int]:
    minutes[minute] = minutes.get(minute, 0) + 1
    return _trimmed(minutes)


def _trimmed(minutes: Mapping[int, int]) -> Mapping[int, int]:
    oldest = max(minutes, default=0) - RATE_MINUTES
    return MappingProxyType({minute: count for minute, count in sorted(minutes.items()) if minute > oldest})


def listed(counts: Mapping[str, int], most: int) -> tuple[Iterable[str], int]:
    """The *most* frequent names, and how many more there are."""
    names = sorted(counts, key=lambda name: -counts[name])
    return names[:most], max(0, len(names) - most)
