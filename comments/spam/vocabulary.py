"""Words that mean the same to a judge of spam, in the languages that commenters write; our own selection.

A concept stands for all its words, so that what was learnt about "my channel" also holds for "our blog". A final `*`
stands for any ending, which Korean particles and Russian cases need. Found word by word, never inside a word.
"""

CONCEPTS: dict[str, str] = {
    "look": """
        check chek watch visit see look view browse discover explore come go listen hear read open enter stream
        보러* 구경* 방문* 클릭* 들러* 오세요 놀러* смотри* посмотри* заходи* зайди* переходи* перейди* жми*
        открой* schau* besuch* klick* visita* mira* haz clique clicca visitez regardez cliquez
    """,
    "follow": """
        subscribe subscribed sub subs subscribers follow followers following add like likes join share support
        vote upvote thumbs promote spread donate sign signup register 구독* 좋아요* 팔로우* 맞팔* 가입* 후원*
        추천인* подпис* подпиш* вступай* присоединя* регистр* abonniere* folge* suscrib* siga inscreva* abonnez
    """,
    "own": """
        my mine our ours me us myself 내 제 저희 우리 мой моя моё мои мне наш* нас mein* unser* mi mis nuestr*
        meu minha mon ma mes notre
    """,
    "account": """
        channel channels chanel channal twitch soundcloud instagram insta ig twitter facebook fb snapchat tiktok
        youtube spotify patreon onlyfans kickstarter gofundme 채널* 유튜브* 인스타* 블로그* 카페* 사이트*
        홈페이지* канал* группу группа kanal canal
    """,
    "media": """
        video videos vid vids playlist song songs track tracks cover covers remix beat beats mixtape album music
        rap gaming gameplay vlog stream page profile 영상* 노래* видео страниц* профил* чат página
    """,
    "site": """
        website websites site sites webpage homepage weblog blog blogs portal url link links сайт* ссылк* блог*
        webseite seite sitio enlace lien
    """,
    "please": """
        please plz pls plzz plzzz plss pliz kindly 부탁* 제발 пожалуйста bitte favor svp
    """,
    "money": """
        money cash dollar dollars usd euro euros pounds rich wealth income earn earned earning earnings profit
        profits profitable pay paid payout salary revenue bonus deposit withdraw withdrawal loan loans credit
        debt mortgage finance funds invest investing investment investor investors broker trading trader trade
        forex stock stocks 돈* 수익* 부업* 재테크* 대출* 투자* 현금* 고수익* 급전* 월수입* заработ* зарабат*
        доход* прибыл* деньг* денег* руб* рублей оплат* выплат* вложен* инвест* кредит* займ* зарплат* бабк*
        geld verdienen dinero ganar argent gagner dinheiro soldi
    """,
    "crypto": """
        crypto cryptocurrency cryptocurrencies bitcoin btc ethereum eth usdt bnb nft nfts altcoin altcoins token
        tokens airdrop binance bybit blockchain wallet metamask defi mining miner shill gems presale 코인*
        비트코인* 가상화폐* крипт* биткоин* арбитраж* связк* бирж* обменник* майнинг*
    """,
    "gamble": """
        casino casinos kasino kazino gambling gamble slot slots togel judi poker baccarat roulette blackjack
        betting bet bets bookmaker sportsbook jackpot lottery lotto bandar taruhan situs agen 카지노* 바카라*
        토토* 슬롯* 먹튀* 사설* 놀이터* 파워볼* 배팅* 베팅* 홀덤* 포커* 룰렛* 경마* 배트맨* казино ставк*
        букмекер* вулкан слот* 百家乐 赌场 博彩 娱乐城 バカラ カジノ คาสิโน บาคาร่า สล็อต แทงบอล บอล หวย เลข
        bahis apuestas bacará cá cược
    """,
    "adult": """
        sex sexy sexual porn porno xxx nude nudes naked escort escorts escorte milf webcam camgirl camgirls
        hookup hookups dating erotic fetish hentai onlyfans massage spa adult viagra cialis levitra penis
        erection 야동* 성인* 조건만남* 출장* 안마* 마사지* 오피* 건마* 휴게텔* 유흥* 룸싸롱* 섹스* интим* секс*
        порно* эскорт* голы* обнажен* девочк* проститут* досуг знакомств* putas sexo citas rencontre
    """,
    "pharma": """
        pills pill tablets tablet drug drugs pharmacy pharmacies prescription generic dosage kamagra tadalafil
        sildenafil vardenafil viagra cialis levitra xanax valium tramadol ambien phentermine adderall oxycodone
        modafinil steroid steroids sarms cbd kratom keto diet detox supplement supplements weight slimming
        garcinia testosterone hgh 비아그라* 시알리스* 다이어트* 정품* 약국* виагра препарат* похуд* таблет*
        apotheke farmacia pharmacie
    """,
    "service": """
        agency consultant consulting contractor contractors repair repairs cleaning plumber plumbing roofing
        movers packers pest rentals hire lawyer lawyers attorney dentist rehab detoxification tuition tutoring
        coaching assignment assignments dissertation thesis homework essay essays visa taxi cab limo hotel
        hotels resort tour tours apartments villa realtor furniture flooring astrologer caster locksmith escape
        landscaping near 업체* 견적* 이사* 청소* 학원* 과외* 인테리어* 렌탈* 렌트* услуг* заказ* ремонт*
        доставк* агентств*
    """,
    "business": """
        service services company companies expert experts professional solutions provider providers installation
        removal rental booking clinic surgery addiction recovery training institute course courses certification
        exam writing immigration travel packages apartment property properties estate moving digital leads
        hosting domain wordpress plugin plugins theme themes visitors 전문* 상담* 문의* 수리*
    """,
    "shop": """
        buy buying purchase order cheap cheapest discount discounts coupon coupons promo sale sales deal deals
        price prices affordable shop store online wholesale supplier outlet replica fake watches handbags
        jordans uggs nike vuitton gucci rolex jersey jerseys shoes sneakers boots wedding dresses jewelry free
        shipping delivery offer offers 구매* 판매* 할인* 쇼핑* 최저가* 무료배송* 쿠폰* 명품* 레플* 짝퉁* купи*
        продам продаж* скидк* цен* дешев* магазин* товар* kaufen billig günstig comprar barato acheter
    """,
    "seo": """
        seo backlink backlinks ranking rankings traffic marketing smm optimization optimisation optimized serp
        adsense affiliate affiliates monetize dropshipping keyword keywords webmaster webmasters followers
        백링크* 상위노출* 마케팅* 홍보* раскрутк* продвижен* трафик*
    """,
    "support": """
        norton mcafee kaspersky webroot bitdefender quickbooks quicken hp canon epson brother printer router
        netgear linksys roku garmin activate activation setup helpline helpdesk apk mod hack hacks cheats
        generator crack cracked keygen serial torrent download downloads unlock codes giftcard giftcards gift
        cards 다운로드* 무료보기* 토렌트* скачать
    """,
    "win": """
        win winner won prize prizes claim claims awarded reward rewards giveaway giveaways voucher vouchers
        congratulations selected lucky guaranteed guarantee limited hurry urgent urgently instant instantly
        당첨* 이벤트* 무료* 지급* 보장* 선착순* розыгрыш* выигр* приз* подар* гарант* бесплатн* акци* срочно
        gratis kostenlos gratuit
    """,
    "job": """
        job jobs hiring vacancy vacancies remote freelance employees employee recruit 알바* 재택* 구인* 모집*
        работ* подработ* ваканси* сотрудник* удаленн* удалённ* требу* набор* команд* обуч* заинтерес* людей
        человек партнер* партнёр*
    """,
    "contact": """
        whatsapp telegram wechat viber kakao kakaotalk line email mail gmail yahoo hotmail inbox dm pm call
        phone text txt contact message reply mobile number chat 카톡* 카카오톡* 텔레* 텔레그램* 문의* 연락* лс
        личк* личные пиши* напиши* писать телег* тг kontakt contacto wa
    """,
    "praise": """
        great awesome amazing excellent wonderful fantastic brilliant superb outstanding impressive incredible
        magnificent marvelous marvellous terrific lovely nice good cool fabulous beautiful best perfect
        fastidious exceptional remarkable useful helpful informative interesting insightful educational valuable
        thorough engaging inspiring fascinating enlightening attractive pleasant 좋은 유익한 훌륭한 멋진 대단한
        감사합니다 отличн* классн* полезн* интересн* супер спасибо toller super genial excelente buen gran bon
        merci gracias ottimo complimenti
    """,
    "article": """
        article articles post posts posting postings blog blogs weblog site website webpage page paragraph
        content information info infos writeup piece writing read reading topic topics subject material stuff
        knowledge tips insight insights details author blogger webmaster 글 포스팅* 블로그* 정보* 게시글*
        사이트* 내용* стать* пост* блог* сайт* информаци* материал* artikel beitrag artículo publicación
    """,
    "bookmark": """
        bookmark bookmarked bookmarking stumbled stumbleupon digg delicious favorite favourite favorites rss
        feed newsletter subscribe revisit return forward upcoming updates update regularly googled searching
        search google bing yahoo found shared sharing share tweet 즐겨찾기* 공유* 자주 закладк*
    """,
    "thanks": """
        thank thanks thankyou thx appreciate appreciated grateful gratitude kudos cheers congrats 감사* 고맙*
        спасибо благодар* danke gracias merci obrigado grazie
    """,
    "blogging": """
        theme template layout design designer platform captcha spam spammers hackers css coding html browser
        explorer firefox safari chrome loading loads niche colleague colleagues youngsters visitors readers
        webhost host ftp comments plagiarism copyright 위젯*
    """,
}
