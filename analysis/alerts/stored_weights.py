"""The weights of grouping as JSON keeps them, to the last bit, and back."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from analysis.alerts.prior import Prior, RelationPrior
from analysis.alerts.topology import Relation
from analysis.errors import InvalidInput


def weights_of(prior: Prior) -> dict[str, Any]:
    """Every number of *prior*."""
    numbers = {one.name: getattr(prior, one.name) for one in fields(prior) if one.name != "relations"}
    relations = {relation.value: [one.weight, one.lag_seconds] for relation, one in prior.relations.items()}
    return {**numbers, "relations": relations}


def prior_of(weights: Mapping[str, Any], digest: str) -> Prior:
    """The prior that `weights_of` wrote down, if its hash is *digest*.

    Raises
    ------
    InvalidInput
        If it is not: a number is missing, is none, or was changed since.
    """
    try:
        relations = {
            Relation(name): RelationPrior(weight=weight, lag_seconds=lag)
            for name, (weight, lag) in weights["relations"].items()
        }
        numbers = {name: value for name, value in weights.items() if name != "relations"}
        prior = Prior(**numbers, relations=MappingProxyType(relations))
        found = prior.digest()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = "The weights cannot be read."
        raise InvalidInput(message) from error
    if found != digest:
        message = f"The weights have the hash {found} and should have {digest}."
        raise InvalidInput(message)
    return prior
