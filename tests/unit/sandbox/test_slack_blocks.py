"""Our block rules, held against the ones Slack's own SDK carries."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.slack_blocks import message_problems, view_problems
from tests.unit.sandbox.slack_setup import a_card, a_modal, actions, button, mrkdwn, plain, select

CHECKBOXES = {
    "type": "checkboxes",
    "action_id": "flags",
    "options": [{"text": mrkdwn("*Kiire*"), "value": "urgent"}, {"text": plain("Lapsi mukana"), "value": "child"}],
}
CONFIRM = {"title": plain("Varma?"), "text": plain("Tämä lähtee heti."), "confirm": plain("Kyllä"), "deny": plain("Ei")}


def sdk_refuses(blocks: list[dict[str, Any]]) -> bool:
    """What slack_sdk's models say: unknown types, and every limit of the elements inside."""
    try:
        parsed = Block.parse_all(blocks)
        if None in parsed:
            return True
        for one in parsed:
            one.validate_json()
            for inner in [*(getattr(one, "elements", None) or []), getattr(one, "accessory", None)]:
                if hasattr(inner, "validate_json"):
                    inner.validate_json()
    except (SlackObjectFormationError, TypeError, ValueError):
        return True
    return False


GOOD = [
    a_card(),
    a_card(
        {"type": "section", "fields": [mrkdwn("*Kanava*\nX"), plain("Taso")]},
        {"type": "section", "text": mrkdwn("Ehdotus"), "accessory": select("swap", "eka", "toka")},
        actions(button("open", "Avaa X", url="https://x.com/nuotiopuoti/status/1"), block_id="links"),
        actions(button("publish", "Lähetä", confirm=CONFIRM), block_id="sure"),
        actions({"type": "overflow", "action_id": "more", "options": [{"text": plain("Torkku"), "value": "snooze"}]}),
    )[5:],
    [actions(CHECKBOXES)],
]


@pytest.mark.parametrize("blocks", GOOD)
def test_blocks_of_our_cards_pass_here_and_in_slacks_sdk(blocks: list[dict[str, Any]]):
    assert message_problems(blocks) == []
    assert not sdk_refuses(blocks)


BAD = [
    [{"type": "marquee"}],
    [{"type": "header", "text": plain("x" * 151)}],
    [{"type": "section", "text": mrkdwn("x" * 3001)}],
    [{"type": "section"}],
    [{"type": "section", "fields": [plain("x")] * 11}],
    [{"type": "context", "elements": [plain("x")] * 11}],
    [actions(*[button(f"a{n}") for n in range(26)])],
    [actions(button("a", "x" * 76))],
    [actions(button("a") | {"value": "x" * 2001})],
    [actions(button("x" * 256))],
    [actions(button("a", style="loud"))],
    [actions(button("a", url="x" * 3001))],
    [actions(select("a", *[str(n) for n in range(101)]))],
    [{"type": "divider", "block_id": "x" * 256}],
]


@pytest.mark.parametrize("blocks", BAD)
def test_whatever_slacks_sdk_refuses_is_refused_here_too(blocks: list[dict[str, Any]]):
    assert sdk_refuses(blocks)
    assert message_problems(blocks)


STRICTER = [
    [{"type": "header", "text": mrkdwn("*x*")}],
    [{"type": "divider", "colour": "red"}],
    [{"type": "section", "text": mrkdwn("")}],
    [actions(button("a"), button("a"))],
    [{"type": "divider", "block_id": "same"}, {"type": "divider", "block_id": "same"}],
    [{"type": "divider"}] * 51,
    [actions(button("a", disabled=True))],
    [actions(button("a", confirm=CONFIRM | {"deny": plain("x" * 31)}))],
    [{"type": "section", "text": mrkdwn("x"), "accessory": select("a", "eka") | {"options": []}}],
    [actions(select("a", "eka") | {"initial_option": {"text": plain("Muu"), "value": "other"}})],
    [a_modal()["blocks"][0]],  # input blocks live in modals
    [actions(button("a", url="javascript:alert(1)"))],
]


@pytest.mark.parametrize("blocks", STRICTER)
def test_what_slack_refuses_but_its_sdk_lets_pass_is_refused_here(blocks: list[dict[str, Any]]):
    assert message_problems(blocks)


def test_a_problem_points_at_the_very_field():
    (problem,) = message_problems([{"type": "divider"}, {"type": "header", "text": plain("x" * 151)}])
    assert problem == "[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]"


def test_a_modal_with_every_kind_of_field_passes_here_and_in_slacks_sdk():
    fields = [
        {"type": "input", "block_id": kind["type"], "label": plain("Kenttä"), "element": kind, "optional": True}
        for kind in (select("s", "a"), CHECKBOXES, {**CHECKBOXES, "type": "radio_buttons", "action_id": "r"})
    ]
    modal = a_modal(*fields, {"type": "divider"}, notify_on_close=True)
    assert view_problems(modal) == []
    View(**modal).validate_json()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["actions", "button", "input"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "element", "blocks", "options", "initial_option", "block_id"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_json_at_all_breaks_the_checks(anything: Any):
    assert isinstance(message_problems(anything), list)
    assert isinstance(message_problems([anything]), list)
    assert view_problems(anything) or isinstance(anything, dict)
