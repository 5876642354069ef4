// How many mentions came in each five minutes, and how much of them was negative.

import { el, svg } from "./dom.js";
import { t } from "./texts.js";
import { clockTime, worldNow } from "./time.js";

const STEP = 5 * 60 * 1000;
const BARS = 36;
const HEIGHT = 64;

export class Chart {
  constructor(root) {
    this.root = root;
    this.bins = new Map(); // start of five minutes -> {negative, all}
  }

  count(item, sign) {
    const start = Math.floor(Date.parse(item.created_at) / STEP) * STEP;
    const bin = this.bins.get(start) ?? { negative: 0, all: 0 };
    bin.all += sign;
    if (item.sentiment === "negative") bin.negative += sign;
    this.bins.set(start, bin);
  }

  draw() {
    const last = Math.floor(worldNow() / STEP) * STEP;
    const starts = Array.from({ length: BARS }, (_, index) => last - (BARS - 1 - index) * STEP);
    const bins = starts.map((start) => this.bins.get(start) ?? { negative: 0, all: 0 });
    const top = Math.max(6, ...bins.map((bin) => bin.all));
    const bars = bins.flatMap((bin, index) => {
      const all = (bin.all / top) * HEIGHT;
      const negative = (bin.negative / top) * HEIGHT;
      const place = { x: index * 10 + 1, width: 8, rx: 1.5 };
      return [
        svg("rect", { ...place, class: "bar-all", y: HEIGHT - all, height: Math.max(all, 0.8) }),
        svg("rect", { ...place, class: "bar-negative", y: HEIGHT - negative, height: negative }),
      ];
    });
    const hours = starts.flatMap((start, index) => (start % (60 * 60 * 1000) === 0 ? [svg("line", { class: "hour", x1: index * 10, x2: index * 10, y1: 0, y2: HEIGHT })] : []));
    // Half an hour, so that one quiet bar does not make the figures jump.
    const recent = bins.slice(-6).reduce((sum, bin) => ({ negative: sum.negative + bin.negative, all: sum.all + bin.all }), { negative: 0, all: 0 });
    const share = recent.all ? Math.round((100 * recent.negative) / recent.all) : 0;
    const picture = svg("svg", { viewBox: `0 0 ${BARS * 10} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": `${recent.all} ${t("halfHour")}, ${share} % ${t("negativeShare")}` }, ...hours, ...bars);
    const hourLabels = starts.flatMap((start, index) => (start % (60 * 60 * 1000) === 0 && index > 1 ? [[index, clockTime(new Date(start))]] : []));
    const labels = svg("svg", { class: "hours", "aria-hidden": "true" }, ...hourLabels.map(([index, text]) => {
      const node = svg("text", { x: `${(index / BARS) * 100}%`, y: 10 });
      node.textContent = text;
      return node;
    }));
    this.root.replaceChildren(
      el("div", { class: "figures" },
        el("span", {}, el("b", {}, String(recent.all)), ` ${t("halfHour")}`),
        el("span", { class: share >= 40 ? "share hot" : "share" }, el("b", {}, `${share} %`), ` ${t("negativeShare")}`)),
      picture, labels);
  }
}
