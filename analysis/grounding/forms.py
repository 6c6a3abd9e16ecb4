"""Forms of words that several checks ask for: of `to be`, past forms, plurals, and what ends a sentence."""

from analysis.grounding.stems import IRREGULAR

WAS = frozenset(["was", "were"])
WAS_OR_BEEN = WAS | {"been"}
PRESENT_OF_BE = frozenset(["is", "are"])
BE = PRESENT_OF_BE | WAS_OR_BEEN | {"be", "being"}
#: What makes a participle passive.
PASSIVE = BE | {"got", "get", "gets"}
ARTICLES = frozenset(["a", "an", "the"])
DEMONSTRATIVES = frozenset(["this", "that", "these", "those"])
POSSESSIVES = frozenset(["our", "their", "its"])
SENTENCE_ENDS = frozenset(".;!?\n")
#: Behind a semicolon a sentence goes on to tell of the same.
FULL_STOPS = SENTENCE_ENDS - {";"}


#: Verbs whose past is as their present; only behind a form of `to be` they tell what was done (`traffic was cut`).
UNCHANGED = frozenset(["cut", "hit", "let", "put", "reset", "set", "shut", "split", "spread"])


#: Words that only end as past forms do.
NO_PAST = frozenset(["red", "bed", "seed", "feed", "need", "speed", "hundred"])


def is_past(word: str) -> bool:
    """Whether it is a past form or a participle of the past."""
    return (word.endswith("ed") and word not in NO_PAST) or (word in IRREGULAR and not word.endswith("s"))


def is_plural(word: str) -> bool:
    """Whether a noun ends as a plural does."""
    return word.endswith("s") and not word.endswith("ss")
