"""A seeded mix of honest comments and campaigns in English and Korean, and how rightly they are grouped."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from random import Random
from typing import NamedTuple

from comments import campaigns, similar
from comments.models import Comment
from posts.models import Post
from tests.factories import make_post

WORDS = {
    "en": """
        river border winter soldier mother village radio school paper night train bread letter winter prison doctor song
        market teacher brother story witness law silence church ticket garden window border guard camp list name camera
        I we they he she nobody everyone was is had heard saw crossed left told kept wrote asked knew lost found think
        remember never always still already perhaps again the the the a a of of in in to to and and but because when
        that with without from about after before under over small cold long old young hungry quiet true other first
        last many
    """.split(),
    "ko": """
        강을 국경을 겨울에 군인이 어머니가 마을에서 라디오를 학교에 밤마다 기차로 빵을 편지를 감옥에서 의사는 노래를
        시장에서 선생님은 동생이 이야기를 증인은 법이 침묵은 교회에서 정원에 창문을 경비가 이름을 사진을 나는 우리는
        그들은 아무도 모두가 있었다 들었다 보았다 건넜다 떠났다 말했다 썼다 물었다 알았다 잃었다 찾았다 생각한다
        기억한다 결코 언제나 아직도 이미 아마 다시 그리고 그러나 왜냐하면 때문에 함께 없이 처음 마지막 작은 추운 긴
        오래된 젊은 배고픈 조용한 진실한 다른 많은 몇몇 그날 어제 작년에 서울에서 함흥에서 두만강을 신의주에서
    """.split(),
}
NAMES = {
    "en": "Kim John Anna Eric Maria Sam Lee Paul Ruth Omar Grace Ivan".split(),
    "ko": "김철수 이영희 박민수 최지우 정하늘 강산 윤서 한별 조은 임진 오로라 나그네".split(),
}
ARTICLES = {
    "en": """
        <p>Every spring the river rises and the guards move their posts to the upper bank, where the path to the old
        mill is hidden by willows. Nobody who crossed there in those years would give a name to the reporters
        afterwards.</p>
        <p>The committee published its findings in March; see <a href="https://report.example/2026">the report</a>.</p>
    """,
    "ko": """
        <p>해마다 봄이 되면 강물이 불어나고 경비병들은 버드나무에 가려진 옛 방앗간 길이 내려다보이는 위쪽 둑으로 초소를
        옮긴다. 그 무렵 그곳을 건넌 사람들은 나중에 기자들에게 이름을 밝히려 하지 않았다.</p>
        <p>위원회는 삼월에 조사 결과를 발표했다. <a href="https://report.example/2026">보고서</a>를 보라.</p>
    """,
}
QUOTATIONS = {
    "en": "Nobody who crossed there in those years would give a name to the reporters afterwards.",
    "ko": "그 무렵 그곳을 건넌 사람들은 나중에 기자들에게 이름을 밝히려 하지 않았다.",
}
COURTESIES = {
    "en": [
        "Thank you!",
        "thank you",
        "Great article, thank you so much for sharing this with all of us.",
        "I am so sorry for your loss.",
        "Thank you for writing this. I have been reading your blog for many years.",
    ],
    "ko": [
        "감사합니다",
        "감사합니다!",
        "좋은 글 감사합니다. 많이 배우고 갑니다.",
        "삼가 고인의 명복을 빕니다.",
        "잘 읽었습니다. 좋은 글 감사합니다. 항상 건강하시고 행복하세요.",
    ],
}
ADVERTS = {  # with gaps for words that each copy fills otherwise
    "en": [
        "Polished worktops from our workshop in {}, delivered to {} on every Monday of the {}, ask for our {} prices",
        "My cousin in {} made nine thousand last {} from a laptop and a {} method that the bankers in {} keep hidden",
    ],
    "ko": [
        "저희 {} 공장에서 직접 다듬은 대리석 상판을 매주 월요일마다 {} 어디든지 배송해 드리고 {} 할인도 해 드립니다 {}",
        "집에서 하루 두 시간 {} 부업으로 지난달에만 구백만 원을 벌었습니다 {} 누구나 시작할 수 있고 {} 무료입니다 {}",
    ],
}
SPUN = {  # each copy takes one of the words in each place
    "en": """
        our|the|this honest|expert|senior team of loan|credit advisers|brokers in your region|area|town arranges|offers
        cheap|low|fair mortgages within|in two|three|four days|hours for any customer|client|person whose bank|lender
        said no|never|nothing before|earlier and asks|wants neither deposit|collateral nor paperwork|papers at|in the
        beginning|start|outset of the contract|agreement
    """,
    "ko": """
        저희|우리 전문|경력|베테랑 상담사가|직원이 지역에|동네에 맞는|어울리는 저금리|최저금리 대출을
        이틀|사흘|하루 만에|안에 마련해|준비해 드리며|드리고 은행에서|시중은행에서 거절당한|떨어진
        분도|고객도 보증금과|담보와 서류|복잡한 서류 없이도
        시작|계약 하실|진행하실 수 있도록|수 있게 도와|안내해 드립니다|드려요
    """,
}
SHOUTED = {  # whose case and punctuation are varied
    "en": "Replica watches and handbags, all brands, half the price of any shop, shipped in plain parcels worldwide",
    "ko": "명품 시계와 가방을 모든 브랜드 반값에 모십니다 포장 없이 안전하게 전국으로 당일 발송해 드립니다 문의 환영",
}
SLOGANS = {
    "en": "the lighthouse keeper of Vladivostok has already sold eleven secret maps to the admiral",
    "ko": "블라디보스토크 등대지기가 비밀 지도 열한 장을 이미 제독에게 팔아넘겼다",
}


class Sent(NamedTuple):
    """A comment of the mix, and which sender's programme made it: none for an honest reader."""

    body: str
    sender: str = ""
    name: str = ""
    website: str = ""
    language: str = "en"
    answers: bool = False  # the comment that stands first on the post


