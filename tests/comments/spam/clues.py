"""Texts in which each signal finds something, and honest ones in which none does."""

from typing import Any

LONG = "This text is long enough to be sent twice only on purpose."


def links(count: int) -> str:
    return "Sources: " + " and ".join(f"https://example.org/{number}" for number in range(count))


# Signal, submission, quoted passage ("" where there is nothing to quote).
CLUES: list[tuple[str, dict[str, Any], str]] = [
    ("honeypot", {"honeypot": "http://example.com"}, "http://example.com"),
    ("too_fast", {"seconds_to_submit": 1.2}, ""),
    ("repeated_text", {"text": LONG, "same_text_before": 1}, ""),
    ("similar_text", {"text": LONG, "similar_before": 1}, ""),
    ("frequent_source", {"from_source_recently": 3}, ""),
    ("proven_history", {"name": "Kim", "proven_refused": 1}, "Kim"),
    ("same_name_unproven", {"name": "Kim", "name_of_proven": True}, "Kim"),
    ("danger_impersonation", {"name": "Kim", "name_of_staff": True}, "Kim"),
    ("link_in_name", {"name": "Watches www.example.com"}, "www.example.com"),
    ("name_that_sells", {"name": "Online Casino"}, "Online"),
    ("name_that_sells", {"name": "온라인 카지노"}, "카지노"),
    ("name_that_sells", {"name": "where the sun always shines"}, "where the sun always shines"),
    ("website_that_sells", {"website": "https://best-watches-cheap.example"}, "watches"),
    ("website_that_sells", {"website": "https://example.top/"}, "https://example.top/"),
    ("website_deep", {"website": "https://example.com/a/b"}, "/a/b"),
    ("website_deep", {"website": "https://example.com/the-best-of-all"}, "/the-best-of-all"),
    ("disposable_email", {"email_domain": "Mailinator.com"}, ""),
    ("marked_host", {"marked_hosts": ("example.com",)}, ""),
    ("many_links", {"text": links(3)}, "https://example.org/2"),
    ("only_links", {"text": "  example.com !!"}, "example.com"),
    ("mostly_links", {"text": "See https://example.org/a-long-address"}, "https://example.org/a-long-address"),
    ("repeated_host", {"text": "a.example.org/1, https://b.example.org/2 and example.org/3"}, "example.org/3"),
    ("shortened_link", {"text": "More at https://bit.ly/abc"}, "https://bit.ly/abc"),
    ("shortened_link", {"text": "자세한 내용은 han.gl/abc에서", "post_language": "ko"}, ""),
    ("odd_host", {"text": "More at https://example.xyz/abc"}, "https://example.xyz/abc"),
    ("odd_host", {"text": "More at https://very-good-pages.com"}, "https://very-good-pages.com"),
    ("link_markup", {"text": "x [URL]http://example.org[/URL]"}, "[URL"),
    ("link_markup", {"text": "x <A target=_blank HREF=http://example.org>y</A>"}, "<A target=_blank HREF"),
    ("self_promotion", {"text": "Everybody, watch my new videos"}, "watch my new videos"),
    ("self_promotion", {"text": "구독 제 유튜브", "post_language": "ko"}, "구독 제 유튜브"),
    ("begging", {"text": "Like this comment if you agree"}, "Like this comment"),
    ("begging", {"text": "thumbs up if you are here"}, "thumbs up if you"),
    ("check_out", {"text": "Guys, check this out"}, "check this out"),
    ("wares_gamble", {"text": "We have poker and roulette"}, "poker"),
    ("wares_gamble", {"text": "카지노에서 바카라를 하세요", "post_language": "ko"}, "카지노에서"),
    ("wares_pharma", {"text": "Tramadol or xanax tablets"}, "Tramadol"),
    ("earning", {"text": "Claim $1,500.50 a day"}, "$1,500.50"),
    ("earning", {"text": "하루 100만원 보장", "post_language": "ko"}, "100만원"),
    ("contact_me", {"text": "Contact me: +1202-555-0143"}, "+1202-555-0143"),
    ("contact_me", {"text": "Write me, my email is some.body@example.com"}, "some.body@example.com"),
    ("contact_me", {"text": "문의는 텔레그램@money77", "post_language": "ko"}, "@money77"),
    ("empty_praise", {"text": "Great article, thanks for sharing this useful information with us"}, "Great"),
    (
        "last_line",
        {"text": "The old bridge was rebuilt after the flood that year.\ncopied wooden chairs"},
        "copied wooden chairs",
    ),
    (
        "related",
        {"text": "The famine in Hamhung was long", "post_text": "Of famines and Hamhung"},
        "famine",
    ),
    (
        "unrelated",
        {"text": "Bicycles, mountains, gardening, cooking, violins, painting", "post_text": "Of Hamhung"},
        "",
    ),
    ("selling", {"text": "This is the best Online Casino in town"}, "Online Casino"),
    ("selling", {"text": "신규먹튀검증", "post_language": "ko"}, "먹튀"),
    ("selling", {"text": "재택알바Make Money Online재택알바", "post_language": "ko"}, "Make Money Online"),
    ("self_promotion", {"text": "İİİ please CHECK OUT MY page"}, "CHECK OUT MY page"),
    ("call_to_click", {"text": "여기를 클릭하세요", "post_language": "ko"}, "여기를 클릭"),
    ("flattery", {"text": "I look forward to your next post."}, "your next post"),
    ("flattery", {"text": "좋은 글 감사합니다", "post_language": "ko"}, "좋은 글 감사합니다"),
    ("capitals", {"text": "THIS SHOULD BE HEARD BY ALL"}, "THIS SHOULD BE HEARD BY ALL"),
    ("mixed_scripts", {"text": "A word with vіаgrа in it"}, "vіаgrа"),  # with Cyrillic і and а
    ("styled_letters", {"text": "𝓦𝓲𝓷 now"}, "𝓦𝓲𝓷"),
    ("hidden_characters", {"text": "hid\u200bden"}, "\u200b"),
    ("many_symbols", {"text": "😀🎉🔥💰💎🚀 now"}, "😀"),
    ("repetition", {"text": "hello all\nhello all\nhello all\nhello all"}, "hello all"),
    ("danger_phone", {"text": "제 번호는 010-1234-5678입니다", "post_language": "ko"}, "010-1234-5678"),
    ("danger_id_number", {"text": "She is 850312-2345678 there."}, "850312-2345678"),
    ("danger_address", {"text": "He lives at 12 Foo Street."}, "12 Foo Street"),
    ("danger_account", {"text": "It is on t.me/somebody, they say."}, "t.me/somebody"),
    ("danger_relative", {"text": "제 동생이 혜산에 있습니다.", "post_language": "ko"}, "동생이 혜산에"),
    ("foreign_script", {"text": "Это большая новость для всех"}, "Э"),
    ("foreign_script", {"text": "Это большая новость для всех", "post_language": "ko"}, "Э"),
]

