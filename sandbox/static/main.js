// Starts the page, asks what changed about twice a second, and hands it to the two panes.

import { el } from "./dom.js";
import { showView } from "./modal.js";
import * as server from "./server.js";
import { Workspace } from "./slack.js";
import { Stream } from "./stream.js";
import { LANGUAGES, chooseLanguage, language, t } from "./texts.js";
import { dayAndTime, setWorld, worldNow } from "./time.js";

const EVERY_MS = 450;
const HINT_MS = 75_000;

const place = (id) => document.getElementById(id);
const frame = { after: 0, changes: 0, clock: null, asking: false, again: false, tab: "stream" };
let setup;
let stream;
let workspace;

function drawFrame() {
  document.documentElement.lang = language();
  place("rehearsal").replaceChildren(el("span", { class: "lamp", "aria-hidden": "true" }), t("rehearsal"));
  place("languages").setAttribute("aria-label", t("language"));
  place("languages").replaceChildren(...LANGUAGES.map((code) =>
    el("button", { type: "button", lang: code, "aria-pressed": String(code === language()), onclick: () => inLanguage(code) }, code.toUpperCase())));
  drawTabs();
  drawHint();
  drawClock();
}

function drawTabs() {
  const unread = workspace ? workspace.totalUnread() : 0;
  const tab = (name, title, badge) => el("button", { type: "button", role: "tab", "aria-selected": String(frame.tab === name), "aria-controls": name, onclick: () => openTab(name) }, title, badge ? el("span", { class: "badge" }, String(badge)) : null);
  place("tabs").replaceChildren(tab("stream", t("streamTitle"), 0), tab("slack", t("slackTitle"), unread));
  document.body.dataset.tab = frame.tab;
  document.title = unread ? `(${unread}) Palovahti` : "Palovahti";
}

function openTab(name) {
  frame.tab = name;
  drawTabs();
  if (name === "slack") workspace.toBottom();
}

function drawHint() {
  const hint = place("hint");
  hint.hidden = Boolean(sessionStorage.getItem("hint seen"));
  const step = (number) => el("li", {}, el("b", { class: "number", "aria-hidden": "true" }, String(number)), el("div", {}, el("b", {}, t(`step${number}`)), el("span", {}, t(`step${number}more`))));
  hint.replaceChildren(el("ol", {}, step(1), step(2), step(3)), el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: endHint }, "×"));
}

function endHint() {
  sessionStorage.setItem("hint seen", "yes");
  const hint = place("hint");
  hint.classList.add("fading");
  setTimeout(() => { hint.hidden = true; }, 700);
}

function drawClock() {
  if (!frame.clock) return;
  const { state, speed } = frame.clock;
  const pace = state === "running" ? `${Math.round(speed * 10) / 10}×` : t(state);
  place("world").replaceChildren(el("time", {}, dayAndTime(worldNow())), el("span", { class: `pace ${state}` }, pace));
}

function inLanguage(code) {
  chooseLanguage(code);
  drawFrame();
  stream.draw();
  workspace.draw();
}

async function refresh() {
  if (frame.asking) { frame.again = true; return; }
  frame.asking = true;
  const user = workspace.person.id;
  try {
    const now = await server.state(frame.after, frame.changes, user);
    place("lost").hidden = true;
    if (now.started !== setup.started) { location.reload(); return; }
    frame.clock = now.clock;
    setWorld(now.clock);
    stream.take(now.stream.items, frame.after > 0);
    frame.after = now.stream.latest;
    if (user === workspace.person.id) {
      if (now.slack.messages) {
        workspace.take(now.slack.messages);
        showView(now.slack.view, user, refresh);
        workspace.home.take(now.slack.home);
        drawTabs();
      }
      frame.changes = now.slack.latest;
    }
  } catch {
    place("lost").textContent = t("lost");
    place("lost").hidden = false;
  } finally {
    frame.asking = false;
  }
  if (frame.again) { frame.again = false; refresh(); }
}

function personChanged() {
  frame.changes = 0;
  showView(null);
  refresh();
}

async function start() {
  setup = await server.setup();
  workspace = new Workspace(place("slack"), setup, refresh, personChanged);
  stream = new Stream(place("stream"));
  drawFrame();
  await refresh();
  setInterval(refresh, EVERY_MS);
  setInterval(() => {
    if (!frame.clock) return;
    drawClock();
    stream.chart.draw();
  }, 500);
  setTimeout(endHint, HINT_MS);
}

start();
