// The platforms' posts as threads that grow. The thread that moved last stands on top, unless somebody is reading further down.

import { Chart } from "./chart.js";
import { avatar, el, reconcile, svg } from "./dom.js";
import { pictured } from "./emoji.js";
import { t } from "./texts.js";
import { clockTime } from "./time.js";

const THREADS_SHOWN = 80;
const LATEST_SHOWN = 3;

const SIGNS = {
  x: "M4 4l6.500 8.700L4.200 20h2l5.200-6 4.500 6H21l-6.900-9.200L20 4h-2l-4.800 5.500L9.100 4zm2.900 1.500h1.500l9.600 13h-1.500z",
  facebook: "M13.500 21v-7.500h2.600l.4-3h-3V8.600c0-.9.3-1.500 1.500-1.500h1.600V4.400c-.3 0-1.200-.1-2.300-.1-2.300 0-3.900 1.400-3.900 4v2.200H7.800v3h2.600V21z",
  dm: "M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zm1.500 2l6.500 5 6.500-5z",
};

export class Stream {
  constructor(root) {
    this.root = root;
    this.items = new Map(); // "channel id" -> item
    this.threads = new Map(); // "channel thread" -> {key, ids, unfolded, node, at}
    this.draw();
  }

  draw() {
    const chartRoot = el("div", { class: "chart" });
    const before = this.chart?.bins;
    this.chart = new Chart(chartRoot);
    if (before) this.chart.bins = before;
    this.list = el("div", { class: "threads", tabindex: "0", role: "feed", "aria-label": t("streamTitle") });
    this.pill = el("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toTop() });
    this.list.addEventListener("scroll", () => { if (this.following() && this.late?.size) this.arrange(); });
    const legend = ["negative", "neutral", "positive"].map((name) => el("span", {}, el("i", { class: `dot ${name}` }), t(name)));
    this.root.replaceChildren(
      el("header", {}, el("h2", {}, t("streamTitle")), el("div", { class: "legend" }, legend)),
      chartRoot, el("div", { class: "threads-wrap" }, this.list, this.pill));
    this.late = new Set();
    for (const thread of this.threads.values()) thread.node = null;
    this.arrange(false);
  }

  take(items, live) {
    const touched = new Set();
    for (const item of items) {
      const id = `${item.channel} ${item.external_id}`;
      const before = this.items.get(id);
      if (before && !before.from_us) this.chart.count(before, -1);
      if (!item.from_us) this.chart.count(item, 1);
      this.items.set(id, item);
      const key = `${item.channel} ${item.thread_id}`;
      const thread = this.threads.get(key) ?? { key, ids: new Set(), unfolded: false, node: null, at: 0, fresh: new Set() };
      if (!thread.ids.has(id)) {
        thread.at = item.seq;
        if (live) thread.fresh.add(id);
      }
      thread.ids.add(id);
      this.threads.set(key, thread);
      touched.add(key);
    }
    for (const key of touched) this.late.add(key);
    if (touched.size) this.arrange(live);
  }

  following() {
    return this.list.scrollTop < 40;
  }

  // Redraws what changed. New and moved threads wait while somebody reads further down.
  arrange(live = true) {
    for (const key of this.late) {
      const thread = this.threads.get(key);
      if (thread.node || this.following()) this.drawThread(thread);
    }
    if (this.following()) {
      const order = [...this.threads.values()].sort((a, b) => b.at - a.at).slice(0, THREADS_SHOWN);
      for (const thread of order) if (!thread.node) this.drawThread(thread);
      this.place(order.map((thread) => thread.node), live);
      this.late.clear();
    }
    const waiting = [...this.late].filter((key) => !this.threads.get(key).node?.isConnected).length;
    this.pill.hidden = waiting === 0;
    this.pill.textContent = `↑ ${t("fresh", waiting)}`;
  }

  place(nodes, live) {
    if (!nodes.length) {
      this.list.replaceChildren(el("p", { class: "empty" }, t("quiet")));
      return;
    }
    const moving = live && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const before = moving ? new Map(nodes.slice(0, 14).filter((node) => node.isConnected).map((node) => [node, node.getBoundingClientRect().top])) : new Map();
    reconcile(this.list, nodes);
    for (const [node, top] of before) {
      const moved = top - node.getBoundingClientRect().top;
      if (Math.abs(moved) > 2 && Math.abs(moved) < 1500) {
        node.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: 320, easing: "cubic-bezier(.2,.8,.3,1)" });
      }
    }
  }

  toTop() {
    this.list.scrollTo({ top: 0, behavior: "instant" });
    this.arrange();
  }

  drawThread(thread) {
    const items = [...thread.ids].map((id) => this.items.get(id));
    const ordered = inThread(items);
    const visible = thread.unfolded ? new Set(items) : worthShowing(ordered);
    const hidden = items.length - visible.size;
    const theirs = items.filter((item) => !item.from_us);
    const negative = theirs.filter((item) => item.sentiment === "negative").length;
    const heat = negative >= 8 ? "hot" : negative >= 3 ? "warm" : "";
    const node = thread.node ?? el("article", { class: "post-thread" });
    node.className = `post-thread ${heat} ${ordered[0].item.place === "dm" ? "private" : ""}`;
    const parts = [];
    let fold = hidden ? this.fold(thread, hidden) : null;
    for (const { item, depth } of ordered) {
      if (!visible.has(item)) {
        if (fold) parts.push(fold);
        fold = null;
        continue;
      }
      parts.push(post(item, depth, thread.fresh.has(`${item.channel} ${item.external_id}`)));
    }
    if (thread.unfolded) parts.push(this.fold(thread, 0));
    if (theirs.length > 2) parts.push(this.measure(theirs.length, negative));
    node.replaceChildren(...parts);
    thread.fresh.clear();
    thread.node = node;
  }

  fold(thread, hidden) {
    const toggle = () => { thread.unfolded = !thread.unfolded; this.drawThread(thread); };
    return el("button", { type: "button", class: "fold", onclick: toggle }, thread.unfolded ? t("fold") : t("earlier", hidden));
  }

  measure(all, negative) {
    const bar = el("span", { class: "meter", "aria-hidden": "true" }, el("i"));
    bar.firstChild.style.width = `${Math.round((100 * negative) / all)}%`;
    return el("footer", {}, bar, el("span", {}, t("messages", all)), negative ? el("b", {}, t("negatives", negative)) : null);
  }
}