HONEST: list[dict[str, Any]] = [
    {"text": "Thank you. My grandmother was born in Hamhung; I never heard her speak of it."},
    {"text": "I disagree with the second paragraph: the border was closed in 2020, not later."},
    {"text": "The report is at https://example.org/report, and so is what the ministry answered in spring."},
    {"text": "She is a specialist; the casino in Rajin was built by foreigners."},
    {
        "text": "I was in the second year when the classes were over.",
        "name": "J. R. Kim",
        "website": "https://a.example",
    },
    {"text": "Nice. My brother saw it, too."},
    {"text": "The soldiers took the money; a sack of rice was 50 won then."},
    {"text": "The NGO and the UN wrote to the DPRK.", "seconds_to_submit": 30.0, "email_domain": "gmail.com"},
    {
        "text": "우리 할머니는 함흥에서 태어나셨어요. 이 글을 읽고 많이 울었습니다.",
        "post_language": "ko",
        "name": "김민지",
    },
    {"text": "두 번째 문단은 사실과 다릅니다. 국경은 2020년에 닫혔습니다.", "post_language": "ko"},
    {
        "text": "보고서는 이 주소에서 읽었습니다. 길지만 꼭 읽어 보시기 바랍니다. example.org/a에서",
        "post_language": "ko",
    },
]
