"""What customers write, as they write it, and the playbook that must be among the first two."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """A text, its language, its sentiment, and the playbook expected; `place` is public or dm."""

    text: str
    language: str
    sentiment: str
    playbook: str
    place: str = "dm"


NEG, NEU, POS = "negative", "neutral", "positive"

FINNISH = [
    Said("mis mun paketti on???", "fi", NEU, "not-arrived"),
    Said("Hei, tilasin teiltä kaksi viikkoa sitten eikä mitään oo vieläkään tullut", "fi", NEG, "not-arrived"),
    Said("ei oo tullu mitään vaikka piti olla perjantaina täällä", "fi", NEG, "not-arrived", "public"),
    Said("Missä viipyy tilaukseni? Seurantakoodi ei näytä mitään", "fi", NEG, "not-arrived"),
    Said("millon mun kengät tulee ku oon oottanu jo viikon", "fi", NEG, "not-arrived"),
    Said("toimitus myöhässä jo toista viikkoa, ei paljon lohduta", "fi", NEG, "not-arrived", "public"),
    Said("Posti sanoo että paketti jumissa teidän varastolla", "fi", NEG, "not-arrived"),
    Said("Seurannan mukaan paketti on luovutettu mutta mulla ei oo mitään!", "fi", NEG, "marked-delivered"),
    Said("Appi väittää toimitetuksi, en ole saanut pakettia", "fi", NEG, "marked-delivered"),
    Said("joku muu on hakenut mun paketin Prisman automaatista", "fi", NEG, "marked-delivered"),
    Said("Muki tuli ihan sirpaleina, laatikko oli rutussa", "fi", NEG, "damaged-in-transport"),
    Said("paketti oli revitty auki ja lamppu rikki", "fi", NEG, "damaged-in-transport", "public"),
    Said("Sain väärän koon, tilasin 42 ja tuli 39", "fi", NEG, "wrong-or-missing-item"),
    Said("Paketista puuttui toinen kenkä :D", "fi", NEU, "wrong-or-missing-item"),
    Said("lähetitte väärän värisen takin", "fi", NEG, "wrong-or-missing-item"),
    Said("tuli tyhjä paketti. siis TYHJÄ.", "fi", NEG, "wrong-or-missing-item", "public"),
    Said("Repun vetoketju hajosi toisella käyttökerralla", "fi", NEG, "faulty-product"),
    Said("otsalamppu ei lataudu enää, ostettu keväällä. takuu?", "fi", NEG, "faulty-product"),
    Said("Teltta vuotaa saumoista, aika susi", "fi", NEG, "faulty-product", "public"),
    Said("Palautin kengät kolme viikkoa sitten, missä rahat?", "fi", NEG, "refund-status"),
    Said("rahoja ei oo näkyny tilillä vieläkään", "fi", NEG, "refund-status"),
    Said("kauanko palautuksen käsittely kestää", "fi", NEU, "refund-status"),
    Said("Moi, miten palautan nää housut? liian isot", "fi", NEU, "how-to-return"),
    Said("voinko vaihtaa toiseen kokoon", "fi", NEU, "how-to-return"),
    Said("onks palautus ilmainen", "fi", NEU, "how-to-return", "public"),
    Said("multa veloitettiin kahteen kertaan sama tilaus", "fi", NEG, "payment-problem"),
    Said("alekoodi ei toimi kassalla", "fi", NEG, "payment-problem", "public"),
    Said("Sain maksumuistutuksen vaikka oon jo maksanut laskun", "fi", NEG, "payment-problem"),
    Said("Voiks tän tilauksen vielä perua?", "fi", NEU, "change-or-cancel"),
    Said("laitoin vahingossa väärän osoitteen, saako sen muutettua", "fi", NEU, "change-or-cancel"),
    Said("onko tätä koossa 42", "fi", NEU, "product-question", "public"),
    Said("Onks tää vedenpitävä vai pelkkä tuulitakki?", "fi", NEU, "product-question", "public"),
    Said("milloin tulee takaisin varastoon se vihreä", "fi", NEU, "product-question"),
    Said("kumpaa suosittelette talvivaellukselle, A vai B", "fi", NEU, "product-question"),
    Said("Tilasin takin ja nyt ilmoititte että se on loppunut", "fi", NEG, "out-of-stock"),
    Said("Sisältääkö tämä huopa nikkeliä tai villaa, oon allerginen", "fi", NEU, "allergy-question"),
    Said("onko patukassa pähkinää?", "fi", NEU, "allergy-question", "public"),
    Said("Lampun akku alkoi savuta yöllä, poltin sormeni", "fi", NEG, "injury", "public"),
    Said("Lapsi sai keittimestä palovamman", "fi", NEG, "injury"),
    Said("sain voiteesta allergisen reaktion, naama turposi", "fi", NEG, "injury"),
    Said("en pääse kirjautumaan tilille", "fi", NEG, "site-trouble"),
    Said("teidän sivut kaatuu aina kassalla", "fi", NEG, "site-trouble", "public"),
    Said("salasanan vaihto ei onnistu", "fi", NEG, "site-trouble"),
    Said("Olen laittanut kolme viestiä eikä kukaan vastaa", "fi", NEG, "no-answer"),
    Said("vastaatteko te ikinä mihinkään??", "fi", NEG, "no-answer", "public"),
    Said("jonotin puhelimessa 40 min ja puhelu katkesi", "fi", NEG, "no-answer"),
    Said("Todella tyly asiakaspalvelu, pettynyt", "fi", NEG, "bad-service", "public"),
    Said("huonointa palvelua mitä oon ikinä saanut", "fi", NEG, "bad-service"),
    Said("Kiitos nopeasta toimituksesta, ihana reppu!", "fi", POS, "thanks", "public"),
    Said("ootte kyl paras kauppa <3 suosittelen kaikille", "fi", POS, "thanks", "public"),
    Said("Osallistun arvontaan!", "fi", NEU, "giveaway", "public"),
    Said("oon mukana 🍀", "fi", POS, "giveaway", "public"),
    Said("Hienoa hommaa taas Nuotiopuoti 👏👏", "fi", NEG, "anger", "public"),
    Said("ei ikinä enää tästä kaupasta", "fi", NEG, "anger", "public"),
    Said("Huijareita koko porukka, teen rikosilmoituksen", "fi", NEG, "legal-threat", "public"),
    Said("vien asian kuluttajariitalautakuntaan", "fi", NEG, "legal-threat"),
    Said("voisko joku soittaa mulle, haluun puhua ihmisen kanssa", "fi", NEG, "offer-call"),
    Said("mihin asti ootte tänään auki?", "fi", NEU, "opening-hours", "public"),
    Said("onko lantiovyössä taskut?", "fi", NEU, "question", "public"),
    Said("tilasin kaksi paria lumikenkiä ja laatikossa oli vain yksi", "fi", NEG, "wrong-or-missing-item"),
    Said("keitin tuli tänään mutta venttiilistä tihkuu kaasua, en uskalla käyttää", "fi", NEG, "injury"),
    Said("Kiitos, otitte mieheni kengät takaisin. Mies kuoli keväällä.", "fi", POS, "condolence"),
    Said("hei tarviin vähän apua", "fi", NEU, "details"),
]

SWEDISH = [
    Said("Var är mitt paket??", "sv", NEU, "not-arrived"),
    Said("Beställde för tre veckor sen och har inte fått något", "sv", NEG, "not-arrived"),
    Said("Enligt spårningen är paketet levererat men jag har inget fått", "sv", NEG, "marked-delivered"),
    Said("Koppen kom helt sönder, kartongen var bucklig", "sv", NEG, "damaged-in-transport"),
    Said("Ni skickade fel storlek", "sv", NEG, "wrong-or-missing-item"),
    Said("dragkedjan gick sönder efter en vecka", "sv", NEG, "faulty-product", "public"),
    Said("När får jag pengarna tillbaka för returen?", "sv", NEG, "refund-status"),
    Said("Hur returnerar jag ett par skor?", "sv", NEU, "how-to-return"),
    Said("Ni har dragit pengarna dubbelt", "sv", NEG, "payment-problem"),
    Said("rabattkoden funkar inte", "sv", NEG, "payment-problem"),
    Said("När har ni öppet?", "sv", NEU, "opening-hours"),
    Said("Kan jag avbeställa min order?", "sv", NEU, "change-or-cancel"),
    Said("Finns den i storlek 40?", "sv", NEU, "product-question", "public"),
    Said("Innehåller den nötter? Jag är allergisk", "sv", NEU, "allergy-question"),
    Said("Lampan började brinna i natt!", "sv", NEG, "injury", "public"),
    Said("kan inte logga in i appen", "sv", NEG, "site-trouble"),
    Said("Har mejlat tre gånger utan svar", "sv", NEG, "no-answer"),
    Said("Uruselt bemötande, otrevlig personal", "sv", NEG, "bad-service", "public"),
    Said("Tack för snabb leverans, jättenöjd!", "sv", POS, "thanks", "public"),
    Said("Jag ville bara tacka er. Min man gick bort i våras.", "sv", POS, "condolence"),
    Said("Jag är med!", "sv", POS, "giveaway", "public"),
    Said("Bra jobbat igen...", "sv", NEG, "anger", "public"),
    Said("Ren bluff, jag polisanmäler er", "sv", NEG, "legal-threat", "public"),
]

ENGLISH = [
    Said("where's my order?", "en", NEU, "not-arrived"),
    Said("Still hasn't arrived after 3 weeks", "en", NEG, "not-arrived", "public"),
    Said("It says delivered but I never got it", "en", NEG, "marked-delivered"),
    Said("The mug arrived smashed", "en", NEG, "damaged-in-transport", "public"),
    Said("You sent me the wrong size", "en", NEG, "wrong-or-missing-item"),
    Said("the zip broke on day two", "en", NEG, "faulty-product"),
    Said("I'm still waiting for my refund", "en", NEG, "refund-status"),
    Said("How do I return these boots?", "en", NEU, "how-to-return"),
    Said("I was charged twice!", "en", NEG, "payment-problem"),
    Said("Please cancel my order", "en", NEU, "change-or-cancel"),
    Said("do you have this in blue, size M", "en", NEU, "product-question", "public"),
    Said("is it free from nuts? my son is allergic", "en", NEU, "allergy-question"),
    Said("The battery caught fire and burned my hand", "en", NEG, "injury", "public"),
    Said("can't log in to my account", "en", NEG, "site-trouble"),
    Said("nobody replies to my emails", "en", NEG, "no-answer"),
    Said("Rude staff, terrible service", "en", NEG, "bad-service", "public"),
    Said("Love my new tent, thank you!", "en", POS, "thanks", "public"),
    Said("Entered! fingers crossed", "en", POS, "giveaway", "public"),
    Said("Great job, again. Never ordering again.", "en", NEG, "anger", "public"),
    Said("Total scam. My lawyer will be in touch.", "en", NEG, "legal-threat", "public"),
]

CUSTOMERS = FINNISH + SWEDISH + ENGLISH
