// The workspace: channels with their unread counts, the messages of the open one, and who is looking.

import { renderBlocks } from "./blocks.js";
import { composer } from "./composer.js";
import { avatar, el, reconcile } from "./dom.js";
import { pictured } from "./emoji.js";
import { Home } from "./home.js";
import { mrkdwn, setNames } from "./mrkdwn.js";
import { send } from "./server.js";
import { hasText, t } from "./texts.js";
import { clockTime, longDate } from "./time.js";

export class Workspace {
  constructor(root, setup, refresh, personChanged) {
    Object.assign(this, { root, setup, refresh, personChanged });
    this.person = setup.people.find((one) => one.id === localStorage.getItem("person")) ?? setup.people[0];
    this.channel = setup.channels[0].id;
    this.home = new Home(() => this.person.id, refresh);
    this.atHome = false;
    this.root.addEventListener("click", (event) => this.followed(event));
    this.forget();
    setNames(setup.people, setup.channels);
    this.draw();
  }

  forget() {
    this.messages = new Map(); // "channel ts" -> what the workspace keeps
    this.nodes = new Map();
    this.warnings = new Map(); // "channel ts" -> sentence under the buttons
    this.waiting = new Set();
    this.firstLoad = true;
  }

  draw() {
    this.nodes.clear();
    this.list = el("div", { class: "messages", tabindex: "0", role: "log", "aria-label": t("slackTitle") });
    this.below = el("button", { type: "button", class: "below-pill", hidden: true, onclick: () => this.toBottom(true) }, "↓ ", t("newBelow"));
    this.list.addEventListener("scroll", () => { if (this.atBottom()) this.below.hidden = true; this.markRead(); });
    this.channelButtons = el("div", { class: "channels" });
    this.homeButton = el("button", { type: "button", onclick: () => this.openHome() }, el("img", { src: "/static/flame.svg", alt: "", width: "16", height: "16" }), this.setup.bot);
    this.write = composer(() => ({ user: this.person.id, channel: this.channel }), () => this.refresh());
    this.home.draw();
    this.title = el("h2");
    this.topic = el("p");
    this.root.replaceChildren(
      el("aside", { class: "side" },
        el("div", { class: "workspace" }, this.setup.workspace, el("span", { "aria-hidden": "true" }, "⌄")),
        el("h3", {}, t("channels")), this.channelButtons,
        el("h3", {}, t("apps")), el("div", { class: "channels apps" }, this.homeButton),
        el("div", { class: "persona" }, el("h3", { id: "persona-title" }, t("youAre")), this.people())),
      el("div", { class: "room" }, el("header", {}, this.title, this.topic), this.list, this.home.node, this.below, this.write));
    if (this.atHome) this.showHome();
    else this.openChannel(this.channel);
  }

  openHome() {
    this.showHome();
    this.home.open();
  }

  showHome() {
    this.atHome = true;
    this.title.replaceChildren(this.setup.bot);
    this.topic.textContent = t("topic_home");
    this.showPane();
    this.drawChannels();
  }

  showPane() {
    this.list.hidden = this.write.hidden = this.atHome;
    this.home.node.hidden = !this.atHome;
    this.below.hidden = true;
  }

  // A link to a message of this workspace opens its channel there.
  followed(event) {
    const found = /\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(event.target.closest?.("a")?.href ?? "");
    if (!found || !this.setup.channels.some((one) => one.id === found[1])) return;
    event.preventDefault();
    this.openChannel(found[1]);
    const node = this.nodes.get(`${found[1]} ${found[2]}.${found[3]}`);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("redrawn");
  }

  people() {
    const group = el("div", { class: "people", role: "radiogroup", "aria-labelledby": "persona-title" });
    for (const one of this.setup.people) {
      const input = el("input", { type: "radio", name: "person", value: one.id });
      input.checked = one.id === this.person.id;
      input.addEventListener("change", () => {
        this.person = one;
        localStorage.setItem("person", one.id);
        this.forget();
        this.home.forget();
        this.drawMessages();
        if (this.atHome) this.openHome();
        this.personChanged();
      });
      group.append(el("label", {}, input, avatar(one.name, "small"), el("span", {}, one.name)));
    }
    return group;
  }

