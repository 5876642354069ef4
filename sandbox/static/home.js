// The app's Home tab: what it publishes for the person who looks, and what they press there.

import { renderBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { send } from "./server.js";
import { t } from "./texts.js";

export class Home {
  constructor(user, refresh) {
    Object.assign(this, { user, refresh, view: null });
    this.node = el("div", { class: "messages home", tabindex: "0", hidden: true });
  }

  async open() {
    this.note("");
    const answer = await send("open_home", { user: this.user() });
    if (answer.problem) this.note(t(answer.problem, answer.status));
    this.refresh();
  }

  forget() {
    this.view = null;
    this.node.replaceChildren(el("p", { class: "empty" }, t("homeLoading")));
  }

  take(view) {
    if (!view || view.hash === this.view?.hash) return;
    this.view = view;
    this.draw();
  }

  draw() {
    if (!this.view) { this.forget(); return; }
    const top = this.node.scrollTop;
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.action : null;
    const act = (blockId, actionId, value, pressed) => this.act(blockId, actionId, value, pressed);
    this.warning = el("p", { class: "warning", role: "alert", hidden: true });
    this.node.replaceChildren(el("div", { class: "home-blocks" }, this.warning, renderBlocks(this.view.blocks, act)));
    this.node.scrollTop = top;
    if (focused) this.node.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  async act(blockId, actionId, value, pressed) {
    pressed.classList.add("pressed");
    for (const one of this.node.querySelectorAll("button, select")) one.disabled = true;
    const values = value === null ? {} : { [blockId]: { [actionId]: value } };
    const answer = await send("click_home", { user: this.user(), block_id: blockId, action_id: actionId, value, values });
    this.draw();
    if (answer.problem) this.note(t(answer.problem, answer.status));
    this.refresh();
  }

  note(sentence) {
    if (!this.warning) return;
    this.warning.textContent = sentence;
    this.warning.hidden = !sentence;
  }
}
