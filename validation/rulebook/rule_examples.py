"""One example per rule of what breaks it: rows as changes to the form's example row, or what is wrong with a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from validation.findings import catalogue
from validation.forms import FORMS
from validation.hints import Text, title
from validation.rulebook.example_rows import EXAMPLES, Written

Changes = Mapping[str, Written | None]

NETWORKS, APPLICATIONS = "networks", "ai_applications"
PREVIOUS, OTHER_UNIT, NETWORK_FORM = "previous", "others", "networks"
_BESIDE = {
    PREVIOUS: Text("上期", "last period"),
    OTHER_UNIT: Text("其他地区", "another unit"),
    NETWORK_FORM: Text("专网表", "network form"),
}


class Rows(NamedTuple):
    """Rows of a form that break a rule together. `beside` are those that they are compared with: of the last
    period, of another unit, or of the unit's network form."""

    collection: str
    rows: tuple[Changes, ...]
    against: str = ""
    beside: tuple[Changes, ...] = ()


def _net(*rows: Changes) -> Rows:
    return Rows(NETWORKS, rows)


def _ai(*rows: Changes) -> Rows:
    return Rows(APPLICATIONS, rows)


def _after(before: Changes, now: Changes) -> Rows:
    return Rows(NETWORKS, (now,), PREVIOUS, (before,))


def _on(network: Changes, **application: Written) -> Rows:
    return Rows(APPLICATIONS, (application,), NETWORK_FORM, (network,))


INDEPENDENT: Changes = {
    "network_type": "独立专网",
    "operators": "企业自建",
    "bands": "5925-6125MHz",
    "upf_placement": "企业自建UPF",
}
_IDLE: Changes = {
    "status": "规划", "in_production_on": None, "productivity_gain_pct": None, "defect_cut_pct": None,
    "downtime_cut_pct": None, "energy_saving_pct": None, "cost_cut_pct": None,
}  # fmt: skip