  openChannel(id) {
    this.channel = id;
    this.atHome = false;
    this.showPane();
    const channel = this.setup.channels.find((one) => one.id === id);
    this.title.replaceChildren(el("span", { class: "hash" }, "#"), channel.name);
    this.topic.textContent = hasText(`topic_${channel.name}`) ? t(`topic_${channel.name}`) : "";
    this.drawMessages();
    this.toBottom();
  }

  // What the server says changed since the last time.
  take(changes) {
    const stick = this.atBottom();
    let fresh = false;
    for (const kept of changes) {
      const key = `${kept.channel} ${kept.message.ts}`;
      const before = this.messages.get(key);
      if (kept.deleted) this.messages.delete(key);
      else this.messages.set(key, { ...kept, redrawn: Boolean(before) });
      this.warnings.delete(key);
      fresh ||= !before && kept.channel === this.channel && !this.firstLoad;
    }
    this.drawMessages(new Set(changes.map((kept) => `${kept.channel} ${kept.message.ts}`)));
    if (stick || this.firstLoad) this.toBottom(!this.firstLoad);
    else if (fresh && !this.atHome) this.below.hidden = false;
    this.firstLoad = false;
  }

  drawMessages(changed = null) {
    const here = [...this.messages.values()].filter((one) => one.channel === this.channel);
    here.sort((a, b) => Number(a.message.ts) - Number(b.message.ts));
    const roots = here.filter((one) => (one.message.thread_ts ?? one.message.ts) === one.message.ts);
    const answers = Map.groupBy ? Map.groupBy(here, (one) => one.message.thread_ts) : grouped(here);
    const nodes = [];
    let day = "";
    for (const root of roots) {
      const thread = (answers.get(root.message.ts) ?? []).filter((one) => one !== root);
      const date = longDate(new Date(Number(root.message.ts) * 1000));
      if (date !== day) nodes.push(this.part(`day ${date}`, () => el("div", { class: "day" }, el("span", {}, date))));
      day = date;
      nodes.push(this.node(root, changed));
      if (!thread.length) continue;
      const count = t("replies", thread.length);
      nodes.push(this.part(`thread ${root.message.ts} ${count}`, () => el("p", { class: "thread-count" }, count)));
      nodes.push(...thread.map((one) => this.node(one, changed)));
    }
    if (!nodes.length) nodes.push(this.part("empty", () => el("p", { class: "empty" }, t("noMessages"))));
    reconcile(this.list, nodes);
    this.markRead();
  }

  // Lines between messages, drawn once.
  part(key, make) {
    if (!this.nodes.has(key)) this.nodes.set(key, make());
    return this.nodes.get(key);
  }

  node(kept, changed) {
    const key = `${kept.channel} ${kept.message.ts}`;
    if (!this.nodes.has(key) || changed === null || changed.has(key)) {
      const old = this.nodes.get(key);
      const focused = old?.contains(document.activeElement) ? document.activeElement.dataset.action : null;
      const node = this.message(kept, key);
      if (changed?.has(key) && !this.firstLoad) node.classList.add(kept.redrawn ? "redrawn" : "arrived");
      this.nodes.set(key, node);
      if (focused) requestAnimationFrame(() => node.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus());
    }
    return this.nodes.get(key);
  }

  message(kept, key) {
    const { message } = kept;
    const blocks = message.blocks ?? [];
    const inThread = (message.thread_ts ?? message.ts) !== message.ts;
    const act = (blockId, actionId, value, pressed) => this.act(kept, key, blockId, actionId, value, pressed);
    const hidden = kept.visible_to
      ? el("p", { class: "only-you" }, pictured("👁️"), ` ${t("onlyYou")} · `, el("button", { type: "button", onclick: () => this.dismiss(kept) }, t("dismiss")))
      : null;
    const warning = this.warnings.has(key) ? el("p", { class: "warning", role: "alert" }, pictured("⚠️"), " ", this.warnings.get(key)) : null;
    const body = blocks.length ? renderBlocks(blocks, act) : [el("div", { class: "b-text" }, mrkdwn(message.text))];
    const person = message.bot_id ? null : this.setup.people.find((one) => one.id === message.user);
    const face = person ? avatar(person.name) : el("span", { class: "bot-avatar", "aria-hidden": "true" }, el("img", { src: "/static/flame.svg", alt: "" }));
    const makeCase = person ? el("button", { type: "button", class: "button make-case", onclick: () => this.makeCase(kept, key) }, "Make this a case") : null;
    const node = el("article", { class: `message ${kept.visible_to ? "hidden-one" : ""} ${inThread ? "in-thread" : ""}` }, face,
      el("div", { class: "content" }, hidden, makeCase,
        el("p", { class: "who" }, el("b", {}, person?.name ?? this.setup.bot), person ? null : el("span", { class: "tag" }, t("app")),
          el("time", {}, clockTime(new Date(Number(message.ts) * 1000))),
          message.edited ? el("span", { class: "edited" }, t("edited")) : null),
        body, warning));
    if (this.waiting.has(key)) this.disable(node);
    return node;
  }

