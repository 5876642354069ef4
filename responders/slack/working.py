"""Listens to what people do with a case: its buttons, its menu, and the windows that open from them."""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from slack_bolt import Ack
from slack_sdk.errors import SlackClientError

from responders.slack.actions import Outcome, Person
from responders.slack.casework import Casework
from responders.slack.catalogue import Words
from responders.slack.deeds import ANSWER, MENU, MENU_ORDER, TAKE, WAKE, Deed, Press, pressed
from responders.slack.listening import Body, Listening, channel_of, double_click
from responders.slack.modals import option
from responders.slack.sentences import sentence_for
from responders.slack.working_answers import ANSWERS, FIELDS, Submitted, Wrong, beside
from responders.slack.working_forms import MOST_CHOICES, TEAM, About, Ground
from responders.slack.working_windows import about_of, bare_window, callback, more_window, window

logger = logging.getLogger(__name__)

Do = Callable[[int, Person], Outcome]


@dataclass(frozen=True)
class Working:
    """The listeners of casework: each acknowledges, then makes one call, or opens a window first and fills it after.

    `teams` are the names that cases can be given to.
    """

    listening: Listening
    casework: Casework
    teams: Sequence[str]
    clock: Callable[[], datetime]

    def press(self, do: Do) -> Callable[..., None]:
        """A button that needs no window."""

        def pressed_it(ack: Ack, body: Body) -> None:
            ack()
            self.do_at_once(do, int(json.loads(body["actions"][0]["value"])["case"]), body)

        return pressed_it

    def do_at_once(self, do: Do, case: int, body: Body) -> None:
        who = self.listening.who(body)
        outcome = do(case, who)
        logger.info("slack case press=%s case=%d user=%s outcome=%s", do.__name__, case, who.id, outcome.code or "ok")
        if not outcome.ok and not double_click(outcome, who):
            self.listening.tell(channel_of(body), who.id, self.sentence(outcome, who))

    def chosen(self, ack: Ack, body: Body) -> None:
        """A choice of a card's menu."""
        ack()
        press = pressed(body["actions"][0]["selected_option"]["value"])
        if press.deed is Deed.REOPEN:
            self.do_at_once(self.casework.reopen, press.case, body)
        else:
            self.open(press.deed, About(press.case, channel_of(body)), body, press)

    def asked(self, ack: Ack, body: Body) -> None:
        """The button under a colleague's question."""
        ack()
        value = json.loads(body["actions"][0]["value"])
        self.open("answer", About(int(value["case"]), channel_of(body), int(value["question"])), body)

    def listed(self, deed: Deed) -> Callable[..., None]:
        """A button of the list behind a card's menu: the list gives way to the deed's form."""

        def listed_it(ack: Ack, body: Body) -> None:
            ack()
            self.fill(str(body["view"]["id"]), deed, about_of(body["view"]), self.words(body))

        return listed_it

    def open(self, deed: str, about: About, body: Body, press: Press | None = None) -> None:
        words = self.words(body)
        opened = self.listening.open_window(body, about.channel, bare_window(deed, "loading", words))
        if opened is not None:
            self.fill(opened, deed, about, words, press)

    def fill(self, window_id: str, deed: str, about: About, words: Words, press: Press | None = None) -> None:
        try:
            brief = self.casework.brief(about.case)
            if brief is None:
                self.listening.fill_window(window_id, bare_window(deed, "not_found", words))
                return
            ground = Ground(brief, about, words, self.listening.zone, self.clock(), self.teams)
            drawn = more_window(press.others, ground) if press is not None and press.others else window(deed, ground)
            self.listening.fill_window(window_id, drawn)
        except Exception:
            with suppress(SlackClientError, OSError, http.client.HTTPException):
                self.listening.fill_window(window_id, bare_window(deed, "failed", words))
            raise
        logger.info("slack case window=%s case=%d shown", deed, about.case)

    def submitted(self, deed: str) -> Callable[..., None]:
        """A window sent: it closes when it went, and otherwise says beside the field why not."""

        def submitted_it(ack: Ack, body: Body, view: Body) -> None:
            who = self.listening.who(body)
            sent = Submitted(
                about_of(view), view["state"]["values"], who, self.casework, self.listening.people.colleague
            )
            outcome = ANSWERS[deed](sent)
            if isinstance(outcome, Wrong):
                sentence = self.listening.words(who.id).plain(outcome.key)
                ack(response_action="errors", errors={outcome.field: sentence})
                return
            logger.info(
                "slack case window=%s case=%d user=%s outcome=%s", deed, sent.about.case, who.id, outcome.code or "ok"
            )
            if outcome.ok or double_click(outcome, who):
                ack()
            else:
                ack(response_action="errors", errors={beside(deed, outcome, sent): self.sentence(outcome, who)})

        return submitted_it

    def found_teams(self, ack: Ack, body: Body) -> None:
        """The teams that match what was typed, for a list too long for Slack to hold."""
        ack(options=[option(team, team) for team in matching(self.teams, str(body.get("value") or ""))])

    def words(self, body: Body) -> Words:
        return self.listening.words(str(body["user"]["id"]))

    def sentence(self, outcome: Outcome, who: Person) -> str:
        return sentence_for(outcome, self.listening.words(who.id), self.listening.zone, "work.outcome")


def listen_for_casework(
    listening: Listening, *, casework: Casework, teams: Sequence[str], clock: Callable[[], datetime]
) -> None:
    """Adds the listeners of everything that can be done with a case beside its reply."""
    working = Working(listening, casework, teams, clock)
    app = listening.app
    listening.error_fields.update({callback(deed): field for deed, field in FIELDS.items()})
    app.action(TAKE)(working.press(casework.take))
    app.action(WAKE)(working.press(casework.wake))
    app.action(MENU)(working.chosen)
    app.action(ANSWER)(working.asked)
    for deed in (deed for deed in MENU_ORDER if deed in ANSWERS):
        app.action(f"{MENU}_{deed}")(working.listed(deed))
    for name in ANSWERS:
        app.view(callback(name))(working.submitted(name))
    app.options(TEAM)(working.found_teams)


def matching(names: Sequence[str], query: str) -> list[str]:
    """The names that hold the query, those that begin with it first, as many as Slack shows."""
    wanted = query.casefold().strip()
    found = [name for name in names if wanted in name.casefold()]
    return sorted(found, key=lambda name: not name.casefold().startswith(wanted))[:MOST_CHOICES]
