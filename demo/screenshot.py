"""`python -m demo.screenshot`: take the pictures of the documentation from the running demo.

The whole path is played and asserted as in `python -m demo.run --headless`; the pictures are written only when a
document was published.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from demo.browser import HEIGHT, ChromiumMissing, Screen, find_chromium, screen
from demo.ending import approve_and_publish, check_alerts, check_record, draft
from demo.message import Message
from demo.network import NoOwnNetwork, own_network
from demo.play import StepFailed, step
from demo.run import Show, show
from demo.scenario import Step
from demo.stage import ALERTS
from demo.standin import ROOT, StandInMissing, find_binary

IMAGES = ROOT / "docs" / "images"
GROUP = "alerts.png"
INCIDENT = "incident.png"
DRAFT = "draft.png"
_PICTURES = (GROUP, INCIDENT, DRAFT)
_LOW = 640
# At full speed all messages fall into one second, within which the stand-in's times do not tell the order.
_SPEED = 600.0
_TALL = 1500


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; the exit status is 0 when both are in place."""
    parser = argparse.ArgumentParser(prog="python -m demo.screenshot", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=IMAGES, help="the folder of the pictures")
    parser.add_argument("--yes", action="store_true", help="go on where the stand-in must listen on every interface")
    options = parser.parse_args(arguments)
    try:
        find_binary()
        find_chromium()
        with ExitStack() as surroundings, tempfile.TemporaryDirectory(prefix="debrief-demo-") as folder:
            if not options.yes:
                surroundings.enter_context(own_network())
            here = surroundings.enter_context(show(Path(folder), port=None, speed=_SPEED, is_quiet=True))
            _take(here, Path(folder), options.out)
    except (StandInMissing, ChromiumMissing, StepFailed, NoOwnNetwork) as error:
        print(f"No pictures. {error}", file=sys.stderr)
        return 1
    print(f"Wrote {', '.join(_PICTURES)} in {options.out}.")
    return 0


def _take(here: Show, folder: Path, out: Path) -> None:
    """Picture alerts that fire, the incident and the waiting draft; put them in place once the document is out."""
    with step("Chromium opens the stand-in"):
        seen = screen(here.stage.standin.url)
    with seen as look:
        here.play.look = lambda coming: _picture_alerts(here, look, folder / GROUP, coming)
        here.play.perform()
        check_record(here.play)
        check_alerts(here.play)
        _picture_incident(here, look, folder / INCIDENT)
        offer = draft(here.play)
        _picture_draft(look, offer, folder / DRAFT)
    approve_and_publish(here.play, here.stage.served, offer)
    out.mkdir(parents=True, exist_ok=True)
    for name in _PICTURES:
        shutil.move(folder / name, out / name)


def _picture_alerts(here: Show, look: Screen, path: Path, coming: Step) -> None:
    """The alerts' channel before the alerts are over; nothing before another step."""
    if coming.do != "settle":
        return
    with step("a picture of the alerts' channel"):
        _act_as_approver(here, look)
        look.resize(_LOW)
        look.open_channel(ALERTS.name)
        look.see_as_slack_shows()
        look.picture(path)
        look.resize(HEIGHT)


def _picture_incident(here: Show, look: Screen, path: Path) -> None:
    with step("a picture of the incident's channel"):
        _go(here, look)
        look.page.locator(".messages").evaluate("list => list.scrollTo({top: 0})")
        look.picture(path)


def _picture_draft(look: Screen, offer: Message, path: Path) -> None:
    with step("a picture of the draft"):
        look.resize(_TALL)
        message = look.page.locator(f'.msg[data-ts="{offer.ts}"]')
        message.wait_for()
        look.see_as_slack_shows()
        message.scroll_into_view_if_needed()
        look.picture(path)


def _go(here: Show, look: Screen) -> None:
    """Stand in the incident's channel as the approver."""
    _act_as_approver(here, look)
    look.open_channel(here.play.channel_name)
    look.see_as_slack_shows()


def _act_as_approver(here: Show, look: Screen) -> None:
    look.act_as(
        next(one for one in here.play.scenario.people.values() if one.id == here.play.scenario.approver).real_name
    )


if __name__ == "__main__":
    sys.exit(main())
