"""Words for relatives and for places in North Korea and at its border, as people write them; lower case."""

import re


def _any_of(listed: str) -> str:
    """A pattern for any of the words, in which "_" is a space."""
    return "|".join(listed.split()).replace("_", "[ ]")


KIN_ENGLISH = _any_of(
    """
    (?:step|half-)?(?:mother|father|brother|sister|son|daughter)(?:-in-law)? mum mom dad parent child kid wife wive
    husband uncle auntie aunt cousin niece nephew grand(?:mother|father|parent|son|daughter|ma|pa) famil(?:y|ies)
    relative in-law fianc[eé]e?
    """
)
KIN_KOREAN = _any_of(
    """
    어머니 어머님 엄마 아버지 아버님 아빠 부모님 형님 누나 누이 누님 오빠 언니 동생 (?<!받)아들 딸(?!기) 아내
    와이프 남편 삼촌 숙부 이모(?!티) 고모 사촌 조카 할머니 할아버지 장인어른 장모 시부모 며느리 사위 손자 손녀
    처가 처남 처제 친정 시댁 큰집 (?:우리|제|내|저희|큰|작은|둘째|막내|친)_?형(?:[이은을의도과께]|_)
    (?:우리|제|내|저희|나의|저의|남은|두고_온)_?(?:가족|식구|친척|부모|처|아이|애|자식|친지)
    """
)
KIN = re.compile(
    rf"""
    (?<![a-z]) (?! our[ ](?:brothers|sisters|fathers|mothers|children|families) )
    (?: my | our | i[ ]have[ ](?:an?|two|three|four) ) [ ] (?: [a-z'’-]{{1,15}} [ ] ){{0,2}}?
    (?:{KIN_ENGLISH}) (?:s|ren|'s|’s)? (?![a-z]) (?! [ ](?:in[ ]arms|names?|tongue)(?![a-z]) )
  | (?<![a-z]) (?:mum|mom)[ ]and[ ]dad (?![a-z])
  | {KIN_KOREAN}
    """,
    re.VERBOSE,
)

ENGLISH = _any_of(
    r"""
    north_korea the_north(?!_of) dprk (?:north_|south_)?(?:hamgy[eo]ng|hamgyeong|pyongan|pyeongan|hwanghae) chagang
    ryanggang yanggang kangwon_province pyongyang pyeongyang hyesan hoeryong hoeryeong hoiryong musan onsong onseong
    namyang saebyol kyongwon undok chongjin cheongjin kyongsong kilju gilju kimchaek tanchon danchon hamhung hamheung
    hungnam sinpo pukchong wonsan munchon sinuiju uiju ryongchon manpo kanggye huichon pyongsong sunchon anju kaechon
    tokchon nampo sariwon songrim haeju kaesong gaeseong rason rajin najin sonbong samjiyon taehongdan pochon paegam
    kapsan unhung punggye-?ri yodok hwasong bukchang pukchang chongori jongori susong camp_\d\d yanji
    (?<!the_)tumen(?!_river) longjing helong hunchun changbai linjiang ji'an dandong kuandian yanbian shenyang
    """
)
KOREAN = _any_of(
    """
    평양 혜산 회령 온성 청진 경성군 길주 김책시 단천 함흥 흥남 신포 북청 신의주 의주 룡천 용천 만포 강계 희천
    자강도 량강도 양강도 함경북도 함경남도 함북 함남 평안북도 평안남도 평북 평남 황해북도 황해남도 황해도 평성
    남포 사리원 송림시 라선 나선 라진 나진 선봉군 삼지연 대홍단 백암 갑산 운흥 풍계리 요덕 북창 개천시 전거리
    수성교화소 정치범수용소 관리소 교화소 보위부_감옥 연길 투먼 룡정 훈춘 집안시 단동 연변
    """
)
AMBIGUOUS = _any_of(  # words of another meaning, too, or of places elsewhere
    """
    무산 원산 개성 해주 안주 순천 개천 덕천 정주 구성 문천 남양 새별 경원 은덕 도문 보천 화룡 장백 용정 심양 북
    이북 북한 북조선 북녘 북쪽
    """
)
LIVES = r"(?:에|쪽에|에서|에는|에도)[ ]?(?:아직|지금|여전히|홀로|혼자|있|사|살|계|남|두고|둔|갇|잡|숨)"
PLACE = re.compile(
    rf"""
    (?<![a-z]) (?:in|at|near|around|outside|inside|to|into|of) [ ]
    (?: [a-z'’-]{{1,15}} [ ] ){{0,3}}? (?:{ENGLISH}) (?![a-z])
  | hiding[ ](?:somewhere[ ])?in[ ]china
  | (?:{KOREAN}) (?:시|군|도|구역|읍)? [ ]? (?:시내|시장|수용소|교화소|감옥|근처|부근|쪽)? [ ]?
    (?:에(?![ ]?(?:대[해한]|관))|의[ ]|사는|살)
  | (?:{AMBIGUOUS}) (?:시|군|구역|읍)에
  | (?<![^\W\d_]) (?:{AMBIGUOUS}) {LIVES}
  | 중국 [^.\n]{{0,6}} 숨어
    """,
    re.VERBOSE,
)

PAST = re.compile(
    rf"""
    (?<![a-z]) (?: {
        _any_of('''
    born died dead passed_away buried killed escaped fled defected left came comes grew_up (?:is|was|were)_from
    visit(?:ed|s)? travell?ed toured tourists? went
    ''')
    } ) (?![a-z])
  | (?<!\d) 19[0-6]\d (?!\d)
  | {
        _any_of('''
    태어 출신 고향 돌아가 사망 전사 탈출 탈북 내려오 내려왔 넘어오 넘어왔 넘어온 떠나 떠난 관광 다녀오 다녀왔 여행 피난
    ''')
    }
    """,
    re.VERBOSE,
)
STILL = re.compile(
    rf"""
    (?<![a-z]) (?: {
        _any_of('''
    still behind remains? hiding (?:sent|taken)_back repatriated lives?_there no_papers
    ''')
    } ) (?![a-z])
  | {
        _any_of('''
    아직 지금도 여전히 남아 두고_?[왔온] 숨어 갇 잡혀 끌려 북송 살고 계시 계신 계세 계십 있습니다 있어요
    ''')
    }
    """,
    re.VERBOSE,
)