  async act(kept, key, blockId, actionId, value, pressed) {
    this.waiting.add(key);
    this.warnings.delete(key);
    pressed.classList.add("pressed");
    this.disable(this.nodes.get(key));
    const where = { user: this.person.id, channel: kept.channel, ts: kept.message.ts };
    const answer = await send("click", { ...where, block_id: blockId, action_id: actionId, value });
    this.waiting.delete(key);
    if (answer.problem) this.warnings.set(key, t(answer.problem, answer.status));
    this.nodes.delete(key); // drawn anew: enabled again, with its warning if there is one
    this.drawMessages(new Set());
    if (document.activeElement === document.body) this.nodes.get(key)?.querySelector(`[data-action="${CSS.escape(actionId)}"]`)?.focus();
    this.refresh();
  }

  async makeCase(kept, key) {
    const answer = await send("shortcut", { user: this.person.id, channel: kept.channel, ts: kept.message.ts, callback_id: "make_case" });
    if (answer.problem) this.warnings.set(key, t(answer.problem, answer.status));
    this.drawMessages(new Set([key]));
    this.refresh();
  }

  disable(node) {
    for (const one of node.querySelectorAll(".b-actions button, .b-accessory button, select, input")) one.disabled = true;
  }

  async dismiss(kept) {
    await send("dismiss", { user: this.person.id, channel: kept.channel, ts: kept.message.ts });
    this.refresh();
  }

  drawChannels() {
    this.homeButton.toggleAttribute("aria-current", this.atHome);
    if (this.atHome) this.homeButton.setAttribute("aria-current", "page");
    this.channelButtons.replaceChildren(...this.setup.channels.map((one) => {
      const count = this.unread(one.id);
      const badge = count ? el("span", { class: "badge", "aria-label": `${count}` }, String(count)) : null;
      const props = { type: "button", class: count ? "unread" : "", onclick: () => this.openChannel(one.id) };
      return el("button", { ...props, "aria-current": one.id === this.channel && !this.atHome ? "page" : null }, el("span", { class: "hash" }, "#"), one.name, badge);
    }));
  }

  readKey = (channel) => `read ${this.setup.started} ${this.person.id} ${channel}`;

  unread(channel) {
    const read = Number(sessionStorage.getItem(this.readKey(channel)) ?? 0);
    return [...this.messages.values()].filter((one) => one.channel === channel && Number(one.message.ts) > read).length;
  }

  totalUnread() {
    return this.setup.channels.reduce((sum, one) => sum + this.unread(one.id), 0);
  }

  markRead() {
    const visible = document.visibilityState === "visible" && this.root.offsetParent !== null && !this.atHome;
    if (visible && this.atBottom()) {
      const here = [...this.messages.values()].filter((one) => one.channel === this.channel);
      const latest = Math.max(0, ...here.map((one) => Number(one.message.ts)));
      sessionStorage.setItem(this.readKey(this.channel), String(latest));
    }
    this.drawChannels();
  }

  atBottom() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
  }

  toBottom(smooth = false) {
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.below.hidden = true;
    this.markRead();
  }
}

function grouped(messages) {
  const groups = new Map();
  for (const one of messages) groups.set(one.message.thread_ts, [...(groups.get(one.message.thread_ts) ?? []), one]);
  return groups;
}
