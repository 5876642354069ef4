// The shortcodes cards use, and common neighbours. An unknown one stays as it was written.

import { el } from "./dom.js";

const EMOJI = {
  fire: "🔥", warning: "⚠️", rotating_light: "🚨", eyes: "👀", bell: "🔔", no_bell: "🔕", mega: "📣", loudspeaker: "📢",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", no_entry: "⛔", no_entry_sign: "🚫",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", clock3: "🕒", zzz: "💤", calendar: "📅",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", large_orange_diamond: "🔶", large_blue_diamond: "🔷", small_red_triangle: "🔺",
  speech_balloon: "💬", left_speech_bubble: "🗨️", thought_balloon: "💭", envelope: "✉️", email: "📧", incoming_envelope: "📨",
  inbox_tray: "📥", outbox_tray: "📤", package: "📦", truck: "🚚", shopping_bags: "🛍️", shopping_trolley: "🛒", gift: "🎁",
  moneybag: "💰", credit_card: "💳", receipt: "🧾", pencil: "📝", pencil2: "✏️", memo: "📝", lock: "🔒", unlock: "🔓", key: "🔑",
  link: "🔗", mag: "🔍", bulb: "💡", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", arrow_upper_right: "↗️", arrow_lower_right: "↘️", leftwards_arrow_with_hook: "↩️",
  arrows_counterclockwise: "🔄", repeat: "🔁", busts_in_silhouette: "👥", bust_in_silhouette: "👤", raised_hand: "✋", wave: "👋",
  thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", pray: "🙏", heart: "❤️", tada: "🎉", sparkles: "✨", star: "⭐",
  smile: "😄", slightly_smiling_face: "🙂", neutral_face: "😐", disappointed: "😞", angry: "😠", rage: "😡", cry: "😢", sob: "😭",
  question: "❓", exclamation: "❗", information_source: "ℹ️", snowflake: "❄️", tent: "⛺", house: "🏠", bird: "🐦", robot_face: "🤖",
  shield: "🛡️", scroll: "📜", wrench: "🔧", hammer_and_wrench: "🛠️", telephone_receiver: "📞", iphone: "📱", globe_with_meridians: "🌐",
  "flag-fi": "🇫🇮", "flag-se": "🇸🇪", "flag-gb": "🇬🇧", "flag-no": "🇳🇴", "flag-dk": "🇩🇰",
};

// The pictures in static/emoji: many machines have no colour emoji of their own.
const DRAWN = new Set(`
1f192 1f195 1f197 1f198 1f1e9-1f1f0 1f1ea 1f1eb 1f1eb-1f1ee 1f1ec-1f1e7 1f1ee 1f1f3-1f1f4 1f1f8 1f1f8-1f1ea
1f308 1f30a 1f310 1f319 1f31f 1f327 1f328 1f32c 1f331 1f332 1f333 1f334 1f335 1f340 1f341 1f342 1f343 1f344
1f372 1f375 1f380 1f381 1f382 1f383 1f384 1f385 1f389 1f392 1f393 1f3a3 1f3b6 1f3bf 1f3c2 1f3c6 1f3d4 1f3d5
1f3e0 1f3ea 1f3f7 1f408 1f415 1f41f 1f423 1f425 1f426 1f434 1f436 1f43a 1f43b 1f43e 1f440 1f441 1f446 1f447
1f449 1f44a 1f44b 1f44c 1f44d 1f44e 1f44f 1f450 1f45f 1f462 1f464 1f465 1f466 1f467 1f468 1f469 1f474 1f475
1f476 1f480 1f493 1f494 1f495 1f496 1f497 1f498 1f499 1f49a 1f49b 1f49c 1f49d 1f49e 1f49f 1f4a1 1f4a4 1f4a9
1f4aa 1f4ac 1f4ad 1f4af 1f4b0 1f4b3 1f4b6 1f4b8 1f4bb 1f4c5 1f4c6 1f4c8 1f4c9 1f4ca 1f4cd 1f4dc 1f4dd 1f4de
1f4e2 1f4e3 1f4e4 1f4e5 1f4e6 1f4e7 1f4e8 1f4ee 1f4f1 1f4f5 1f4f7 1f4f8 1f501 1f504 1f50b 1f50c 1f50d 1f50e
1f511 1f512 1f513 1f514 1f515 1f517 1f51d 1f525 1f526 1f527 1f528 1f534 1f535 1f536 1f537 1f53a 1f550 1f552
1f56f 1f5a4 1f5e8 1f5fb 1f600 1f601 1f602 1f603 1f604 1f605 1f606 1f607 1f608 1f609 1f60a 1f60b 1f60c 1f60d
1f60e 1f60f 1f610 1f611 1f612 1f613 1f614 1f615 1f616 1f617 1f618 1f619 1f61a 1f61b 1f61c 1f61d 1f61e 1f61f
1f620 1f621 1f622 1f623 1f624 1f625 1f626 1f627 1f628 1f629 1f62a 1f62b 1f62c 1f62d 1f62e 1f62f 1f630 1f631
1f632 1f633 1f634 1f635 1f636 1f637 1f638 1f639 1f63a 1f63b 1f63c 1f63d 1f63e 1f63f 1f640 1f641 1f642 1f643
1f644 1f645 1f646 1f647 1f648 1f649 1f64a 1f64b 1f64c 1f64d 1f64e 1f64f 1f68c 1f697 1f69a 1f6a8 1f6aa 1f6ab
1f6b2 1f6c1 1f6cb 1f6cd 1f6cf 1f6d2 1f6e0 1f6e1 1f6f6 1f7e0 1f7e1 1f7e2 1f7e3 1f90c 1f90d 1f910 1f911 1f912
1f913 1f914 1f915 1f916 1f917 1f91d 1f91e 1f920 1f921 1f922 1f923 1f924 1f925 1f926 1f927 1f928 1f929 1f92a
1f92b 1f92c 1f92d 1f92e 1f92f 1f930 1f936 1f937 1f947 1f963 1f970 1f971 1f972 1f973 1f974 1f975 1f976 1f977
1f978 1f979 1f97a 1f97e 1f98a 1f98c 1f9ba 1f9ca 1f9e1 1f9e3 1f9e4 1f9e5 1f9e6 1f9ed 1f9f8 1f9f9 1f9fa 1f9fc
1f9fe 1fa79 1fa91 1fa93 1faaa 1fab5 1fae0 1faf6 203c 2197 2198 21a9 231b 23e9 23f0 23f1 23f3 2600 2611 2615
261d 263a 2665 26a0 26a1 26aa 26ab 26c4 26d4 26f7 26fa 2705 2708 2709 270b 270c 270f 2714 2716 2728 2744 274c
2753 2754 2755 2757 2764 2795 2796 27a1 2b06 2b07 2b1c 2b50
`.trim().split(/\s+/));

const SIGN = /(?:\p{RI}{2}|(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)[\u{1F3FB}-\u{1F3FF}]?)(?:\u200D\p{Extended_Pictographic}\uFE0F?)*/gu;

export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

// The text as nodes, emoji as pictures where there is one.
export function pictured(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(SIGN)) {
    const codes = [...found[0]].map((sign) => sign.codePointAt(0).toString(16)).filter((code) => code !== "fe0f");
    const name = [codes.join("-"), codes[0]].find((each) => DRAWN.has(each) && (each.includes("-") || codes.length <= 2));
    if (!name || found[0].includes("\u200D")) continue;
    nodes.push(text.slice(end, found.index), el("img", { class: "emoji", src: `/static/emoji/${name}.svg`, alt: found[0], draggable: "false" }));
    end = found.index + found[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}
