"""What moderators read of signals, in their language: stored are a name and an English sentence, told is this."""

import re
from functools import cache

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_noop as _

NUMBER = r"-?\d+(?:\.\d+)?"
HOLE = re.compile(r"%\\\((\w+)\\\)s")  # a placeholder of an escaped sentence
WORDS = frozenset({"character", "host", "source", "sources", "text"})  # placeholders of anything; others: of a number

NAMES = {
    "akismet": pgettext_lazy("signal", "Akismet"),
    "begging": pgettext_lazy("signal", "Begging"),
    "call_to_click": pgettext_lazy("signal", "Call to click"),
    "capitals": pgettext_lazy("signal", "Capitals"),
    "check_out": pgettext_lazy("signal", "Check out"),
    "contact_me": pgettext_lazy("signal", "Contact me"),
    "danger_account": pgettext_lazy("signal", "Danger account"),
    "danger_address": pgettext_lazy("signal", "Danger address"),
    "danger_id_number": pgettext_lazy("signal", "Danger id number"),
    "danger_impersonation": pgettext_lazy("signal", "Danger impersonation"),
    "danger_phone": pgettext_lazy("signal", "Danger phone"),
    "danger_relative": pgettext_lazy("signal", "Danger relative"),
    "disposable_email": pgettext_lazy("signal", "Disposable email"),
    "earning": pgettext_lazy("signal", "Earning"),
    "empty_praise": pgettext_lazy("signal", "Empty praise"),
    "flattery": pgettext_lazy("signal", "Flattery"),
    "foreign_script": pgettext_lazy("signal", "Foreign script"),
    "frequent_source": pgettext_lazy("signal", "Frequent source"),
    "hidden_characters": pgettext_lazy("signal", "Hidden characters"),
    "honeypot": pgettext_lazy("signal", "Honeypot"),
    "last_line": pgettext_lazy("signal", "Last line"),
    "learnt": pgettext_lazy("signal", "Learnt"),
    "link_in_name": pgettext_lazy("signal", "Link in name"),
    "link_markup": pgettext_lazy("signal", "Link markup"),
    "many_links": pgettext_lazy("signal", "Many links"),
    "many_symbols": pgettext_lazy("signal", "Many symbols"),
    "marked_host": pgettext_lazy("signal", "Marked host"),
    "mixed_scripts": pgettext_lazy("signal", "Mixed scripts"),
    "mostly_links": pgettext_lazy("signal", "Mostly links"),
    "name_that_sells": pgettext_lazy("signal", "Name that sells"),
    "odd_host": pgettext_lazy("signal", "Odd host"),
    "only_links": pgettext_lazy("signal", "Only links"),
    "prior": pgettext_lazy("signal", "Prior"),
    "proven_history": pgettext_lazy("signal", "Proven history"),
    "related": pgettext_lazy("signal", "Related"),
    "repeated_host": pgettext_lazy("signal", "Repeated host"),
    "repeated_text": pgettext_lazy("signal", "Repeated text"),
    "repetition": pgettext_lazy("signal", "Repetition"),
    "same_name_unproven": pgettext_lazy("signal", "Same name unproven"),
    "self_promotion": pgettext_lazy("signal", "Self promotion"),
    "selling": pgettext_lazy("signal", "Selling"),
    "shortened_link": pgettext_lazy("signal", "Shortened link"),
    "similar_text": pgettext_lazy("signal", "Similar text"),
    "styled_letters": pgettext_lazy("signal", "Styled letters"),
    "too_fast": pgettext_lazy("signal", "Too fast"),
    "unrelated": pgettext_lazy("signal", "Unrelated"),
    "wares_adult": pgettext_lazy("signal", "Wares adult"),
    "wares_crypto": pgettext_lazy("signal", "Wares crypto"),
    "wares_gamble": pgettext_lazy("signal", "Wares gamble"),
    "wares_job": pgettext_lazy("signal", "Wares job"),
    "wares_pharma": pgettext_lazy("signal", "Wares pharma"),
    "wares_seo": pgettext_lazy("signal", "Wares seo"),
    "wares_service": pgettext_lazy("signal", "Wares service"),
    "wares_shop": pgettext_lazy("signal", "Wares shop"),
    "wares_support": pgettext_lazy("signal", "Wares support"),
    "website_deep": pgettext_lazy("signal", "Website deep"),
    "website_that_sells": pgettext_lazy("signal", "Website that sells"),
}
GAPS = (_("%(source)s unavailable"), _("%(source)s switched off"), _("%(source)s did not finish"))