const byTime = (a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.seq - b.seq;

// Answers right under what they answer, at most two steps in.
function inThread(items) {
  const byId = new Map(items.map((item) => [item.external_id, item]));
  const children = new Map();
  const roots = [];
  const dm = items.some((item) => item.place === "dm");
  for (const item of [...items].sort(byTime)) {
    const parent = dm ? undefined : item.parent_id !== item.external_id ? byId.get(item.parent_id) : undefined;
    if (parent) children.set(parent, [...(children.get(parent) ?? []), item]);
    else roots.push(item);
  }
  const ordered = [];
  const seen = new Set();
  const walk = (item, depth) => {
    if (seen.has(item)) return;
    seen.add(item);
    ordered.push({ item, depth: Math.min(depth, 2) });
    const answers = children.get(item) ?? [];
    const ours = answers.filter((one) => one.from_us); // ours first: it stands under the very words it answers
    for (const child of [...ours, ...answers]) walk(child, depth + 1);
  };
  roots.forEach((item, index) => walk(item, index && !dm ? 1 : 0));
  for (const item of items) walk(item, 1); // a ring of parents must not hide anybody
  return ordered;
}

// Folded: the first, the latest few, and our answers with what they answer.
function worthShowing(ordered) {
  const items = ordered.map((one) => one.item);
  const latest = [...items].sort(byTime).slice(-LATEST_SHOWN);
  const ours = items.filter((item) => item.from_us);
  const answered = items.filter((item) => ours.some((one) => one.parent_id === item.external_id));
  const visible = new Set([items[0], ...latest, ...ours, ...answered]);
  return items.length - visible.size === 1 ? new Set(items) : visible;
}

function post(item, depth, fresh) {
  const tone = item.from_us ? "ours" : item.sentiment ?? "unjudged";
  const reply = item.from_us && item.place !== "own_post";
  const label = item.from_us ? t("ours") : t(tone);
  return el("div", { class: `post depth-${depth} ${reply ? "from-us" : ""} ${fresh ? "fresh" : ""}` },
    item.from_us ? el("span", { class: "avatar shop", "aria-hidden": "true" }, el("img", { src: "/static/shop.svg", alt: "" })) : avatar(item.author_name),
    el("div", { class: "post-body" },
      el("p", { class: "by" },
        sign(item), el("b", {}, item.author_name),
        item.author_handle && !item.from_us ? el("span", { class: "handle" }, `@${item.author_handle.replace(/^@/, "")}`) : null,
        reply ? el("span", { class: "tag ours" }, t("ours")) : null,
        item.place === "dm" && !item.from_us ? el("span", { class: "tag" }, t("dm")) : null,
        el("time", {}, clockTime(new Date(item.created_at))),
        item.from_us ? null : el("i", { class: `dot ${tone}`, role: "img", "aria-label": label, title: label })),
      el("p", { class: "words", dir: "auto" }, pictured(item.text))));
}

function sign(item) {
  const name = item.place === "dm" ? "dm" : item.channel in SIGNS ? item.channel : "x";
  const title = item.place === "own_post" ? t("own_post") : t(item.place) ?? item.place;
  const picture = svg("svg", { class: `sign ${item.channel}`, viewBox: "0 0 24 24", role: "img", "aria-label": `${item.channel}, ${title}` }, svg("path", { d: SIGNS[name] }));
  picture.prepend(Object.assign(document.createElementNS("http://www.w3.org/2000/svg", "title"), { textContent: title }));
  return picture;
}
