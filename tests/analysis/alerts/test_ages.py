"""What bounds the delays of a group as it ages."""

from analysis.alerts.ages import Ages
from analysis.alerts.prior import SHIPPED
from analysis.alerts.topology import Relation


def test_no_delay_weighs_more_than_its_bounds_at_its_step_and_before() -> None:
    """Rates rise until their lag is over, so a later step may weigh more than an earlier one."""
    ages = Ages(SHIPPED)

    for relation in Relation:
        for step, weight in enumerate(SHIPPED.delays(relation)):
            assert weight < ages.now[step]
            assert weight < min(ages.ever[: step + 1])
