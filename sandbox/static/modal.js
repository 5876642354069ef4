// The modal a person has open: fields, errors at their fields, and redraws that keep what was typed.

import { chosenValues, choiceNode, renderBlocks, selectNode, textOf } from "./blocks.js";
import { el } from "./dom.js";
import { peopleOptions } from "./mrkdwn.js";
import { send } from "./server.js";
import { t } from "./texts.js";

const TYPED = { plain_text_input: "text", number_input: "numeric", url_text_input: "url" };

let shown = null; // { view, dialog, fields, user }

// `refresh` asks the page to read the state again, so that the answer is seen at once.
export function showView(view, user, refresh) {
  if (view === null) {
    shown?.dialog.remove();
    shown = null;
    return;
  }
  if (shown && shown.view.id === view.id && shown.view.hash === view.hash) return;
  const typed = shown && shown.view.id === view.id ? valuesOf(shown.fields) : {};
  const dialog = shown && shown.view.id === view.id ? shown.dialog : null;
  if (!dialog) shown?.dialog.remove();
  const fields = [];
  const blocks = view.blocks.map((block) => (block.type === "input" ? field(block, typed, fields) : drawn(block, view, fields, user, refresh)));
  const note = el("p", { class: "warning", role: "alert", hidden: true });
  const submit = view.submit ? el("button", { class: "button primary", type: "submit" }, textOf(view.submit)) : null;
  const form = el("form", { novalidate: true },
    el("header", {}, el("h2", { id: "modal-title" }, textOf(view.title)),
      el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => cancel(view, user, refresh) }, "×")),
    el("div", { class: "modal-body" }, blocks, note),
    el("footer", {}, el("button", { type: "button", class: "button", onclick: () => cancel(view, user, refresh) }, view.close ? textOf(view.close) : t("close")), submit));
  form.addEventListener("submit", (event) => { event.preventDefault(); submitted(view, user, fields, form, note, refresh); });
  const target = dialog ?? el("dialog", { class: "modal", "aria-labelledby": "modal-title" });
  target.replaceChildren(form);
  shown = { view, dialog: target, fields, user };
  if (!dialog) {
    target.addEventListener("cancel", (event) => { event.preventDefault(); cancel(shown.view, user, refresh); });
    document.body.append(target);
    target.showModal();
  }
  const first = fields[0]?.input;
  (first?.querySelector?.("input") ?? first)?.focus();
}

function drawn(block, view, fields, user, refresh) {
  return renderBlocks([block], (blockId, actionId, value) => {
    const body = { user, view_id: view.id, block_id: blockId, action_id: actionId, value, values: valuesOf(fields) };
    send("click", body).then(refresh);
  });
}

function field(block, typed, fields) {
  const one = block.element;
  const kept = typed[block.block_id]?.[one.action_id];
  const id = `field-${fields.length}`;
  let input;
  if (TYPED[one.type]) {
    input = el(one.multiline ? "textarea" : "input", { id, inputmode: TYPED[one.type], placeholder: one.placeholder?.text ?? null, value: kept ?? one.initial_value ?? "" });
    if (one.multiline) input.rows = 6;
  } else if (one.type === "datetimepicker") {
    input = el("input", { id, type: "datetime-local", value: localTime(kept ?? one.initial_date_time) });
  } else if (one.type === "users_select") {
    input = selectNode({ ...one, options: peopleOptions() }, kept ?? one.initial_user ?? undefined);
    input.id = id;
    input.removeAttribute("aria-label");
  } else if (one.type === "static_select" || one.type === "external_select") {
    input = selectNode(one, kept ?? undefined);
    input.id = id;
    input.removeAttribute("aria-label");
  } else {
    const before = one.type === "checkboxes" ? one.initial_options ?? [] : one.initial_option ? [one.initial_option] : [];
    const values = kept === undefined || kept === null ? null : [].concat(kept);
    input = choiceNode(one, values ? one.options.filter((each) => values.includes(each.value)) : before);
  }
  const error = el("p", { class: "field-error", role: "alert", id: `${id}-error` });
  input.setAttribute("aria-describedby", error.id);
  const counter = one.max_length ? el("span", { class: "counter", "aria-hidden": "true" }) : null;
  const count = () => { if (counter) { const left = one.max_length - input.value.length; counter.textContent = t("left", left); counter.classList.toggle("over", left < 0); } };
  input.addEventListener("input", () => { count(); error.textContent = ""; node.classList.remove("wrong"); });
  count();
  const optional = block.optional ? el("span", { class: "optional" }, ` ${t("optional")}`) : null;
  const node = el("div", { class: "field" },
    el("label", { for: id }, textOf(block.label), optional), input,
    el("div", { class: "below" }, block.hint ? el("small", {}, textOf(block.hint)) : el("span"), counter), error);
  fields.push({ block, one, input, error, node });
  return node;
}

// Seconds as the browser's own field for a day and a time takes them, in the reader's zone.
function localTime(seconds) {
  if (!seconds) return "";
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function valuesOf(fields) {
  const values = {};
  for (const { block, one, input } of fields) {
    let value;
    if (one.type === "checkboxes") value = chosenValues(input);
    else if (one.type === "radio_buttons") value = chosenValues(input)[0] ?? null;
    else if (one.type === "datetimepicker") value = input.value === "" ? null : Math.floor(new Date(input.value).getTime() / 1000);
    else value = input.value === "" ? null : input.value;
    (values[block.block_id] ??= {})[one.action_id] = value;
  }
  return values;
}

async function submitted(view, user, fields, form, note, refresh) {
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  form.classList.add("waiting");
  note.hidden = true;
  const answer = await send("submit", { user, view_id: view.id, values: valuesOf(fields) });
  for (const button of buttons) button.disabled = false;
  form.classList.remove("waiting");
  const sentences = { ...answer.errors, ...Object.fromEntries(Object.entries(answer.gaps ?? {}).map(([id, gap]) => [id, t(gap)])) };
  for (const one of fields) {
    one.error.textContent = sentences[one.block.block_id] ?? "";
    one.node.classList.toggle("wrong", Boolean(sentences[one.block.block_id]));
  }
  const wrong = fields.find((one) => sentences[one.block.block_id]);
  if (wrong) (wrong.input.querySelector?.("input") ?? wrong.input).focus();
  if (answer.problem) {
    note.textContent = t(answer.problem, answer.status);
    note.hidden = false;
  }
  refresh();
}

function cancel(view, user, refresh) {
  showView(null);
  send("cancel", { user, view_id: view.id }).then(refresh);
}