#: Rules that rows show: each of these rows breaks the one rule in 320000's register of 2026Q3.
ROWS: dict[str, Rows] = {
    "cell.E101": _net({"address": None}),
    "cell.E102": _net({"terminals": "很多"}),
    "cell.E103": _net({"terminals": 420.5}),
    "cell.E104": _net({"started_on": "去年"}),
    "cell.E105": _net({"started_on": "24.11"}),
    "cell.E106": _net({"network_type": "混合型"}),
    "cell.E107": _net({"terminals": 1_000_001}),
    "cell.E108": _net({"network_name": "网"}),
    "cell.E109": _net({"network_code": "JS_0001"}),
    "cell.E110": _net({"remark": "#REF!"}),
    "cell.E112": _net({"enterprise_uscc": "9.13206E+17"}),
    "cell.E113": _net({"slicing": "可能"}),
    "cell.E114": _net({"terminals": "约420"}),
    "cell.E115": _net({"address": "同上"}),
    "cell.E116": _net({"remark": "涉密"}),
    "cell.W117": _ai({"defect_cut_pct": 0.32}),
    "cell.W118": _net({"investment_10k_cny": "1.2亿"}),
    "cell.E119": _net({"remark": "扩容\ufffd计划"}),
    "cell.E121": _net({"region_code": "鼓楼区"}),
    "cell.W122": _net({"region_code": "吴江市"}),
    "uscc.E201": _net({"enterprise_uscc": "91320583DEM00CT7O5"}),
    "uscc.E202": _net({"enterprise_uscc": "91320583DEM00CT70X"}),
    "uscc.W203": _net({"enterprise_uscc": "91320583DEM00CT718"}),
    "uscc.W204": _net({"enterprise_uscc": "12100000400012342E"}),
    "uscc.E205": _net({"enterprise_uscc": "91350100M000100Y43"}),
    "uscc.E206": _net({"enterprise_uscc": "320500000012345"}),
    "row.E301": _net({"region_code": "上海市浦东新区"}),
    "row.E303": _net({"industry_code": "990"}),
    "row.W304": _net({"industry_code": "39"}),
    "row.W305": _net({"industry_code": "61"}),
    "row.W306": _net({"investment_10k_cny": 1_200_000}),
    "row.E307": _net({"ownership": "其他", "remark": None}),
    "net.E310": _net({**INDEPENDENT, "spectrum_licence_no": None}),
    "net.E311": _net({"bands": "3.5GHz、5925-6125MHz"}),
    "net.W312": _net({"operators": "中国移动", "bands": "3.5GHz"}),
    "net.E313": _net({"network_type": "虚拟专网", "upf_placement": "企业自建UPF"}),
    "net.E314": _net({**INDEPENDENT, "upf_placement": "共享大网UPF"}),
    "net.W315": _net({"upf_placement": "共享大网UPF"}),
    "net.E316": _net({"operators": "企业自建、中国电信"}),
    "net.W317": _net({**INDEPENDENT, "operators": "中国移动"}),
    "net.E318": _net({"base_stations_dedicated": 41}),
    "net.E319": _net({"terminals_redcap": 421}),
    "net.W320": _net({"terminals": 0, "terminals_redcap": 0}),
    "net.W321": _net({"base_stations_macro": 0, "base_stations_indoor": 0, "base_stations_dedicated": 0}),
    "net.E322": _net({"commissioned_on": None}),
    "net.E323": _net({"started_on": None, "commissioned_on": date(2019, 6, 5)}),
    "net.E324": _net({"commissioned_on": date(2026, 10, 1)}),
    "net.E325": _net({"status": "在建"}),
    "net.E326": _net({"status": "拆除"}),
    "net.E327": _net({"status": "拆除", "decommissioned_on": date(2025, 6, 29)}),
    "net.E328": _net({"started_on": date(2025, 7, 1)}),
    "net.W329": _net({"investment_10k_cny": 0}),
    "net.W330": _net({"latency_ms": 0.9}),
    "net.E331": _net({"independent_pilot": "是"}),
    "net.E340": _net({}, {"site_name": "另一厂区", "network_name": "另一专网"}),
    "net.W341": _net({}, {"network_code": "JS-5G-00002"}),
    "net.W342": _net({}, {"network_code": "JS-5G-00002", "site_name": "另一厂区", "enterprise_name": "苏州云岭公司"}),
    "ai.E350": _ai({"in_production_on": None}),
    "ai.E351": _ai({"in_production_on": date(2026, 10, 1)}),
    "ai.E352": _ai({"status": "停用"}),
    "ai.E353": _ai({"data_level": "核心"}),
    "ai.W354": _ai({"scenario": "AI-RD-01", "stage": "生产制造"}),
    "ai.W355": _ai({"investment_10k_cny": 20}),
    "ai.E356": _ai({"base_model": None}),
    "ai.W357": _ai({"devices_connected": 0}),
    "ai.W358": _ai({**_IDLE, "cost_cut_pct": 9}),
    "ai.E360": _ai({}, {"application_name": "另一应用"}),
    "ai.W361": _ai({}, {"application_code": "JS-AI-00002"}),
    "ai.E370": _on({}, network_code="JS-5G-00009"),
    "ai.W371": _on({"enterprise_name": "别的公司", "enterprise_uscc": "91330100799655058B"}),
    "ai.W372": _on({"status": "已建成"}),
    "hist.W401": _after({}, {"network_code": "JS-5G-00002"}),
    "hist.E402": _after({"commissioned_on": None, "status": "已建成"}, {"status": "规划", "commissioned_on": None}),
    "hist.W403": _after({}, {"commissioned_on": date(2025, 7, 1)}),
    "hist.W404": _after({}, {"investment_10k_cny": 500}),
    "hist.W406": _after({}, {"region_code": "320505"}),
    "hist.W407": _after({}, {"terminals": 4201}),
    "nat.W501": Rows(NETWORKS, ({},), OTHER_UNIT, ({},)),
    "nat.W502": Rows(APPLICATIONS, ({},), OTHER_UNIT, ({},)),
}  # fmt: skip

