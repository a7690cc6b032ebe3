"""Traditional characters of column titles and the simplified ones that stand for them in the forms' own titles."""

from __future__ import annotations

# Of OpenCC's tables (Apache 2.0) those characters that titles and their synonyms are made of, in the same order.
_TRADITIONAL = (
    "萬與專業兩個箇為爲於產産億會傳體關內冊寫決況減齣劃創別彆製務動勞區韆昇陞單廠縣參蔘發髮變衹隻枱檯臺颱號閤啓啟園圍國場處備"
    "頭實寬對層屬峯幣佈帶應廢開噹當態總戶執護報擬擇據撐數無時朮術機條來構標覈註濟點狀獨環現電蓋礦碼礎種稱稅類係繫纍約級納綫線"
    "組細織終經結給絡統綜編縮網聯節範營虛補錶見規計記許設証證識試詳說説請譜質資車輕載輸過運進連遲選埰寀採銷長門問間階麪麫麵頁"
    "項順須鬚領頻題額"
)
_SIMPLIFIED = (
    "万与专业两个个为为于产产亿会传体关内册写决况减出划创别别制务动劳区千升升单厂县参参发发变只只台台台台号合启启园围国场处备"
    "头实宽对层属峰币布带应废开当当态总户执护报拟择据撑数无时术术机条来构标核注济点状独环现电盖矿码础种称税类系系累约级纳线线"
    "组细织终经结给络统综编缩网联节范营虚补表见规计记许设证证识试详说说请谱质资车轻载输过运进连迟选采采采销长门问间阶面面面页"
    "项顺须须领频题额"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with the traditional characters of titles written as simplified ones."""
    return text.translate(_TABLE)
