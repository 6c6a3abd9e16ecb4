"""What the operations channel was told."""

from tests.slack_room import OPERATIONS, Room


def notes(room: Room, count: int) -> list[str]:
    """The operator's notes, once there are *count*: whoever is refused does not wait for them to be written."""

    def told() -> list[str]:
        room.settle()
        return [str(post["text"]) for post in room.slack.posts(OPERATIONS)]

    room.wait_for("the operator's notes", lambda: len(told()) >= count)
    return told()
