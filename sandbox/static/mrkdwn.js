// Slack's mrkdwn as nodes: bold, italic, strike, code, quotes, links, mentions, dates, emoji. Never HTML.

import { el, link, safeLink } from "./dom.js";
import { pictured, withEmoji } from "./emoji.js";
import { slackDate } from "./time.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };

let names = {};
let colleagues = [];

// Everybody in the workspace, as the options of a select.
export const peopleOptions = () => colleagues.map((one) => ({ value: one.id, text: { text: one.name } }));

export function setNames(people, channels) {
  colleagues = people;
  names = Object.fromEntries([...people.map((one) => [one.id, one.name]), ...channels.map((one) => [one.id, one.name])]);
}

export function mrkdwn(text) {
  const nodes = [];
  text.split(/```/).forEach((part, index, parts) => {
    if (index % 2 && index < parts.length - 1) nodes.push(el("pre", {}, decoded(part.replace(/^\n|\n$/g, ""))));
    else nodes.push(...quotesAndLines(index % 2 ? "```" + part : part));
  });
  return nodes;
}

export function plain(text) {
  const nodes = [];
  withEmoji(text).split("\n").forEach((line, index) => nodes.push(...(index ? [el("br")] : []), ...pictured(line)));
  return nodes;
}

function quotesAndLines(text) {
  const nodes = [];
  let quote = null;
  let first = true;
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/s.exec(line);
    if (quoted) {
      if (quote) quote.append(el("br"), ...inline(quoted[1]));
      else nodes.push((quote = el("blockquote", {}, ...inline(quoted[1]))));
      first = true;
      continue;
    }
    quote = null;
    if (!first) nodes.push(el("br"));
    first = false;
    nodes.push(...inline(line));
  }
  return nodes;
}

// One line: code first, then <...>, then marks that stand at the edges of words.
function inline(text) {
  const found = /`([^`\n]+)`|<([^<>\n]+)>/.exec(text);
  if (found) {
    const before = marked(text.slice(0, found.index));
    const middle = found[1] !== undefined ? el("code", {}, decoded(found[1])) : angle(found[2]);
    const wrapped = aroundLink(text, found, middle);
    if (wrapped) return wrapped;
    return [...before, middle, ...inline(text.slice(found.index + found[0].length))];
  }
  return marked(text);
}

// *<address|bold link>* has its marks outside the angle brackets.
function aroundLink(text, found, middle) {
  const end = found.index + found[0].length;
  const mark = text[found.index - 1];
  if (!(mark in MARKS) || text[end] !== mark) return null;
  return [...marked(text.slice(0, found.index - 1)), el(MARKS[mark], {}, middle), ...inline(text.slice(end + 1))];
}

function marked(text) {
  const found = /(^|[^\p{L}\p{N}])([*_~])(\S(?:.*?\S)?)\2(?=$|[^\p{L}\p{N}])/su.exec(text);
  if (!found) return text === "" ? [] : pictured(withEmoji(decoded(text)));
  const start = found.index + found[1].length;
  const inner = el(MARKS[found[2]], {}, ...marked(found[3]));
  return [...marked(text.slice(0, start)), inner, ...marked(text.slice(found.index + found[0].length))];
}

function angle(body) {
  const [target, label] = splitOnce(body, "|");
  if (target.startsWith("@") || target.startsWith("#")) {
    const known = names[target.slice(1)] ?? label ?? target.slice(1);
    return el("span", { class: "mention" }, target[0] + known);
  }
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, address] = target.split("^");
    const text = Number.isFinite(+seconds) ? slackDate(+seconds, decoded(pattern ?? "")) : decoded(label ?? "");
    return address ? link(address, text) : el("time", { title: decoded(label ?? "") }, text);
  }
  if (target.startsWith("!")) return el("span", { class: "mention" }, "@" + target.slice(1).split("^")[0]);
  if (safeLink(decoded(target)) === null) return `<${decoded(body)}>`; // nothing Slack knows: shown as it stands
  return link(decoded(target), ...pictured(withEmoji(decoded(label ?? target))));
}

function splitOnce(text, sign) {
  const at = text.indexOf(sign);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
