"""Texts that mention people, compared whatever each is called: names change, and who was a stranger gets known."""

import re

#: Mentions by id, one right behind another taken as one.
_MENTIONS = re.compile(r"((?:@[UW][A-Z0-9]+)+)")
_LONGEST_NAME = 200


def is_same_but_for_names(text: str, unnamed: str) -> bool:
    """Whether *text* is *unnamed*, in which people are called by their ids, with a name or the bare id for any of them.

    >>> is_same_but_for_names("@kim and @U0NEW1 saw it", "@U0KIM11 and @U0NEW1 saw it")
    True
    """
    begin, *rest = _MENTIONS.split(unnamed)
    parts = [_one(*part) for part in zip(rest[::2], rest[1::2], [*rest[2::2], ""], strict=False)]
    return re.fullmatch(re.escape(begin) + "".join(parts), text) is not None


def _one(mentions: str, after: str, following: str) -> str:
    """The people of *mentions* with what stands *after* them, up to those *following*.

    Texts of blocks had the ids without the sign. What is behind a name is looked for once, so that a text with many
    names costs no more than its length; only at the end is there nothing else to find.
    """
    names = rf"@[^\n]{{1,{mentions.count('@') * _LONGEST_NAME}}}?"
    part = rf"(?:{_bare(mentions)}|{names}){re.escape(after)}"
    return rf"(?>{part}(?=@|{_bare(following)}))" if following else part


def _bare(mentions: str) -> str:
    return mentions.replace("@", "")
