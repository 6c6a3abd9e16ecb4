"""How Bolt hands over each kind of request: each is parsed, submitted and acknowledged with the outcome.

Nothing calls Slack before the acknowledgement. What follows it (a form, an answer to a button) runs in a pool of
our own, because a listener of Bolt that raises after its acknowledgement can lose it.
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from analysis.errors import DebriefError, Unavailable
from analysis.slacktext import escape
from bot.slack.blocks import ids
from bot.slack.blocks.forms import notice
from bot.slack.client import TRANSPORT_ERRORS, Degrading
from bot.slack.context import SlackContext, UnknownPersonError, asked_at, refusal
from bot.slack.daemons import Daemons
from bot.slack.incoming.buttons import answer_button, form_of_button
from bot.slack.incoming.commands import answer_command, ask_with, beside, open_form, private
from bot.slack.incoming.happenings import handle_event, message_mark
from bot.slack.incoming.home import home_view
from bot.slack.incoming.message_text import said
from bot.slack.incoming.on_call import LookUp, looked_up
from bot.slack.incoming.shapes import readable
from bot.slack.incoming.submissions import answer_submission
from bot.slack.workspace.learning import read_members
from bot.slack.workspace.naming import named
from bot.usecases.verbs import Form

log = logging.getLogger(__name__)

EVENTS = (
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "member_left_channel",
    "channel_archive",
    "channel_deleted",
    "group_archive",
    "group_deleted",
    "channel_unarchive",
    "group_unarchive",
    "channel_id_changed",
    "channel_rename",
    "group_rename",
    "team_join",
    "user_change",
    "subteam_updated",
    "subteam_created",
    "subteam_members_changed",
)
FORM_LOST = "If no form opened, Slack was too slow; nothing was recorded. Try again, or type it: see `/incident help`."
NOT_ADDED = "This is not an incident channel, so nothing was added."
#: How long the end of the process waits for what follows answers.
LAST_SECONDS = 3.0
#: What of the events about messages is listened to.
MESSAGE_SUBTYPES = ("message_changed", "message_deleted", "channel_convert_to_private", "channel_convert_to_public")


class Afterwards:
    """Web API work after an acknowledgement: at most once, its failure is logged and nothing more."""

    def __init__(self, client: WebClient, context: SlackContext, degrading: Degrading) -> None:
        """A few threads: a form must not wait behind answers that Slack takes slowly."""
        self._client = client
        self._degrading = degrading
        self._context = context
        self._pool = Daemons(4, "after-ack")

    def stop(self) -> None:
        """Finish what was begun, unless Slack is slower than it lets us be: no form can be opened later anyway."""
        self._pool.stop(patience_seconds=LAST_SECONDS)

    def open_form(self, body: Mapping[str, Any], build: Callable[[], Mapping[str, Any] | None]) -> None:
        """Build a form and open it within the trigger's three seconds; a refusal is shown in its place.

        Whoever asked is told of one that Slack does not take, where Slack lets us answer.
        """

        def run() -> None:
            try:
                view = build()
            except DebriefError as error:
                view = notice(refusal(error))
            try:
                if view:
                    self._client.views_open(trigger_id=body["trigger_id"], view=dict(view))
            except (SlackApiError, *TRANSPORT_ERRORS):
                if body.get("response_url"):
                    self.respond(body, private(FORM_LOST))
                raise

        self._submit(run)

    def answer_again(self, body: Mapping[str, Any], build: Callable[[], Mapping[str, Any]]) -> None:
        """Answer whoever typed a command once more, with what had to be asked elsewhere first."""
        self._submit(lambda: self.respond(body, build()))

    def respond(self, body: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Answer the presser of a button, visible to them alone."""
        url = str(body.get("response_url") or "")

        def run() -> None:
            if url:
                settings = self._context.settings
                said = named({**answer, "replace_original": False}, settings.slack_command)
                taken = WebhookClient(url, timeout=settings.slack_timeout_seconds).send_dict(said)
                if taken.status_code != 200:
                    log.warning("after the answer", extra={"because": f"http_{taken.status_code}"})
            else:
                channel, user = body["channel"]["id"], body["user"]["id"]
                self._client.chat_postEphemeral(channel=channel, user=user, text=answer["text"])

        self._submit(run)

    def learn(self, slack_id: str) -> None:
        """Ask Slack who somebody is, so that the next try knows."""
        self._submit(lambda: self._context.directory.learn([self._client.users_info(user=slack_id)["user"]]))

    def read_members(self, channel: str) -> None:
        """Ask who is in the channel of a private incident, of which Debrief heard nothing while it was out of it."""

        def run() -> None:
            if channel in self._context.directory.private_channels():
                read_members(self._client, self._context.directory, channel)

        self._submit(run)

    def publish_home(self, slack_id: str) -> None:
        """Show the App Home."""
        self._submit(
            lambda: self._degrading.call("views.publish", user_id=slack_id, view=home_view(self._context, slack_id))
        )

    def _submit(self, work: Callable[[], object]) -> None:
        try:
            self._pool.submit(lambda: _logged(work))
        except Unavailable:
            # The pool is closed, because we are stopping; what was acknowledged is recorded all the same.
            log.warning("nothing follows the answer any more")


