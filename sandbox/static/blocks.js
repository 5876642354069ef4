// Block Kit as nodes. `act(blockId, actionId, value, node)` is called when somebody presses or chooses.

import { el, link, safeLink } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { t } from "./texts.js";

export function textOf(object) {
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text);
}

export function renderBlocks(blocks, act) {
  return blocks.map((block) => (DRAW[block.type] ? DRAW[block.type](block, act) : null)).filter(Boolean);
}

const DRAW = {
  header: (block) => el("h3", { class: "b-header" }, textOf(block.text)),
  divider: () => el("hr", { class: "b-divider" }),
  context: (block) => el("div", { class: "b-context" }, block.elements.map((one) => el("span", {}, textOf(one)))),
  section: (block, act) =>
    el("div", { class: block.accessory ? "b-section with-accessory" : "b-section" },
      el("div", { class: "b-words" },
        block.text ? el("div", { class: "b-text" }, textOf(block.text)) : null,
        block.fields ? el("div", { class: "b-fields" }, block.fields.map((one) => el("div", {}, textOf(one)))) : null),
      block.accessory ? el("div", { class: "b-accessory" }, element(block, block.accessory, act)) : null),
  actions: (block, act) => el("div", { class: "b-actions" }, block.elements.map((one) => element(block, one, act))),
};

function element(block, one, act) {
  const pressed = (value, node) => confirmed(one.confirm).then((yes) => {
    if (yes) act(block.block_id, one.action_id, value, node);
    return yes;
  });
  return ELEMENTS[one.type](one, pressed);
}

const ELEMENTS = {
  button: (one, pressed) => {
    const props = { class: `button ${one.style ?? ""}`, "aria-label": one.accessibility_label ?? null, data: { action: one.action_id } };
    const href = one.url ? safeLink(one.url) : null;
    if (href !== null) {
      const anchor = link(href, textOf(one.text), el("span", { class: "away", "aria-hidden": "true" }, "↗"));
      anchor.className = props.class;
      anchor.addEventListener("click", () => pressed(null, anchor));
      return anchor;
    }
    const node = el("button", { type: "button", ...props }, textOf(one.text));
    node.addEventListener("click", () => pressed(null, node));
    return node;
  },
  static_select: (one, pressed) => {
    const node = selectNode(one);
    const before = node.value;
    node.addEventListener("change", () => pressed(node.value, node).then((yes) => { if (!yes) node.value = before; }));
    return node;
  },
  overflow: (one, pressed) => overflow(one, pressed),
  radio_buttons: (one, pressed) => choiceNode(one, one.initial_option ? [one.initial_option] : [], (values, node) => pressed(values[0] ?? null, node)),
  checkboxes: (one, pressed) => choiceNode(one, one.initial_options ?? [], pressed),
};

export function selectNode(one, value = undefined) {
  const chosen = value ?? one.initial_option?.value ?? "";
  const node = el("select", { class: "select", data: { action: one.action_id ?? "" } });
  const placeholder = el("option", { value: "", disabled: true, hidden: true }, one.placeholder?.text ?? t("choose"));
  const option = (each) => el("option", { value: each.value }, each.text.text);
  node.append(placeholder, ...(one.options ?? []).map(option));
  for (const group of one.option_groups ?? []) node.append(el("optgroup", { label: group.label.text }, group.options.map(option)));
  node.value = chosen;
  node.setAttribute("aria-label", one.placeholder?.text ?? t("choose"));
  return node;
}

export function choiceNode(one, initial, changed = () => {}) {
  const name = `choice-${Math.random().toString(36).slice(2)}`;
  const kind = one.type === "checkboxes" ? "checkbox" : "radio";
  const chosen = new Set(initial.map((each) => each.value));
  const node = el("div", { class: "choices", role: kind === "radio" ? "radiogroup" : "group" });
  for (const each of one.options) {
    const input = el("input", { type: kind, name, value: each.value });
    input.checked = chosen.has(each.value);
    input.addEventListener("change", () => changed(chosenValues(node), node));
    const description = each.description ? el("small", {}, textOf(each.description)) : null;
    node.append(el("label", {}, input, el("span", {}, textOf(each.text), description)));
  }
  return node;
}

export const chosenValues = (node) => [...node.querySelectorAll("input:checked")].map((input) => input.value);

function overflow(one, pressed) {
  const menu = el("div", { class: "menu", role: "menu", hidden: true });
  const node = el("button", { type: "button", class: "button more", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": t("more"), data: { action: one.action_id } }, "•••");
  const wrap = el("span", { class: "overflow" }, node, menu);
  const close = () => { menu.hidden = true; node.setAttribute("aria-expanded", "false"); };
  for (const each of one.options) {
    const item = each.url ? link(each.url, textOf(each.text)) : el("button", { type: "button" }, textOf(each.text));
    item.setAttribute("role", "menuitem");
    item.addEventListener("click", () => { close(); node.focus(); pressed(each.value, node); });
    menu.append(item);
  }
  node.addEventListener("click", () => {
    menu.hidden = !menu.hidden;
    node.setAttribute("aria-expanded", String(!menu.hidden));
    if (menu.hidden) return;
    const room = wrap.closest(".messages, .modal-body")?.getBoundingClientRect() ?? document.body.getBoundingClientRect();
    const spot = node.getBoundingClientRect();
    menu.classList.toggle("rightwards", spot.right - menu.offsetWidth < room.left);
    menu.classList.toggle("downwards", spot.top - menu.offsetHeight < room.top);
    menu.firstElementChild.focus();
  });
  wrap.addEventListener("keydown", (event) => {
    const items = [...menu.children];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") { close(); node.focus(); }
    if (event.key === "ArrowDown" && !menu.hidden) { event.preventDefault(); items[(at + 1) % items.length].focus(); }
    if (event.key === "ArrowUp" && !menu.hidden) { event.preventDefault(); items[(at - 1 + items.length) % items.length].focus(); }
  });
  wrap.addEventListener("focusout", (event) => { if (!wrap.contains(event.relatedTarget)) close(); });
  return wrap;
}

// Resolves to whether the person said yes; at once when nothing needs confirming.
function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "modal small" },
      el("form", { method: "dialog" },
        el("header", {}, el("h2", {}, textOf(confirm.title))),
        el("div", { class: "modal-body" }, el("p", {}, textOf(confirm.text))),
        el("footer", {},
          el("button", { value: "no", class: "button" }, textOf(confirm.deny)),
          el("button", { value: "yes", class: `button ${confirm.style ?? "primary"}` }, textOf(confirm.confirm)))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