SENTENCES = (
    # How it came
    _("A field that people do not see was filled in."),
    _("It was written and sent within %(seconds)s seconds."),
    _("The same text came before in the last 24 hours (%(times)s×)."),
    _("Nearly the same text came before in the last 7 days (%(times)s×)."),
    _("The same source sent %(number)s comments in the last ten minutes."),
    # What may endanger people
    _("It gives a phone number."),
    _("It gives what looks like a resident registration number."),
    _("It gives a street address."),
    _("It gives an e-mail address or an account by which somebody can be found."),
    _("It tells of a relative at a place in North Korea or at its border."),
    _("Its name looks like that of somebody who works here, or of this site."),
    # Name, website, e-mail
    _("The name is or contains a web address."),
    _("The name is what an advertiser wants to be found for."),
    _("The name is a phrase."),
    _("The commenter's website sells something, by its name."),
    _("The commenter's website has an address that spam prefers."),
    _("The website is a page deep inside a site."),
    _("The e-mail address is of a service for throw-away addresses."),
    # How it is written
    _("It is written in capitals."),
    _("A word mixes letters of two alphabets that look alike."),
    _("It uses ornamental letters, which filters do not read."),
    _("It contains a character that nobody sees: %(character)s."),
    _("It has %(number)s pictures and symbols."),
    _("It says the same %(times)s times."),
    _("It is written in an alphabet in which nothing is published here."),
    # Who wrote it
    _("Earlier comments of the same proven author: %(published)s published, %(refused)s refused."),
    _("Same name as a proven author, unproven: it may be somebody else."),
    # Where it leads
    _("It has %(number)s links; comments seldom have three."),
    _("It is a link without a word about it."),
    _("Most of the text is addresses."),
    _("It leads to %(host)s %(times)s times."),
    _("A link hides where it leads behind a shortener."),
    _("It leads to %(host)s, an address of a kind that spam prefers."),
    _("Moderators marked comments that lead to %(host)s as spam."),
    _("It contains markup for links, which this form does not use."),
    # What it says
    _("It contains a phrase of advertisements for gambling, pills, massage, ghost-writing or quick money."),
    _("It tells readers to click a link."),
    _("It praises the blog in words that fit any page, as advertisers do; honest readers say so too."),
    _("It asks readers to visit, watch or follow something of the writer's own."),
    _("It asks for likes or subscribers."),
    _("It sends readers to look at something else."),
    _("It has %(number)s words of advertisements for gambling."),
    _("It has %(number)s words of advertisements for sex, dates or massage."),
    _("It has %(number)s words of advertisements for pills and diets."),
    _("It has %(number)s words of advertisements for quick money with crypto-currencies."),
    _("It has %(number)s words of advertisements for visitors and ranks for websites."),
    _("It has %(number)s words of advertisements for services."),
    _("It has %(number)s words of advertisements for software and support lines."),
    _("It has %(number)s words of advertisements for goods."),
    _("It has %(number)s words of advertisements for jobs."),
    _("It promises an amount of money."),
    _("It promises money."),
    _("It gives a number or account to write to."),
    _("It praises in words that would fit any page, as advertisers do."),
    _("It ends with a few words of their own, as link texts stand."),
    _("It takes up words of the post."),
    _("It shares no word with the post."),
    # What is usual, here and elsewhere
    _("This is usual in spam elsewhere."),
    _("The rest of it reads like spam elsewhere."),
    _("This was usual in spam here."),
    _("The rest of it is like spam here."),
    _("This was usual in what was published here."),
    _("The rest of it is like what was published here."),
    # Others
    _("Akismet sees no spam in it."),
    _("Akismet calls it spam."),
    _("Akismet calls it blatant spam, not worth a look."),
    _("Your rule “%(text)s” fits."),
    _("%(source)s: unavailable. The comment waits, for not every clue is known."),
    _("%(source)s: switched off. The comment waits, for not every clue is known."),
    _("%(source)s: did not finish. The comment waits, for not every clue is known."),
    # Why the site decided by itself
    _("Held: no answer from %(sources)s."),
    _("Score %(score)s is not above %(threshold)s, and the author has proven who they are."),
    _("Score %(score)s: it waits for a moderator, because it may endanger people."),
    _("Score %(score)s: it waits for a moderator."),
    _("Score %(score)s reaches the threshold %(threshold)s of obvious spam."),
    _("Score %(score)s reaches the threshold %(threshold)s of spam, which is put aside by itself."),
    _("Score %(score)s: it is not put into the spam folder by itself, because that has not been right often enough."),
    _("Score %(score)s: it is not published by itself, because that has not been right often enough."),
    _("Banned: proven author"),
    _("Banned: host %(host)s"),
    _("Banned: phrase %(text)s"),
    _("Always held: proven author"),
    _("Always held: host %(host)s"),
    _("Always held: phrase %(text)s"),
    _("Trusted: proven author"),
    _("Trusted: host %(host)s"),
    _("Trusted: phrase %(text)s"),
    _("withdrawn by its author"),
    # No longer written, but kept with earlier comments
    _("The same text was sent %(times)s times before in the last 24 hours."),
    _("Nearly the same text was sent %(times)s times before in the last 7 days."),
    _("It is written in an alphabet that the post does not use."),
)


def told(reason: str) -> str:
    """The sentence in the active language; as it is where it is none of ours."""
    return _in_words(reason, SENTENCES)


def name_of(signal: str) -> str:
    """What moderators call a signal; one of somebody else's by its name."""
    return str(NAMES[signal]) if signal in NAMES else _in_words(signal.replace("_", " ").capitalize(), GAPS)


def _in_words(english: str, sentences: tuple[str, ...]) -> str:
    if get_language() in ("en", None):
        return english
    if english in _plain(sentences):
        return gettext(english)
    found = ((sentence, pattern.fullmatch(english)) for sentence, pattern in _patterns(sentences))
    return next((gettext(sentence) % match.groupdict() for sentence, match in found if match), english)


@cache
def _plain(sentences: tuple[str, ...]) -> frozenset[str]:
    return frozenset(sentence for sentence in sentences if "%(" not in sentence)


@cache
def _patterns(sentences: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """Of the sentences with placeholders. Each stands between fixed words, so that matching stays linear."""
    return [(sentence, re.compile(HOLE.sub(_hole, re.escape(sentence)))) for sentence in sentences if "%(" in sentence]


def _hole(placeholder: re.Match[str]) -> str:
    return f"(?P<{placeholder[1]}>{'.+' if placeholder[1] in WORDS else NUMBER})"
