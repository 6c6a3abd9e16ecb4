"""What can be read of a process at any moment, by its name in Prometheus (`docs/operations/monitoring.md`)."""

from collections.abc import Mapping
from typing import NamedTuple


class Told(NamedTuple):
    """What a figure says, and the name of its one label where it has one."""

    sentence: str
    label: str = ""


DATABASE_UP = "debrief_database_up"
WRITER_UP = "debrief_writer_up"
WRITER_QUEUE = "debrief_writer_queue_length"
WRITER_QUEUE_LIMIT = "debrief_writer_queue_limit"
WRITER_REFUSED = "debrief_writer_refused_total"
SENDING = "debrief_sending"
SLACK_CONNECTED = "debrief_slack_connected"
DELIVERIES = "debrief_deliveries_waiting"
DELIVERIES_AGE = "debrief_deliveries_oldest_age_seconds"
PARKED_LANES = "debrief_parked_lanes"
GROUPING_LAG = "debrief_grouping_lag_seconds"
HELD = "debrief_alerts_held"
HELD_AGE = "debrief_alerts_held_oldest_age_seconds"
IN_LINE = "debrief_alerts_in_line_waiting"
IN_LINE_AGE = "debrief_alerts_in_line_oldest_age_seconds"
HEARTBEAT_UP = "debrief_heartbeat_up"
HEARTBEAT_AT = "debrief_heartbeat_last_success_timestamp_seconds"
ANCHORED_AT = "debrief_anchors_last_success_timestamp_seconds"
MODEL_DRAFTING = "debrief_model_drafting"

GAUGES: Mapping[str, Told] = {
    DATABASE_UP: Told("Whether the database answered this scrape within a second."),
    WRITER_UP: Told("Whether the writer commits."),
    WRITER_QUEUE: Told("What waits to be recorded."),
    WRITER_QUEUE_LIMIT: Told("How much may wait to be recorded; more is refused."),
    WRITER_REFUSED: Told("What was refused because too much waited to be recorded."),
    SENDING: Told("Whether this process is the one that sends, groups and pages."),
    SLACK_CONNECTED: Told("Whether Slack can reach this process, as far as it knows."),
    DELIVERIES: Told("Messages that are due and not sent, by where they go.", "to"),
    DELIVERIES_AGE: Told("How long the oldest of them has waited; 0 where none does.", "to"),
    PARKED_LANES: Told("Lanes that wait for somebody, by where they go.", "to"),
    GROUPING_LAG: Told("How long the oldest alert that is not grouped has waited; 0 where all are."),
    HELD: Told("Alerts that are held back now, by what ends it.", "action"),
    HELD_AGE: Told("How long the oldest of them is held; 0 where none is.", "action"),
    IN_LINE: Told("Alerts on routes in line that the pager has not taken."),
    IN_LINE_AGE: Told("How long the oldest of them has waited; 0 where none does."),
    HEARTBEAT_UP: Told("Whether the outside heartbeat beat when it last should; only where one is set up."),
    HEARTBEAT_AT: Told("When the outside heartbeat last beat; 0 where it has not."),
    ANCHORED_AT: Told(
        "When the heads were last seen to be anchored; 0 where they were not; only with an anchors file."
    ),
    MODEL_DRAFTING: Told("Whether the language model may be asked; only where one is set up."),
}
