"""Which words of a title may name a service."""

import pytest

from analysis.titles import words_of


@pytest.mark.parametrize(
    "title",
    [
        "Checkout loses orders",
        "`checkout` errors",
        "checkout/payments failing",
        "checkout's down",
        "checkout’s down",
        "api,checkout down",
        "checkout:5xx",
        "checkout—down",
        "(checkout)",
        "*checkout* is slow.",
    ],
)
def test_words_of_a_title_have_the_service(title: str) -> None:
    """Whatever stands around its name."""
    assert "checkout" in words_of(title)


@pytest.mark.parametrize("name", ["shop/checkout", "db:5432", "eu-1.checkout", "pay_api"])
def test_words_of_a_title_have_names_with_marks_in_them(name: str) -> None:
    """They stay whole, too."""
    assert name in words_of(f"{name}: no orders")


def test_words_of_a_title_are_no_parts_of_names() -> None:
    """A longer name with a hyphen is another service."""
    assert "checkout" not in words_of("checkout-worker is slow")
    assert words_of(" … ") <= {"…"}
