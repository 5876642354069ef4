"""Rings one step of a chain: Slack, e-mail, a webhook, PagerDuty (Events API v2) or Opsgenie (Alert API v2)."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Literal
from urllib.parse import quote

import requests

from models.errors import OutcomeUnknown, Refused, SignInAgain, TryLater
from responders.oncall import By, Call
from responders.ports import Card, CardRef, Notifier
from responders.slack.escaping import Mrkdwn, escaped

logger = logging.getLogger(__name__)

Settled = Literal["acknowledge", "resolve"]

TIMEOUT_S = 10.0
SOURCE = "palovahti"
_OPSGENIE_MESSAGE = 130  # characters, docs.opsgenie.com
_PAGERDUTY_SUMMARY = 1024


@dataclass(frozen=True)
class Message:
    """What a ring says. One with a known `key` is the same matter to the services that gather by it."""

    title: str
    text: str
    level: str
    key: str
    test: bool


@dataclass(frozen=True)
class Smtp:
    """The mail server."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    username: str | None = None
    password: str | None = None


@dataclass(frozen=True)
class Keys:
    """What the services know us by."""

    pagerduty: str | None = None
    opsgenie: str | None = None


class Ringer:
    """Sends a call by its route. Every failure is one of models.errors, and holds no name, number or address."""

    def __init__(self, notifier: Notifier, alert_channel: str, keys: Keys, smtp: Smtp | None) -> None:
        self._notifier = notifier
        self._alert_channel = alert_channel
        self._keys = keys
        self._smtp = smtp

    def ring(self, call: Call, message: Message, card: Card | None = None) -> CardRef | None:
        """Returns when the other side has taken it; a person may still not have seen it.

        `card` is what Slack shows in the place of the message's plain words; where it then stands is returned.
        """
        ref = None
        if call.to is None:
            raise Refused("nobody", "Nobody who can be reached so is on duty. Check oncall in the settings.")
        match call.by:
            case By.SCHEDULE | By.PERSON | By.CHANNEL:
                ref = self._notifier.post(call.to, card or _card(message), message.key)
            case By.GROUP:
                ref = self._notifier.post(self._alert_channel, card or _card(message, call.to), message.key)
            case By.EMAIL:
                self._mail(call.to, message)
            case By.WEBHOOK:
                _post(call.to, _webhook(message))
            case By.PAGERDUTY:
                _post(call.to, _pagerduty(message, _given(self._keys.pagerduty, "PAGERDUTY_ROUTING_KEY")))
            case By.OPSGENIE:
                key = _given(self._keys.opsgenie, "OPSGENIE_API_KEY")
                _post(call.to, _opsgenie(message), {"Authorization": f"GenieKey {key}"})
        logger.info("oncall rung by=%s level=%s test=%s", call.by, message.level, message.test)
        return ref

    def find(self, call: Call, key: str, not_before: datetime) -> CardRef | None:
        """Where a ring whose outcome nobody knows stands in a channel; None where that cannot be seen."""
        if call.to is None or call.by not in (By.CHANNEL, By.GROUP):
            return None
        return self._notifier.find(call.to if call.by is By.CHANNEL else self._alert_channel, key, not_before)

    def redraw(self, ref: CardRef, card: Card) -> None:
        """Puts `card` in the place of what a ring said in Slack."""
        self._notifier.update(ref, card)

    def settle(self, by: By, url: str, key: str, word: Settled) -> None:
        """Tells PagerDuty or Opsgenie that somebody has the matter, or that it is over; twice is as once."""
        if by is By.PAGERDUTY:
            routing = _given(self._keys.pagerduty, "PAGERDUTY_ROUTING_KEY")
            _post(url, {"routing_key": routing, "event_action": word, "dedup_key": key})
        else:
            act = "acknowledge" if word == "acknowledge" else "close"
            where = f"{url.rstrip('/')}/{quote(key, safe='')}/{act}?identifierType=alias"
            genie = _given(self._keys.opsgenie, "OPSGENIE_API_KEY")
            _post(where, {"source": SOURCE}, {"Authorization": f"GenieKey {genie}"})
        logger.info("oncall settled by=%s word=%s", by, word)

    def _mail(self, to: str, message: Message) -> None:
        smtp = self._smtp
        if smtp is None:
            raise Refused("no_smtp", "There is no mail server. Add oncall.smtp to the settings.")
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = message.title, smtp.sender, to
        mail.set_content(message.text)
        try:
            with _opened(smtp) as server:
                if smtp.username:
                    server.login(smtp.username, _given(smtp.password, "SMTP_PASSWORD"))
                server.send_message(mail)
        except smtplib.SMTPAuthenticationError as error:
            advice = "The mail server does not know us. Check oncall.smtp.username and PALOVAHTI_SMTP_PASSWORD."
            raise SignInAgain("smtp_login", advice) from error
        except smtplib.SMTPResponseException as error:
            raise _by_status(f"smtp_{error.smtp_code}", 400 <= error.smtp_code < 500, "mail server") from error
        except smtplib.SMTPRecipientsRefused as error:
            later = all(400 <= code < 500 for code, _ in error.recipients.values())
            raise _by_status("smtp_recipient", later, "mail server") from error
        except ssl.SSLError as error:
            advice = "The mail server's certificate or encryption does not fit. Check oncall.smtp.security and .port."
            raise Refused("smtp_tls", advice) from error
        except smtplib.SMTPServerDisconnected as error:
            raise OutcomeUnknown("smtp_no_answer", "The mail server hung up; the mail may have left.") from error
        except (smtplib.SMTPException, OSError) as error:
            advice = "The mail server could not be used. Check oncall.smtp.host, .port and .security, and the network."
            raise TryLater("smtp_unreachable", advice) from error


