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

from demo.browser import ChromiumMissing, Screen, find_chromium, screen
from demo.ending import approve_and_publish, check_record, draft
from demo.message import Message
from demo.network import NoOwnNetwork, own_network
from demo.play import StepFailed, step
from demo.run import Show, show
from demo.standin import ROOT, StandInMissing, find_binary

IMAGES = ROOT / "docs" / "images"
INCIDENT = "incident.png"
DRAFT = "draft.png"
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
    print(f"Wrote {options.out / INCIDENT} and {options.out / DRAFT}.")
    return 0


def _take(here: Show, folder: Path, out: Path) -> None:
    """Picture the incident and the waiting draft, then finish the path; only then put the pictures in place."""
    here.play.perform()
    check_record(here.play)
    with step("Chromium opens the stand-in"):
        seen = screen(here.stage.standin.url)
    with seen as look:
        _picture_incident(here, look, folder / INCIDENT)
        offer = draft(here.play)
        _picture_draft(look, offer, folder / DRAFT)
    approve_and_publish(here.play, here.stage.served, offer)
    out.mkdir(parents=True, exist_ok=True)
    for name in (INCIDENT, DRAFT):
        shutil.move(folder / name, out / name)


def _picture_incident(here: Show, look: Screen, path: Path) -> None:
    with step("a picture of the incident's channel"):
        _go(here, look)
        look.page.locator(".messages").evaluate("list => list.scrollTo({top: 0})")
        look.picture(path)


def _picture_draft(look: Screen, offer: Message, path: Path) -> None:
    with step("a picture of the draft"):
        look.grow(_TALL)
        message = look.page.locator(f'.msg[data-ts="{offer.ts}"]')
        message.wait_for()
        look.see_as_slack_shows()
        message.scroll_into_view_if_needed()
        look.picture(path)


def _go(here: Show, look: Screen) -> None:
    """Stand in the incident's channel as the approver."""
    approver = next(each for each in here.play.scenario.people.values() if each.id == here.play.scenario.approver)
    look.act_as(approver.real_name)
    look.open_channel(here.play.channel_name)
    look.see_as_slack_shows()


if __name__ == "__main__":
    sys.exit(main())
