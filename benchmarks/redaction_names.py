"""Names of made-up people, one list for each part, in the forms in which people are written."""

import random
from collections.abc import Callable, Mapping

from benchmarks.redaction_canaries import Canary

#: (given names, surnames) of each part; no name stands in both.
_SEEN = (
    (
        "Aisha Bogdan Chiara Dmitri Eluned Farida Gustavo Hanneke Ivana Jörg Kwame Ludovic Małgorzata Nnamdi Oluwaseun "
        "Priya Quentin Rasmus Søren Tadeusz Ursula Venkat Wojciech Ximena Yusuf Zsófia 美咲 Дмитрий Mark Grace"
    ),
    (
        "Achterberg Brandstätter Chukwu Dąbrowski Eriksen Fernández Gruber Hernández Iglesias Jankowski Kowalczyk "
        "Lindqvist Mbeki Nakamura Oyelaran Petrović Quispe Radhakrishnan Szabó Thorvaldsen Uzun Vandenberg Wiśniewski "
        "Xanthopoulos Yilmaz Zieliński 佐藤 Иванов Baker Stone"
    ),
)
_UNSEEN = (
    (
        "Abimbola Björn Catarina Dragana Emeka Fionnuala Giulia Henrike Ignacio Jadwiga Katarzyna Lakshmi Mehmet Niamh "
        "Ólafur Paweł Raúl Siobhán Tomáš Umut Vusi Wanjiru Xoán Yuki Zainab Åsa 健太 Ольга Rose Frank"
    ),
    (
        "Andersson Bhattacharya Csikszentmihalyi Đorđević Ekwueme Fitzgerald Güneş Hrušovský Ilić Jóhannsdóttir "
        "Kierkegaard Lefebvre Mazurek Nwosu Ødegaard Papadopoulou Rezaei Schäfer Tkachenko Ueda Villanueva Wachowski "
        "Yamashita Zając Ferreira Castellanos 鈴木 Петрова Fisher Young"
    ),
)
_LISTS: Mapping[str, tuple[str, str]] = {"seen": _SEEN, "unseen": _UNSEEN}
_SENTENCES = (
    "{}",
    "restarted by {} at noon",
    "Ask {} about the pool",
    "{} confirmed the fix",
    "paged {}, who failed over",
    "per {}: wait",
)


def _names(part: str) -> Callable[[int, int], list[Canary]]:
    def draw(count: int, seed: int) -> list[Canary]:
        drawn = random.Random(seed)
        given, family = (text.split() for text in _LISTS[part])
        return [_name(number, f"{drawn.choice(given)} {drawn.choice(family)}", drawn) for number in range(count)]

    return draw


def _name(number: int, name: str, drawn: random.Random) -> Canary:
    """Every second one is of the directory; a stranger may be anywhere in capitals or small letters."""
    first = name.split(maxsplit=1)[0]
    identity = f"U{number:05}{drawn.randrange(10**5):05}"
    known = {
        "full": name,
        "small": name.lower(),
        "given": first,
        "handle": "@" + name.lower().replace(" ", "."),
        "id": f"<@{identity}>",
        "capitals": name.upper(),
    }
    strange = {
        "full": name,
        "small": name.lower(),
        "capitals": name.upper(),
        "handle": "@" + name.lower().replace(" ", ""),
    }
    is_known = number % 2 == 0
    forms = known if is_known else strange
    form = list(forms)[number // 2 % len(forms)]
    text = drawn.choice(_SENTENCES).format(forms[form])
    return Canary(kind="directory" if is_known else "stranger", core=name, text=text, disguise=f"{form}|{identity}")


NAMES = {part: _names(part) for part in _LISTS}