#: Rules about files and whole registers. What is quoted in the Chinese text is what a test writes into a file.
FILES: dict[str, Text] = {
    "file.E001": Text("传输中断、只剩一半的.xlsx文件", "an .xlsx of which half was lost on the way"),
    "file.E002": Text("改名为.xlsx的PDF文档", "a PDF renamed to .xlsx"),
    "file.E003": Text("设置了打开密码的工作簿", "a workbook with a password to open"),
    "file.E004": Text("有257列的表", "a table of 257 columns"),
    "file.E005": Text("表头在第31行", "the column titles stand in row 31"),
    "file.E006": Text("没有“详细地址”列", "the column 详细地址 (address) is not there"),
    "file.E007": Text("“企业名称”列出现两次", "the column 企业名称 (enterprise name) stands there twice"),
    "file.W008": Text("多出“区县联系人”列", "a further column 区县联系人 (local contact)"),
    "file.E009": Text("只有表头的空白模板", "the blank template, with its titles alone"),
    "file.E010": Text("把人工智能应用表作为专网表上传", "the form of AI applications sent as that of networks"),
    "file.E011": Text("所选报告期为2026Q3，表题为“2026年第二季度登记表”", "2026Q3 is chosen; the title says 2026年第二季度"),
    "file.E012": Text("江苏上传的表中写“填报单位：浙江省”", "Jiangsu sends a form that says 填报单位：浙江省"),
    "file.W013": Text("使用标记为“networks-2025Q4-1”的模板", "a template with the mark networks-2025Q4-1"),
    "file.W014": Text("隐藏的工作表“旧稿”里还有专网数据", "a hidden sheet 旧稿 that holds networks"),
    "file.W015": Text("筛选后第2行被隐藏", "row 2 is hidden by a filter"),
    "file.I016": Text("数据之间有一行空行", "a blank row between rows of data"),
    "file.W017": Text("合计行的终端数为“999”，明细之和为420", "the total row says 999 terminals; the rows add up to 420"),
    "file.E018": Text("列名“总投资（元）”，单位行“单位：亿元”", "the title says 元, the unit line 单位：亿元"),
    "file.W019": Text("带宏的.xlsm工作簿", "an .xlsm workbook with macros"),
    "file.W020": Text("首格写“示例”的一行没有删除", "a row was left whose first cell says 示例"),
    "file.W022": Text("第二张工作表只有数据行，没有表头", "a second sheet of rows alone, without column titles"),
    "file.I021": Text("列名写作“组网模式”而不是专网类型", "the column is titled 组网模式 and not 专网类型"),
    "file.E023": Text("第3行的备注以引号开头，没有结尾", "the remark of row 3 begins with a quote that nothing closes"),
    "cell.E111": Text("终端数为公式=400+20，但文件里没有计算结果", "terminals are the formula =400+20, and the file holds no result"),
    "cell.W120": Text("第2、3行的企业名称合并为一个单元格", "the enterprise name of rows 2 and 3 is one merged cell"),
    "row.E302": Text("浙江省的表里填“宁波市鄞州区”", "Zhejiang's form names 宁波市鄞州区, whose city reports itself"),
    "hist.W405": Text("上期60条记录，本期39条", "60 records in the last period, 39 now"),
    "nat.W503": Text("其他八个地区增长1%–8%，本地区由1条增至3条", "eight other units grew by 1 to 8 %, this one from 1 record to 3"),
}  # fmt: skip


def example_of(code: str) -> Text:
    """The example of a rule in both languages; every code of the catalogue has one."""
    if code in FILES:
        return FILES[code]
    example = ROWS[code]
    rows = [_example_text(code, example, changes) for changes in example.rows]
    beside = [_example_text(code, example, changes, beside=True) for changes in example.beside]
    return Text(_joined(rows, beside, example.against, "zh"), _joined(rows, beside, example.against, "en"))


def _joined(rows: list[Text], beside: list[Text], against: str, language: str) -> str:
    own = " / ".join(getattr(row, language) for row in rows)
    if not beside:
        return own
    name = getattr(_BESIDE[against], language)
    other = " / ".join(getattr(row, language) for row in beside)
    return f"{own}（{name}：{other}）" if language == "zh" else f"{own} ({name}: {other})"


def _example_text(code: str, example: Rows, changes: Changes, *, beside: bool = False) -> Text:
    collection = NETWORKS if beside and example.against == NETWORK_FORM else example.collection
    form = FORMS[collection]
    row = {**EXAMPLES[collection], **changes}
    named = {
        *catalogue()[code].columns,
        *(key for change in (*example.rows, *example.beside) for key in change),
    }
    columns = [column for column in form.columns if column.key in named] or [form.key]
    cells = [(title(column), column.label_en, _cell(row[column.key])) for column in columns]
    return Text(
        "；".join(f"{zh}：{value.zh}" for zh, _, value in cells),
        "; ".join(f"{en}: {value.en}" for _, en, value in cells),
    )


def _cell(value: Written | None) -> Text:
    return Text("（空）", "(blank)") if value in (None, "") else Text(str(value), str(value))


__all__ = ["FILES", "ROWS", "Rows", "example_of"]
