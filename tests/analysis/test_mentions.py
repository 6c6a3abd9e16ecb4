"""Which texts are one but for what the people in them are called."""

import time

import pytest

from analysis.mentions import is_same_but_for_names


@pytest.mark.parametrize(
    ("text", "unnamed"),
    [
        ("rolled back", "rolled back"),
        ("@Ana Maria @bo", "@U0ANA111 @U0BO2222"),
        ("@ana@bo: look", "@U0ANA111@U0BO2222: look"),
        ("U0ANA111 is on it", "@U0ANA111 is on it"),
        ("we, @a. a., and @b\nwatch", "we, @U0ANA111, and @U0BO2222\nwatch"),
        ("ask @o o", "ask @U0ANA111"),
    ],
)
def test_names_make_no_other_text(text: str, unnamed: str) -> None:
    """A name may have blanks and what stands behind it, and older texts of blocks have the bare id."""
    assert is_same_but_for_names(text, unnamed)


@pytest.mark.parametrize(
    ("text", "unnamed"),
    [
        ("rolled back twice", "rolled back"),
        ("@ana rolled back twice", "@U0ANA111 rolled back"),
        ("ana rolled back", "@U0ANA111 rolled back"),
        ("@ rolled back", "@U0ANA111 rolled back"),
        ("@ana\nrolled back", "@U0ANA111 rolled back"),
        ("@ana (a+b)", "@U0ANA111 (ab)"),
        ("anything", "@U0ANA111"),
    ],
)
def test_other_words_are_another_text(text: str, unnamed: str) -> None:
    """Only the names are left open, and a name is neither empty nor of two lines."""
    assert not is_same_but_for_names(text, unnamed)


def test_many_names_take_no_time() -> None:
    """A text that mentions hundreds and ends otherwise is told apart at once."""
    began = time.monotonic()

    found = is_same_but_for_names("@a b " * 400 + "no", "@U0ANA111 " * 400 + "yes")

    assert not found
    assert time.monotonic() - began < 1
