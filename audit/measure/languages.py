"""Names of languages: ISO 639-1 for what a language field may say."""

from __future__ import annotations

from functools import cache

TABLE = """
aa aar afar; ab abk abkhazian; ae ave avestan; af afr afrikaans; ak aka akan; am amh amharic; an arg aragonese; ar ara arabic
as asm assamese; av ava avaric; ay aym aymara; az aze azerbaijani; ba bak bashkir; be bel belarusian; bg bul bulgarian; bi bis bislama
bm bam bambara; bn ben bengali; bo bod tib tibetan; br bre breton; bs bos bosnian; ca cat catalan; ce che chechen; ch cha chamorro
co cos corsican; cr cre cree; cs ces cze czech; cu chu slavonic; cv chv chuvash; cy cym wel welsh; da dan danish dansk
de deu ger german deutsch; dv div maldivian; dz dzo dzongkha; ee ewe; el ell gre greek; en eng english; eo epo esperanto
es spa spanish español castilian; et est estonian; eu eus baq basque; fa fas per persian farsi; ff ful fulah; fi fin finnish suomi
fj fij fijian; fo fao faroese; fr fra fre french français; fy fry frisian; ga gle irish; gd gla gaelic; gl glg galician; gn grn guarani
gu guj gujarati; gv glv manx; ha hau hausa; he heb hebrew iw; hi hin hindi; ho hmo; hr hrv croatian; ht hat haitian; hu hun hungarian magyar
hy hye arm armenian; hz her herero; ia ina interlingua; id ind indonesian in; ie ile interlingue; ig ibo igbo; ii iii; ik ipk inupiaq
io ido; is isl ice icelandic; it ita italian italiano; iu iku inuktitut; ja jpn japanese jp 日本語; jv jav javanese; ka kat geo georgian
kg kon kongo; ki kik kikuyu; kj kua kuanyama; kk kaz kazakh; kl kal kalaallisut greenlandic; km khm khmer; kn kan kannada
ko kor korean 한국어; kr kau kanuri; ks kas kashmiri; ku kur kurdish; kv kom komi; kw cor cornish; ky kir kyrgyz kirghiz; la lat latin
lb ltz luxembourgish; lg lug ganda; li lim limburgish; ln lin lingala; lo lao; lt lit lithuanian; lu lub; lv lav latvian; mg mlg malagasy
mh mah marshallese; mi mri mao maori; mk mkd mac macedonian; ml mal malayalam; mn mon mongolian; mr mar marathi; ms msa may malay
mt mlt maltese; my mya bur burmese; na nau nauru; nb nob bokmål; nd nde; ne nep nepali; ng ndo ndonga; nl nld dut dutch nederlands flemish
nn nno nynorsk; no nor norwegian norsk; nr nbl; nv nav navajo; ny nya chichewa; oc oci occitan; oj oji ojibwa; om orm oromo
or ori oriya odia; os oss ossetian; pa pan punjabi; pi pli pali; pl pol polish polski; ps pus pashto; pt por portuguese português
qu que quechua; rm roh romansh; rn run rundi; ro ron rum romanian mo; ru rus russian русский; rw kin kinyarwanda; sa san sanskrit
sc srd sardinian; sd snd sindhi; se sme; sg sag sango; si sin sinhala; sk slk slo slovak; sl slv slovenian; sm smo samoan; sn sna shona
so som somali; sq sqi alb albanian; sr srp serbian; ss ssw swati; st sot sotho; su sun sundanese; sv swe swedish svenska; sw swa swahili
ta tam tamil; te tel telugu; tg tgk tajik; th tha thai; ti tir tigrinya; tk tuk turkmen; tl tgl tagalog fil filipino; tn tsn tswana
to ton tonga; tr tur turkish türkçe; ts tso tsonga; tt tat tatar; tw twi; ty tah tahitian; ug uig uyghur; uk ukr ukrainian українська
ur urd urdu; uz uzb uzbek; ve ven venda; vi vie vietnamese; vo vol volapük; wa wln walloon; wo wol wolof; xh xho xhosa; yi yid yiddish ji
yo yor yoruba; za zha zhuang; zh zho chi chinese cmn mandarin 中文; zu zul zulu
"""
"""ISO 639-1, the codes of ISO 639-2 (terminological, then bibliographic), names and former codes."""

WITHIN = {"arz": "ar", "azb": "az", "ckb": "ku", "pnb": "pa", "wuu": "zh", "yue": "zh", "als": "de", "vls": "nl", "min": "ms"}
"""Labels of the identifier that ISO 639-1 knows only as a part of a language, or under its neighbour's name."""


@cache
def _names() -> dict[str, str]:
    rows = (row.split() for row in TABLE.replace("\n", ";").split(";"))
    return {name: row[0] for row in rows if row for name in row}


def code(name: str) -> str | None:
    """ISO 639-1 of what a language field says: a code, a code with a region, or a name; None for what is not known.

    >>> [code(name) for name in ("en-US", "ENG", "English", "zh_Hans_CN", "und", "")]
    ['en', 'en', 'en', 'zh', None, None]
    """
    first = name.strip().casefold().replace("_", "-").split("-")[0].strip()
    return _names().get(first)


def of_label(label: str) -> str | None:
    """ISO 639-1 of a label of the identifier (`ceb` has none)."""
    return label if len(label) == 2 and label in _names() else WITHIN.get(label)
