"""Characters that a reader cannot see and that only serve to hide or reorder text."""

#: The body of a regular-expression character class: soft hyphen, joiners, bidirectional controls, fillers, tags
#: and the supplementary variation selectors. The selectors U+FE00 to U+FE0F stay out, since emoji need them.
INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
