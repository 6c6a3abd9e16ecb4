"""Uploading a file to a channel, until it can be seen there.

Slack answers a share at once and carries it out later, after its own checks, or now and then not at all
(https://github.com/slackapi/python-slack-sdk/issues/1277, https://github.com/slackapi/bolt-js/issues/2115). What it
answers proves nothing, so the message is looked for in the channel, where people read it; `files.info` would say the
same and need a scope more. Each part is on record before the next: a crash neither uploads nor shares a file twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ports.outbox import Outcome, Park, Retry, Step
from bot.ports.records import Delivery
from bot.slack.client import error_code
from bot.slack.outgoing.posting import PAUSE, delete_file, find_message

#: How long a share may take that Slack has taken.
PATIENCE = timedelta(minutes=1)
#: After a share whose answer was lost, the file is looked for so long before it is shared again.
UNSURE = timedelta(seconds=15)
NOT_SHOWN = "Slack took the file and does not show it in the channel; nobody can read it there"

_FILE, _PLACE, _ASKED_IN, _ASKED_AT = "file", "place", "asked_in", "asked_at"
_TAKEN_AT, _GIVEN_UP = "taken_at", "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file for a channel, with the words that go before it."""

    channel: str
    name: str
    content: bytes
    text: str


def share_once(client: WebClient, delivery: Delivery, upload: Upload, now: datetime) -> Outcome | str:
    """Do what comes next towards a file that people can see; the `ts` of its message once they can."""
    known = delivery.result
    if _FILE not in known:
        file = _send(client, delivery, upload)
        begun = {_FILE: file, _PLACE: upload.channel, _ASKED_IN: delivery.attempts, _ASKED_AT: now.isoformat()}
        return Step(result=begun)
    if known.get(_PLACE, upload.channel) != upload.channel:
        # The incident left that channel meanwhile: nothing of it may be read there.
        delete_file(client, str(known[_FILE]))
        return Step(result={})
    if known[_ASKED_IN] == delivery.attempts:
        return _share(client, delivery, upload, now)
    return find_message(client, delivery, upload.channel, is_upload_of) or _unseen(delivery, now)


def is_upload_of(message: Mapping[str, Any], delivery: Delivery) -> bool:
    """Whether *message* carries the file that was uploaded for *delivery*."""
    files = message.get("files") or ()
    return any(str(delivery.id) in str(file.get("name")) or _is_known(file, delivery) for file in files)


def _is_known(file: Mapping[str, Any], delivery: Delivery) -> bool:
    return _FILE in delivery.result and file.get("id") == delivery.result[_FILE]


def send_picture(client: WebClient, name: str, content: bytes, alternative: str) -> str:
    """Upload a picture that is shown by blocks alone: it is in no channel; the file's id."""
    file = _send_bytes(client, name, content, alt_txt=alternative)
    client.files_completeUploadExternal(files=[{"id": file, "title": name}])
    return file


def _send(client: WebClient, delivery: Delivery, upload: Upload) -> str:
    """Upload the bytes, which nobody sees yet; the file's id. Its name carries the delivery's."""
    stem, _, suffix = upload.name.rpartition(".")
    return _send_bytes(client, f"{stem}-{delivery.id}.{suffix}", upload.content)


def _send_bytes(client: WebClient, name: str, content: bytes, **more: str) -> str:
    place = client.files_getUploadURLExternal(filename=name, length=len(content), **more)
    request = Request(str(place["upload_url"]), data=content, method="POST")  # noqa: S310 - Slack names it
    with urlopen(request, timeout=client.timeout):  # noqa: S310 - likewise
        return str(place["file_id"])


def _share(client: WebClient, delivery: Delivery, upload: Upload, now: datetime) -> Outcome:
    """Ask Slack to share the file; the next attempt looks whether it did."""
    known = delivery.result
    try:
        client.files_completeUploadExternal(
            files=[{"id": known[_FILE], "title": upload.name}],
            channel_id=upload.channel,
            initial_comment=upload.text,
        )
    except SlackApiError as error:
        if error_code(error) != "file_not_found":
            raise
        return Retry(because="Slack has lost the file; it is uploaded again", result={})
    taken = {**known, _TAKEN_AT: now.isoformat()}
    return Retry(because="the file is not to be seen in the channel yet", after=PAUSE, backs_off=False, result=taken)


def _unseen(delivery: Delivery, now: datetime) -> Outcome:
    """What to do about a file that is not in the channel: wait, share it again, or begin anew."""
    known = delivery.result
    if known.get(_GIVEN_UP):
        return Step(result={})
    if _TAKEN_AT in known:
        return _wait(delivery, now - datetime.fromisoformat(known[_TAKEN_AT]))
    waited = now - datetime.fromisoformat(known[_ASKED_AT])
    if waited < UNSURE:
        because = "whether Slack shared the file is not known; it is looked for"
        return Retry(because=because, after=max(PAUSE, waited), backs_off=False, is_unknown=True)
    return Step(result={**known, _ASKED_IN: delivery.attempts, _ASKED_AT: now.isoformat()})


def _wait(delivery: Delivery, waited: timedelta) -> Outcome:
    """Look again, later each time; a file that does not appear at all is looked for once more when told to go on."""
    if waited < PATIENCE:
        because = "the file is not to be seen in the channel yet"
        return Retry(because=because, after=max(PAUSE, waited), backs_off=False)
    return Park(because=NOT_SHOWN, whole_lane=False, result={**delivery.result, _GIVEN_UP: True})