class Measured(NamedTuple):
    """Pairs of comments, and honest comments that were put into a campaign."""

    found: int
    sought: int
    right: int
    honest: int
    honest_grouped: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.sought if self.sought else 1.0


def mix(seed: int) -> list[Sent]:
    """Several hundred comments in the order of their arrival."""
    random = Random(seed)
    sent = [each for language in WORDS for each in [*honest(random, language), *programmes(random, language)]]
    random.shuffle(sent)
    return sent


def text(random: Random, language: str, words: int) -> str:
    return " ".join(random.choices(WORDS[language], k=words)).capitalize() + "."


def honest(random: Random, language: str) -> Iterator[Sent]:
    """Readers who do not know of each other, in whatever makes them alike all the same."""

    def some() -> str:
        return text(random, language, random.randint(5, 60))

    def one(body: str, *, name: str = "", website: str = "", answers: bool = False) -> Sent:
        return Sent(body, "", name or random.choice(NAMES[language]), website, language, answers)

    quotation = QUOTATIONS[language]
    yield from (one(some()) for _ in range(70))
    yield from (one(courtesy) for courtesy in COURTESIES[language] * 4)
    yield from (one(f"{random.choice(COURTESIES[language])} {some()}") for _ in range(15))
    yield from (one(f"“{quotation}” {some()}") for _ in range(12))
    yield from (one(f"{quotation}\n\n{text(random, language, 4)}") for _ in range(6))
    yield from (one(f"> {FIRST[language]}\n\n{some()}", answers=True) for _ in range(6))
    yield from (one(f"{FIRST[language]} {some()}", answers=True) for _ in range(4))
    yield from (one(f"{some()} https://report.example/2026/{n}") for n in range(5))  # as the article does
    yield from (one(f"{some()} https://www.youtube.com/watch?v={n}") for n in range(6))
    yield from (one(f"{some()} https://daily-{language}.example/story/{n}") for n in range(3))  # a newspaper
    yield from (one(some(), name=f"Regular {language}", website=f"https://home-{language}.example") for _ in range(6))


def programmes(random: Random, language: str) -> Iterator[Sent]:
    """Programmes that send one thing again and again, disguised to a degree."""
    number = iter(range(1000))

    def some() -> str:
        return text(random, language, random.randint(8, 40))

    def one(sender: str, body: str, website: str = "") -> Sent:
        return Sent(body, f"{sender}-{language}", f"{random.choice(NAMES[language])} {next(number)}", website, language)

    for place, advert in enumerate(ADVERTS[language]):
        gaps = advert.count("{}")
        yield from (one(f"words{place}", advert.format(*random.choices(WORDS[language], k=gaps))) for _ in range(15))
    yield from (one("spun", spun(random, SPUN[language])) for _ in range(20))
    yield from (
        one("host", f"{some()} https://{random.choice(['a', 'b', 'www'])}.sells-{language}.example/{n}")
        for n in range(15)
    )
    yield from (one("website", some(), website=f"https://page{n}.offers-{language}.example/") for n in range(10))
    yield from (one("phrase", f"{some()} {SLOGANS[language]} {some()}") for _ in range(12))
    yield from (one("short", f"{n}: https://short-{language}.example/{n}") for n in range(8))
    yield from (one("case", disguised(random, SHOUTED[language])) for _ in range(8))


def spun(random: Random, pattern: str) -> str:
    return " ".join(random.choice(place.split("|")) for place in pattern.split())


def disguised(random: Random, words: str) -> str:
    return "".join(random.choice([letter.lower(), letter.upper()]) + "." * (random.random() < 0.03) for letter in words)


FIRST = {language: text(Random(f"first in {language}"), language, 20) for language in WORDS}


def store(sent: Sent, post: Post, parent: Comment | None = None) -> Comment:
    """As a submission is stored, but for its score."""
    comment = Comment.objects.create(
        post=post, parent=parent, name=sent.name, website=sent.website, body=sent.body, html=""
    )
    similar.remember(comment)
    campaigns.join(comment)
    return comment


def run(sent: Sequence[Sent]) -> list[Comment]:
    """Store them on two posts in each language, in turn. On each stands first the comment that some answer."""
    posts = {
        language: [make_post(language=language, body=body) for _number in range(2)]
        for language, body in ARTICLES.items()
    }
    answered = {post: store(Sent(FIRST[post.language], name="First"), post) for some in posts.values() for post in some}
    turns = {language: cycle(some) for language, some in posts.items()}
    stored = []
    for each in sent:
        post = next(turns[each.language])
        stored.append(store(each, post, answered[post] if each.answers else None))
    return stored


def measured(sent: Sequence[Sent], stored: Sequence[Comment]) -> Measured:
    """What was grouped, after all have arrived."""
    campaign = dict(Comment.objects.values_list("pk", "campaign"))
    groups = [campaign[comment.pk] for comment in stored]
    senders = [each.sender or f"honest {place}" for place, each in enumerate(sent)]
    grouped = [(group, sender) for group, sender in zip(groups, senders, strict=True) if group]
    honest = [group for group, each in zip(groups, sent, strict=True) if not each.sender]
    return Measured(
        found=pairs(group for group, _sender in grouped),
        sought=pairs(senders),
        right=pairs(grouped),
        honest=len(honest),
        honest_grouped=sum(group is not None for group in honest),
    )


def pairs(keys: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(keys).values())
