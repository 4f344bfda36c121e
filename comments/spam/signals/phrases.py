"""Phrases that sell something or send readers elsewhere: our own selection, see docs/decisions/009-learner.md."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of one kind; a comment that holds one or more of them gets the points once."""

    name: str
    points: float
    reason: str
    phrases: tuple[str, ...]  # lower case; found literally, a Latin one only as whole words


SELLING = Phrases(
    "selling",
    4.0,
    "It contains a phrase of advertisements for gambling, pills, massage, ghost-writing or quick money.",
    (
        "casino site", "online casino", "online slots", "slot online", "sports betting site", "카지노사이트",
        "온라인카지노", "바카라", "토토사이트", "토토 사이트", "스포츠토토", "배트맨토토", "사설토토", "먹튀",
        "안전놀이터", "파워볼사이트", "슬롯사이트", "buy cialis", "buy viagra", "cheap viagra", "generic viagra",
        "비아그라", "시알리스", "body to body", "escort service", "female to male", "massage near me", "spa near me",
        "오피사이트", "조건만남", "출장마사지", "출장안마", "assignment help", "buy backlinks", "dissertation help",
        "essay writing service", "seo services", "100% profit", "claim your prize", "earn money online",
        "earn money from home", "free bitcoin", "from the comfort of your home", "get paid to", "guaranteed profit",
        "loan offer", "make money online", "passive income", "work from home", "you have won", "고수익 알바",
        "무담보대출", "수익 보장", "재택알바", "주식 리딩방",
    ),
)  # fmt: skip

CALL_TO_CLICK = Phrases(
    "call_to_click",
    2.0,
    "It tells readers to click a link.",
    (
        "click here", "click on the link", "click the link", "click this link", "link below", "link in bio",
        "visit this site", "링크 클릭", "링크를 클릭", "여기 클릭", "여기를 클릭",
    ),
)  # fmt: skip

FLATTERY = Phrases(
    "flattery",
    1.0,
    "It praises the blog in words that fit any page, as advertisers do; honest readers say so too.",
    (
        "amazing article", "amazing post", "awesome blog", "awesome post", "great blog", "great job here",
        "impressive job", "informative post", "keep up the good work", "post was very", "savored every",
        "this kind of information", "valuable information", "very good article", "wonderful article",
        "wonderful read", "your next post", "좋은 글 감사합니다", "좋은 정보 감사합니다", "포스팅 잘 보고",
    ),
)  # fmt: skip

ALL = (SELLING, CALL_TO_CLICK, FLATTERY)