def build_bolt(
    context: SlackContext, client: WebClient, degrading: Degrading, identity: Callable[[], AuthorizeResult]
) -> tuple[App, Afterwards]:
    """The Bolt app with its listeners; *identity* is known at start, so no request waits for `auth.test`."""
    app = App(
        # Without a name Bolt reads the sources of everything on the stack for one.
        name="debrief",
        # One without the token, which comes from the identity: Bolt calls nothing by itself.
        client=WebClient(base_url=context.settings.slack_api_url),
        # Bolt passes arguments by name, `self` too, so a bound method cannot be handed over as it is.
        authorize=lambda: identity(),  # noqa: PLW0108
        process_before_response=True,
        token_verification_enabled=False,
        # `dispatch_http`, the only way in by HTTP, has checked the signature before Bolt reads anything.
        request_verification_enabled=False,
        # Debrief offers no steps of workflows, which alone have such tokens.
        attaching_function_token_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    afterwards = Afterwards(client, context, degrading)
    app.middleware(_FromSocket())
    app.middleware(_Commands(context, afterwards))
    _listen_to_buttons(app, context, afterwards)
    _listen_to_forms(app, context, afterwards)
    _listen_to_shortcuts(app, context, afterwards)
    _listen_to_events(app, context, afterwards)
    app.error(_unavailable)
    return app, afterwards


class _FromSocket(Middleware):
    """Reads what comes by the socket as `dispatch_http` has read what comes by HTTP.

    A class, since Bolt collects 27 arguments for each function in the way of a request.
    """

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002, ARG002 - Bolt's names
        if req.mode == "socket_mode":
            req.body = readable(req.body)
        return next()


class _Commands(Middleware):
    """Answers our command, for which somebody waits whatever else goes on.

    Not a listener, for which Bolt collects those arguments twice: a sixth of what the request cost altogether.
    """

    def __init__(self, context: SlackContext, afterwards: Afterwards) -> None:
        """Answer from *context*; what follows the answer is done *afterwards*."""
        self._context = context
        self._afterwards = afterwards

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002, ARG002 - Bolt's names
        """Acknowledge with the answer, or leave the request to the listeners."""
        command, body = self._context.settings.slack_command, req.body
        if body.get("command") != command:
            return next()
        answer, then = answer_command(self._context, body, asked_at(req.headers, self._context.clock))
        acknowledged = req.context.ack(**named(answer, command))
        self._follow(body, then)
        return acknowledged

    def _follow(self, body: Mapping[str, Any], then: Form | LookUp | None) -> None:
        if isinstance(then, LookUp):
            self._afterwards.answer_again(body, lambda: looked_up(self._context, then))
        elif then:
            self._afterwards.open_form(body, lambda: open_form(self._context, then, body["user_id"]))
        _learn_unknown(self._context, self._afterwards, body["user_id"])


def _listen_to_buttons(app: App, context: SlackContext, afterwards: Afterwards) -> None:
    def on_button(ack: Ack, request: BoltRequest, body: dict[str, Any]) -> None:
        at = asked_at(request.headers, context.clock)
        answer = answer_button(context, body, at)
        ack()
        if answer:
            afterwards.respond(body, answer)
        else:
            afterwards.open_form(body, lambda: form_of_button(context, body, at))
        _learn_unknown(context, afterwards, body["user"]["id"])

    app.action(ids.ACTION_PATTERN)(on_button)


def _listen_to_forms(app: App, context: SlackContext, afterwards: Afterwards) -> None:
    def on_submission(ack: Ack, request: BoltRequest, body: dict[str, Any]) -> None:
        answer = answer_submission(context, body, asked_at(request.headers, context.clock))
        ack(**named(answer, context.settings.slack_command))
        _learn_unknown(context, afterwards, body["user"]["id"])

    app.view(ids.FORM_PATTERN)(on_submission)


def _listen_to_shortcuts(app: App, context: SlackContext, afterwards: Afterwards) -> None:
    def on_add(ack: Ack, body: dict[str, Any]) -> None:
        try:
            request, key = message_mark(context, body)
            reply = context.submit(request, key)
            text = f"{reply.text} {_taken_off(context)}".strip() if reply.text else NOT_ADDED
        except DebriefError as error:
            text = refusal(error)
        ack()
        afterwards.respond(body, private(escape(text)))
        _learn_unknown(context, afterwards, body["user"]["id"])

    def on_declare(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        user = str(body["user"]["id"])
        title = " ".join(said(body["message"], context.directory.name)[:150].split())
        try:
            _, form = ask_with(
                Form(name="declare", values={"title": title}), context.asker(user, f"slack:{body['trigger_id']}")
            )
        except DebriefError as error:
            afterwards.respond(body, private(escape(refusal(error))))
        else:
            channel = str((body.get("channel") or {}).get("id") or "")
            afterwards.open_form(body, lambda: open_form(context, beside(context, form, channel), user))
        _learn_unknown(context, afterwards, user)

    app.message_shortcut(ids.SHORTCUT_ADD)(on_add)
    app.message_shortcut(ids.SHORTCUT_DECLARE)(on_declare)


def _taken_off(context: SlackContext) -> str:
    """How a message leaves the timeline that was added from its menu, whose mark Slack does not show."""
    emoji = min(context.settings.timeline_emoji, default="")
    return f"To take it off again, react to it with :{emoji}: and take that back." if emoji else ""


def _listen_to_events(app: App, context: SlackContext, afterwards: Afterwards) -> None:
    def on_event(body: dict[str, Any]) -> None:
        try:
            handle_event(context, body)
        except UnknownPersonError:
            afterwards.learn(str(body["event"]["user"]))
            raise
        event = body["event"]
        if event["type"] == "member_joined_channel" and context.directory.is_own(str(event["user"])):
            afterwards.read_members(str(event["channel"]))

    def on_home(body: dict[str, Any]) -> None:
        afterwards.publish_home(str(body["event"]["user"]))

    names = re.compile("^(" + "|".join(EVENTS) + ")$")
    app.event(names)(on_event)
    app.event({"type": "message", "subtype": MESSAGE_SUBTYPES})(on_event)
    app.event("app_home_opened")(on_home)
    app.event("message")(_ignore)
    app.event("app_mention")(_ignore)


def _ignore() -> None:
    """Messages are never scraped: only marked ones become part of the record."""


def _unavailable(error: Exception) -> BoltResponse:
    """Not acknowledged, so that Slack delivers events again."""
    if isinstance(error, DebriefError):
        log.warning("request not recorded", extra={"because": error.message})
        return BoltResponse(status=503, headers={"retry-after": ["1"]})
    log.error("request failed", exc_info=error)
    return BoltResponse(status=500)


def _learn_unknown(context: SlackContext, afterwards: Afterwards, slack_id: str) -> None:
    if not context.directory.is_known(slack_id):
        afterwards.learn(slack_id)


def _logged(work: Callable[[], object]) -> None:
    try:
        work()
    except SlackApiError as error:
        log.warning("after the answer", extra={"because": str(error.response.get("error"))})
    except TRANSPORT_ERRORS as error:
        log.warning("after the answer", extra={"because": type(error).__name__})
    except DebriefError as error:
        log.info("after the answer", extra={"because": error.message})
    except Exception:  # a thread's edge
        log.exception("after the answer")