def _opened(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_S)
    if smtp.security == "starttls":
        try:
            server.starttls(context=context)
        except Exception:
            server.close()
            raise
    return server


def _card(message: Message, group: str | None = None) -> Card:
    mention = f"<!subteam^{group}> " if group else ""
    said = Mrkdwn(f"{mention}*{escaped(message.title)}*\n{escaped(message.text)}")
    return Card([{"type": "section", "text": {"type": "mrkdwn", "text": said}}], f"{message.title}. {message.text}")


def _webhook(message: Message) -> Mapping[str, Any]:
    return {
        "source": SOURCE,
        "title": message.title,
        "text": message.text,
        "level": message.level,
        "key": message.key,
        "test": message.test,
    }


def _pagerduty(message: Message, key: str) -> Mapping[str, Any]:
    """https://developer.pagerduty.com/docs/send-alert-event"""
    return {
        "routing_key": key,
        "event_action": "trigger",
        "dedup_key": message.key,
        "payload": {
            "summary": f"{message.title}. {message.text}"[:_PAGERDUTY_SUMMARY],
            "source": SOURCE,
            "severity": "critical" if message.level == "outrage" else "warning",
            "custom_details": {"level": message.level, "test": message.test},
        },
    }


def _opsgenie(message: Message) -> Mapping[str, Any]:
    """https://docs.opsgenie.com/docs/alert-api"""
    return {
        "message": message.title[:_OPSGENIE_MESSAGE],
        "description": message.text,
        "alias": message.key,
        "source": SOURCE,
        "priority": "P1" if message.level == "outrage" else "P3",
        "details": {"level": message.level, "test": str(message.test).lower()},
    }


def _post(url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
    try:
        answer = requests.post(url, json=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        raise Refused("tls", "The other side's certificate is not good. Check the URL in oncall.chains.") from error
    except (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError) as error:
        raise TryLater("unreachable", "The other side could not be reached. Check the network.") from error
    except requests.exceptions.ReadTimeout as error:
        raise OutcomeUnknown("no_answer", "The other side did not answer; it may have rung.") from error
    except requests.exceptions.ConnectionError as error:
        advice = "The other side could not be reached, or hung up. Check the URL in oncall.chains and the network."
        raise OutcomeUnknown("unreachable", advice) from error
    except requests.exceptions.RequestException as error:
        raise Refused("bad_url", "No call can be made to this URL. Check it in oncall.chains.") from error
    status = answer.status_code
    if status in (401, 403):
        raise SignInAgain(f"http_{status}", "The other side does not know us. Check its key and URL.")
    if not 200 <= status < 300:
        raise _by_status(f"http_{status}", status == 429 or status >= 500, "other side")


def _by_status(code: str, later: bool, who: str) -> TryLater | Refused:
    if later:
        return TryLater(code, f"The {who} cannot take it now. Try again in a while.")
    return Refused(code, f"The {who} does not take it. Check the step's address and its key in the settings.")


def _given(key: str | None, name: str) -> str:
    if not key:
        advice = f"PALOVAHTI_{name} is not set. Put it in that variable, or in a file in PALOVAHTI_SECRETS_DIR."
        raise SignInAgain("no_key", advice)
    return key
