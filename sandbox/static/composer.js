// Where one writes into a channel: a message, the app's command, or its global shortcut.

import { el } from "./dom.js";
import { send } from "./server.js";
import { t } from "./texts.js";

// `where` gives the user and the channel; `done` is called when the app has answered.
export function composer(where, done) {
  const input = el("input", { type: "text", "aria-label": t("write"), placeholder: t("write"), maxlength: "4000", autocomplete: "off" });
  const note = el("p", { class: "warning", role: "alert", hidden: true });
  const ask = async (verb, body) => {
    note.hidden = true;
    const answer = await send(verb, { ...where(), ...body });
    if (answer.problem) { note.textContent = t(answer.problem, answer.status); note.hidden = false; }
    done();
  };
  const shortcut = el("button", { type: "button", class: "button shortcut", title: t("shortcuts"), onclick: () => ask("shortcut", { callback_id: "take_in" }) }, "⚡ Take in by hand");
  const form = el("form", { class: "composer" }, el("div", {}, input, shortcut, el("button", { type: "submit", class: "button primary", "aria-label": t("send") }, "➤")), note);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    ask("write", { text });
  });
  return form;
}
