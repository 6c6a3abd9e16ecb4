"""What in a title may name a service."""

import pytest

from analysis.titles import names_in


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
def test_names_in_a_title_have_the_service(title: str) -> None:
    """Whatever stands around its name."""
    assert "checkout" in names_in(title)


@pytest.mark.parametrize("name", ["shop/checkout", "db:5432", "eu-1.checkout", "pay_api"])
def test_names_in_a_title_have_names_with_marks_in_them(name: str) -> None:
    """They stay whole, too."""
    assert name in names_in(f"{name}: no orders")


def test_names_in_a_title_are_no_parts_of_names() -> None:
    """A longer name with a hyphen is another service."""
    assert "checkout" not in names_in("checkout-worker is slow")
    assert names_in(" … ") <= {"…"}


@pytest.mark.parametrize("name", ["payments api", "ledger db eu"])
def test_names_in_a_title_may_have_spaces(name: str) -> None:
    """As services of some catalogues have."""
    assert name in names_in(f"The {name.title()}, again: slow")
