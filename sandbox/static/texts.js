// The words of the page's own frame, in three languages. What cards say comes from the product, not from here.

const TEXTS = {
  fi: {
    rehearsal: "Harjoitus: mitään ei lähde tältä koneelta",
    streamTitle: "Somessa nyt", slackTitle: "Slack", language: "Kieli",
    step1: "Katso virtaa", step1more: "Julkaisut ja viestit tulevat itsestään. Piste kertoo sävyn.",
    step2: "Lue kortti", step2more: "Kun jokin kuumenee, Slackiin tulee kortti: mitä, miksi ja mitä vastata.",
    step3: "Hyväksy vastaus", step3more: "Paina nappia ja katso, miten vastaus ilmestyy julkaisun alle.",
    close: "Sulje", paused: "tauolla", finished: "päivä on ohi",
    halfHour: "mainintaa / 30 min", negativeShare: "kielteisiä", negative: "kielteinen", neutral: "neutraali",
    positive: "myönteinen", unjudged: "arvioimatta", other: "muut",
    earlier: (n) => (n === 1 ? "Näytä 1 aiempi" : `Näytä ${n} aiempaa`), fold: "Näytä vähemmän",
    fresh: (n) => (n === 1 ? "1 uusi keskustelu" : `${n} uutta keskustelua`), dm: "yksityisviesti", mention: "maininta", search: "puhetta teistä",
    visitor_post: "julkaisu sivulla", own_post: "oma julkaisu", comment: "kommentti",
    ours: "oma vastaus", messages: (n) => `${n} viestiä`, negatives: (n) => (n === 1 ? "1 kielteinen" : `${n} kielteistä`),
    quiet: "Hiljaista. Ensimmäiset julkaisut tulevat pian.", channels: "Kanavat", youAre: "Sinä olet",
    app: "SOVELLUS", edited: "(muokattu)", onlyYou: "Vain sinä näet tämän", dismiss: "Poista",
    noMessages: "Täällä on rauhallista. Palovahti kirjoittaa, kun on asiaa.", newBelow: "Uusia viestejä",
    replies: (n) => (n === 1 ? "1 vastaus" : `${n} vastausta`), choose: "Valitse", more: "Lisää toimintoja",
    topic_palovahti: "Mikä kuumenee ja miksi", topic_asiakaspalvelu: "Asiakkaat, jotka odottavat vastausta",
    timeout: "Sovellus ei vastannut. Sillä on kolme sekuntia aikaa.", unreachable: "Sovellukseen ei saatu yhteyttä.",
    bad_answer: "Sovellus vastasi tavalla, jota Slack ei ymmärrä.", status: (n) => `Sovellus vastasi tilakoodilla ${n}.`,
    gone: "Kortti ehti muuttua. Tässä on uusin.", required: "Tämä kohta on täytettävä.", too_long: "Teksti on liian pitkä.",
    too_short: "Teksti on liian lyhyt.", optional: "(valinnainen)", left: (n) => `${n} merkkiä jäljellä`, today: "tänään",
    apps: "Sovellukset", topic_home: "Mitä palaa, mikä odottaa, kenellä mikäkin on", homeLoading: "Sivua haetaan…",
    write: "Kirjoita viesti, tai /palovahti tila", send: "Lähetä", shortcuts: "Pikatoiminnot",
    not_a_number: "Kirjoita kokonaisluku, 0 tai suurempi.", not_a_link: "Kirjoita osoite kokonaan, https:// alkuun.",
    lost: "Yhteys katkesi. Yritetään uudelleen…", at: " klo ",
  },
  sv: {
    rehearsal: "Övning: ingenting lämnar den här datorn",
    streamTitle: "Just nu i flödet", slackTitle: "Slack", language: "Språk",
    step1: "Följ flödet", step1more: "Inlägg och meddelanden kommer av sig själva. Pricken visar tonen.",
    step2: "Läs kortet", step2more: "När något hettar till får Slack ett kort: vad, varför och vad man kan svara.",
    step3: "Godkänn svaret", step3more: "Tryck på knappen och se hur svaret dyker upp under inlägget.",
    close: "Stäng", paused: "pausad", finished: "dagen är slut",
    halfHour: "omnämnanden / 30 min", negativeShare: "negativa", negative: "negativ", neutral: "neutral",
    positive: "positiv", unjudged: "inte bedömd", other: "övriga",
    earlier: (n) => (n === 1 ? "Visa 1 tidigare" : `Visa ${n} tidigare`), fold: "Visa färre",
    fresh: (n) => (n === 1 ? "1 ny tråd" : `${n} nya trådar`), dm: "privat meddelande", mention: "omnämnande", search: "prat om er",
    visitor_post: "inlägg på sidan", own_post: "eget inlägg", comment: "kommentar",
    ours: "ert svar", messages: (n) => `${n} meddelanden`, negatives: (n) => (n === 1 ? "1 negativt" : `${n} negativa`),
    quiet: "Lugnt. De första inläggen kommer strax.", channels: "Kanaler", youAre: "Du är",
    app: "APP", edited: "(redigerat)", onlyYou: "Bara du ser det här", dismiss: "Ta bort",
    noMessages: "Här är det lugnt. Palovahti skriver när det finns något att säga.", newBelow: "Nya meddelanden",
    replies: (n) => (n === 1 ? "1 svar" : `${n} svar`), choose: "Välj", more: "Fler åtgärder",
    topic_palovahti: "Vad som hettar till och varför", topic_asiakaspalvelu: "Kunder som väntar på svar",
    timeout: "Appen svarade inte. Den har tre sekunder på sig.", unreachable: "Det gick inte att nå appen.",
    bad_answer: "Appen svarade på ett sätt som Slack inte förstår.", status: (n) => `Appen svarade med statuskod ${n}.`,
    gone: "Kortet hann ändras. Här är det nyaste.", required: "Fältet måste fyllas i.", too_long: "Texten är för lång.",
    too_short: "Texten är för kort.", optional: "(valfritt)", left: (n) => `${n} tecken kvar`, today: "i dag",
    apps: "Appar", topic_home: "Vad som brinner, vad som väntar, vem som har vad", homeLoading: "Hämtar sidan…",
    write: "Skriv ett meddelande, eller /palovahti läge", send: "Skicka", shortcuts: "Genvägar",
    not_a_number: "Skriv ett heltal, 0 eller större.", not_a_link: "Skriv hela adressen, med https:// i början.",
    lost: "Förbindelsen bröts. Försöker igen…", at: " kl. ",
  },
  en: {
    rehearsal: "Rehearsal: nothing leaves this machine",
    streamTitle: "What people say", slackTitle: "Slack", language: "Language",
    step1: "Watch the stream", step1more: "Posts and messages arrive by themselves. The dot shows their tone.",
    step2: "Read the card", step2more: "When something heats up, Slack gets a card: what, why, and what to answer.",
    step3: "Approve the reply", step3more: "Press the button and see the reply appear under the post it answers.",
    close: "Close", paused: "paused", finished: "the day is over",
    halfHour: "mentions / 30 min", negativeShare: "negative", negative: "negative", neutral: "neutral",
    positive: "positive", unjudged: "not judged yet", other: "other",
    earlier: (n) => `Show ${n} earlier`, fold: "Show fewer",
    fresh: (n) => (n === 1 ? "1 new conversation" : `${n} new conversations`), dm: "direct message", mention: "mention", search: "about you",
    visitor_post: "post on your page", own_post: "your post", comment: "comment",
    ours: "your reply", messages: (n) => `${n} messages`, negatives: (n) => `${n} negative`,
    quiet: "All quiet. The first posts will be here soon.", channels: "Channels", youAre: "You are",
    app: "APP", edited: "(edited)", onlyYou: "Only visible to you", dismiss: "Dismiss",
    noMessages: "Nothing here yet. Palovahti writes when there is something to say.", newBelow: "New messages",
    replies: (n) => (n === 1 ? "1 reply" : `${n} replies`), choose: "Choose", more: "More actions",
    topic_palovahti: "What is heating up, and why", topic_asiakaspalvelu: "Customers waiting for an answer",
    timeout: "The app did not answer. Apps need to respond within 3 seconds.", unreachable: "The app could not be reached.",
    bad_answer: "The app answered in a way Slack does not understand.", status: (n) => `This app responded with status code ${n}.`,
    gone: "The card changed meanwhile. This is the latest.", required: "Please complete this field.", too_long: "The text is too long.",
    too_short: "The text is too short.", optional: "(optional)", left: (n) => `${n} characters left`, today: "today",
    apps: "Apps", topic_home: "What burns, what waits, who has what", homeLoading: "Fetching the page…",
    write: "Write a message, or /palovahti status", send: "Send", shortcuts: "Shortcuts",
    not_a_number: "Enter a whole number, 0 or more.", not_a_link: "Enter the whole address, with https:// at the beginning.",
    lost: "Connection lost. Trying again…", at: " ",
  },
};

export const LANGUAGES = ["fi", "sv", "en"];

let chosen = remembered() ?? fromBrowser();

function remembered() {
  const kept = localStorage.getItem("language");
  return LANGUAGES.includes(kept) ? kept : null;
}

function fromBrowser() {
  for (const wanted of navigator.languages ?? []) {
    const short = wanted.slice(0, 2).toLowerCase();
    if (LANGUAGES.includes(short)) return short;
  }
  return "en";
}

export const language = () => chosen;

export function chooseLanguage(code) {
  chosen = code;
  localStorage.setItem("language", code);
}

export function t(name, ...values) {
  const text = TEXTS[chosen][name];
  return typeof text === "function" ? text(...values) : text;
}

export const hasText = (name) => name in TEXTS.en;
