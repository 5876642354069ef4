// Moments as the viewer's language writes them, in the shop's zone, and the world's clock between two polls.

import { language, t } from "./texts.js";

const DAYS = {
  fi: ["su", "ma", "ti", "ke", "to", "pe", "la"],
  sv: ["sö", "må", "ti", "on", "to", "fr", "lö"],
  en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
};

let zone = "Europe/Helsinki";
let world = { at: Date.now(), seen: performance.now(), speed: 1, running: false };

export function setWorld(clock) {
  zone = clock.zone;
  world = { at: Date.parse(clock.now), seen: performance.now(), speed: clock.speed, running: clock.state === "running" };
}

export function worldNow() {
  return new Date(world.at + (world.running ? (performance.now() - world.seen) * world.speed : 0));
}

const FORMATS = new Map();

function partsOf(date) {
  if (!FORMATS.has(zone)) {
    const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    FORMATS.set(zone, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...fields }));
  }
  const parts = Object.fromEntries(FORMATS.get(zone).formatToParts(date).map((part) => [part.type, part.value]));
  const weekday = new Date(Date.UTC(+parts.year, +parts.month - 1, +parts.day)).getUTCDay();
  return { ...parts, day: +parts.day, month: +parts.month, weekday };
}

export function clockTime(date, seconds = false) {
  const parts = partsOf(date);
  const dot = language() === "en" ? ":" : ".";
  return [parts.hour, parts.minute, ...(seconds ? [parts.second] : [])].join(dot);
}

export function weekdayAndDate(date) {
  const parts = partsOf(date);
  const day = DAYS[language()][parts.weekday];
  if (language() === "fi") return `${day} ${parts.day}.${parts.month}.`;
  if (language() === "sv") return `${day} ${parts.day}.${parts.month}`;
  return `${day} ${parts.day} ${longMonth(date).slice(0, 3)}`;
}

export const dayAndTime = (date) => `${weekdayAndDate(date)}${t("at")}${clockTime(date)}`;

export function longDate(date) {
  return new Intl.DateTimeFormat(language(), { timeZone: zone, weekday: "long", day: "numeric", month: "long" }).format(date);
}

function longMonth(date) {
  return new Intl.DateTimeFormat("en", { timeZone: zone, month: "long" }).format(date);
}

// Slack's <!date^...> tokens, with the names of days left out of the pretty ones: cards mostly speak of today.
export function slackDate(seconds, pattern) {
  const date = new Date(seconds * 1000);
  const parts = partsOf(date);
  const two = (number) => String(number).padStart(2, "0");
  const long = () => new Intl.DateTimeFormat(language(), { timeZone: zone, dateStyle: "long" }).format(date);
  const sameDay = longDate(date) === longDate(worldNow());
  const tokens = {
    date_num: () => `${parts.year}-${two(parts.month)}-${two(parts.day)}`,
    date: long, date_short: () => weekdayAndDate(date), date_long: () => longDate(date),
    date_pretty: () => (sameDay ? t("today") : long()),
    date_short_pretty: () => (sameDay ? t("today") : weekdayAndDate(date)),
    date_long_pretty: () => (sameDay ? t("today") : longDate(date)),
    time: () => clockTime(date), time_secs: () => clockTime(date, true), ago: () => ago(date),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (tokens[name] ? tokens[name]() : whole));
}

function ago(date) {
  const minutes = Math.round((date - worldNow()) / 60000);
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  return Math.abs(minutes) < 60 ? format.format(minutes, "minute") : format.format(Math.round(minutes / 60), "hour");
}
