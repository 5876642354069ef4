"""The page in a real browser, with a real Bolt app behind the buttons."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from sandbox.page import ClockInfo, create_page
from sandbox.serving import serve
from tests.unit.sandbox.slack_setup import (
    ALERTS,
    Rehearsal,
    a_card,
    a_modal,
    actions,
    bolt_app,
    button,
    mrkdwn,
    rehearsal,
)
from tests.unit.sandbox.test_page import NOON, GrowingStream, an_item

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVIL = "<img src=x onerror=\"document.title='owned'\"> & <b>ei lihavoitu</b>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed; the page is then tested without a browser only")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def room():
    with rehearsal() as here:
        yield here


@pytest.fixture
def stream() -> GrowingStream:
    return GrowingStream(an_item(1, text=EVIL, external_id="root"), an_item(2, parent_id="root", sentiment="negative"))


@pytest.fixture
def page(browser: Any, room: Rehearsal, stream: GrowingStream) -> Iterator[Page]:
    server = serve(create_page(room.slack, stream, lambda: ClockInfo(NOON, 120.0)))
    context = browser.new_context(locale="fi-FI", viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    broken: list[str] = []
    opened.on("pageerror", lambda problem: broken.append(str(problem)))
    opened.on("console", lambda line: broken.append(line.text) if line.type == "error" else None)
    opened.goto(server.url)
    yield opened
    context.close()
    server.close()
    assert broken == []


def test_a_person_edits_a_reply_on_the_card_and_sees_it_sent(page: Page, room: Rehearsal, stream: GrowingStream):
    with bolt_app(room) as app:

        @app.action("edit")
        def edit(ack, body, client):
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=a_modal())

        @app.view("edit_reply")
        def submitted(ack, body, view, client):
            ack()
            text = view["state"]["values"]["reply"]["text"]["value"]
            stream.items.append(an_item(3, parent_id="root", text=text, from_us=True, author_name="Nuotiopuoti"))
            sent = [{"type": "section", "text": mrkdwn(f":white_check_mark: *Lähetetty* <@{body['user']['id']}>")}]
            client.chat_update(channel=ALERTS, ts=ts, text="Lähetetty", blocks=sent)

        more = actions(button("edit", "Muokkaa"), block_id="more")
        ts = room.client.chat_postMessage(channel=ALERTS, text="Hälytys", blocks=a_card(more))["ts"]
        page.get_by_text("Mikael Öst").click()
        page.get_by_role("button", name="Muokkaa").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Lähetä").click()
        expect(dialog.get_by_text("Tämä kohta on täytettävä.")).to_be_visible()
        dialog.get_by_label("Vastaus").fill("Hei Satu, selvitämme tämän heti.")
        dialog.get_by_role("button", name="Lähetä").click()
        expect(dialog).to_have_count(0)
        card = page.locator(".message")
        expect(card).to_contain_text("Lähetetty @Mikael Öst")
        expect(card).to_contain_text("(muokattu)")
        expect(page.get_by_role("button", name="Muokkaa")).to_have_count(0)
        expect(page.locator(".post").nth(1)).to_contain_text("selvitämme tämän heti")


def test_a_click_nobody_answers_shows_a_warning_and_can_be_tried_again(page: Page, room: Rehearsal):
    room.client.chat_postMessage(channel=ALERTS, text="Hälytys", blocks=a_card())
    page.get_by_role("button", name="Hyväksy ja lähetä").click()
    expect(page.locator(".message .warning")).to_contain_text("Sovellukseen ei saatu yhteyttä.")
    expect(page.get_by_role("button", name="Hyväksy ja lähetä")).to_be_enabled()


def test_peoples_words_are_shown_as_they_wrote_them_and_never_run(page: Page, room: Rehearsal):
    room.client.chat_postMessage(channel=ALERTS, text=EVIL, blocks=[{"type": "section", "text": mrkdwn(EVIL)}])
    expect(page.locator(".post .words").first).to_have_text(EVIL)
    expect(page.locator(".message")).to_contain_text("<b>ei lihavoitu</b>")
    assert page.locator("main b", has_text="ei lihavoitu").count() == 0
    assert "owned" not in page.title()


MRKDWN = [
    ("*lihava* ja _kursiivi_ ja ~yli~", "<strong>lihava</strong> ja <em>kursiivi</em> ja <s>yli</s>"),
    ("2*3*4 ja nimi_osa_toinen", "2*3*4 ja nimi_osa_toinen"),
    ("`koodi *ei lihava*`", "<code>koodi *ei lihava*</code>"),
    ("&gt; lainaus\nperässä", "<blockquote>lainaus</blockquote>perässä"),
    ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
    ("<javascript:alert(1)|paina>", "&lt;javascript:alert(1)|paina&gt;"),
    ("<@U0MIKAEL> <!channel>", '<span class="mention">@Mikael Öst</span> <span class="mention">@channel</span>'),
    ("<!date^1794304800^{date_num} klo {time}|x>", '<time title="x">2026-11-10 klo 12.00</time>'),
    (":tuntematon: 10:30:15", ":tuntematon: 10:30:15"),
]


def test_mrkdwn_is_drawn_as_slack_draws_it(page: Page):
    page.wait_for_selector(".post")
    draw = """async (text) => {
        const { mrkdwn } = await import("/static/mrkdwn.js");
        const node = document.createElement("div");
        node.append(...mrkdwn(text));
        return node.innerHTML;
    }"""
    assert [page.evaluate(draw, text) for text, _ in MRKDWN] == [wanted for _, wanted in MRKDWN]
    drawn = page.evaluate(draw, "*<https://x.com/a?b=1&amp;c=2|ketju>* :fire:")
    assert '<strong><a href="https://x.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">ketju</a>' in drawn
    assert 'alt="🔥"' in drawn


def test_the_frame_speaks_three_languages_and_starts_with_the_browsers(page: Page):
    expect(page.locator("#rehearsal")).to_have_text("Harjoitus: mitään ei lähde tältä koneelta")
    expect(page.locator("#world time")).to_contain_text("ti 10.11. klo 12.")
    page.get_by_role("button", name="EN").click()
    expect(page.locator("#rehearsal")).to_have_text("Rehearsal: nothing leaves this machine")
    expect(page.locator("#world time")).to_contain_text("Tue 10 Nov 12:")


def test_home_the_command_and_a_messages_menu_are_within_reach(page: Page, room: Rehearsal) -> None:
    home = {"type": "home", "blocks": a_card()[:3]}
    with bolt_app(room) as app:
        app.event("app_home_opened")(lambda event, client: client.views_publish(user_id=event["user"], view=home))
        app.command("/palovahti")(lambda ack, respond, body: (ack(), respond(f"kuulin: {body['text']}")))
        app.shortcut("make_case")(
            lambda ack, body, client: (ack(), client.views_open(trigger_id=body["trigger_id"], view=a_modal()))
        )
        page.get_by_role("button", name="Palovahti", exact=True).click()
        expect(page.locator(".home")).to_contain_text("Toimitus myöhässä")
        page.get_by_role("button", name="asiakaspalvelu").click()
        write = page.get_by_role("textbox", name="Kirjoita viesti")
        write.fill("/palovahti tila")
        write.press("Enter")
        expect(page.locator(".hidden-one")).to_contain_text("kuulin: tila")
        write.fill("Katsokaa tätä <!channel>")
        write.press("Enter")
        said = page.locator(".message", has_text="Katsokaa tätä")
        expect(said).to_contain_text("<!channel>")
        said.hover()
        said.get_by_role("button", name="Make this a case").click()
        expect(page.get_by_role("dialog")).to_contain_text("Muokkaa vastausta")
