"""The words and shares from which demo registers are made; all names are invented."""

from __future__ import annotations

#: Brand names are a character of each; a third one only beyond the first few thousand enterprises.
FIRST_CHARACTERS = "云锦泰恒瑞启远卓凌腾华盛昌鼎弘睿德信安康嘉禾景润天海东方正新金光明博达宏宇星辰朗越"
SECOND_CHARACTERS = "岭川峰泽源舟帆桥林原石溪湖野城阳丰成业联创合众力驰翔航拓迈晟煌瀚澜岳松柏梧桐"
THIRD_CHARACTERS = (
    "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬东南西北中上下左右前后"
)

#: Enterprises' names end so, that nobody mistakes them for real ones.
SUFFIX = "有限公司（演示）"

#: Division of GB/T 4754 -> the word in an enterprise's name and its share nationally.
INDUSTRIES = {
    "06": ("煤业", 50), "07": ("油气", 10), "08": ("铁矿", 14), "09": ("有色矿业", 14), "10": ("非金属矿业", 6),
    "13": ("粮油食品", 14), "14": ("食品", 18), "15": ("酒业", 16), "16": ("烟草制品", 6), "17": ("纺织", 34),
    "18": ("服饰", 16), "19": ("鞋业", 10), "20": ("木业", 6), "21": ("家居", 14), "22": ("纸业", 18),
    "23": ("印务", 6), "24": ("文体用品", 8), "25": ("石化", 24), "26": ("化工", 62), "27": ("制药", 40),
    "28": ("化纤", 14), "29": ("橡塑", 30), "30": ("建材", 52), "31": ("钢铁", 48), "32": ("有色金属", 32),
    "33": ("金属制品", 44), "34": ("通用机械", 70), "35": ("专用设备", 66), "36": ("汽车部件", 92),
    "37": ("轨道船舶装备", 30), "38": ("电气", 96), "39": ("电子", 128), "40": ("仪器仪表", 16), "41": ("日用制品", 5),
    "42": ("再生资源", 8), "43": ("设备维修", 4), "44": ("电力", 58), "45": ("燃气", 10), "46": ("水务", 10),
}  # fmt: skip

#: Divisions that weigh more in some units than in the country, and by how much.
STRONGHOLDS = {
    "140000": ("06", 9), "150000": ("06", 8), "610000": ("06", 4), "650000": ("07", 8), "230000": ("07", 8),
    "130000": ("31", 6), "210000": ("31", 4), "220000": ("36", 7), "420000": ("36", 3), "500000": ("36", 3),
    "440000": ("39", 3), "440300": ("39", 6), "320000": ("38", 2), "310000": ("36", 2), "350000": ("19", 8),
    "330000": ("17", 4), "340000": ("38", 2), "360000": ("32", 6), "370000": ("26", 3), "410000": ("13", 5),
    "520000": ("15", 9), "530000": ("16", 12), "510000": ("15", 3), "630000": ("32", 5), "640000": ("26", 4),
    "620000": ("32", 6), "450000": ("32", 4), "460000": ("27", 4), "540000": ("44", 6), "660000": ("17", 6),
    "110000": ("27", 3), "120000": ("25", 3), "430000": ("35", 4), "210200": ("37", 6), "330200": ("29", 4),
    "350200": ("39", 3), "370200": ("38", 3),
}  # fmt: skip

SITES = ("智能工厂", "总装厂区", "产业园", "制造基地")
MINES = ("矿区", "智能矿山", "采选厂区", "作业区")
PLANTS = ("厂站", "生产厂区", "运维基地", "调度园区")
ROADS = ("创新大道", "工业路", "科技路", "振兴路", "港城路", "兴业大街", "滨江路", "开发大道")

OWNERSHIPS = (
    ("private", 52), ("local_soe", 14), ("central_soe", 9), ("state_holding", 9), ("foreign", 7), ("joint_venture", 6), ("hmt", 3),
)  # fmt: skip
NETWORK_TYPES = (("virtual", 72), ("hybrid", 24), ("independent", 4))
#: Public operators with bands they hold.
OFFERS = (
    ((("mobile",), ("2.6G",)), 26), ((("mobile",), ("2.6G", "4.9G")), 10), ((("mobile",), ("4.9G",)), 6),
    ((("mobile", "broadnet"), ("700M", "2.6G")), 4), ((("telecom",), ("3.5G",)), 20),
    ((("telecom",), ("2.1G", "3.5G")), 6), ((("unicom",), ("3.5G",)), 14), ((("unicom",), ("2.1G", "3.5G")), 4),
    ((("telecom", "unicom"), ("3.5G",)), 8), ((("broadnet",), ("4.9G",)), 1), ((("unicom",), ("3.3G",)), 1),
)  # fmt: skip
DEDICATED_BANDS = ((("5925-6125M",), 9), (("24.75-25.15G",), 1))
UPF_PLACEMENTS = {
    "virtual": (("public_shared", 40), ("edge_shared", 48), ("campus_dedicated", 12)),
    "hybrid": (("edge_shared", 35), ("campus_dedicated", 60), ("enterprise_owned", 5)),
    "independent": (("enterprise_owned", 70), ("campus_dedicated", 30)),
}
COVERAGE_LEVELS = (("line", 12), ("workshop", 38), ("factory", 36), ("park", 14))
#: Macro and indoor stations at most, latency range in ms, by network type.
DIMENSIONS = {
    "virtual": (6, 30, 8.0, 45.0), "hybrid": (10, 80, 5.0, 25.0), "independent": (12, 120, 3.0, 14.0),
}  # fmt: skip
GRADES = (("grade_1", 34), ("grade_2", 50), ("grade_3", 16))
NETWORK_REMARKS = (
    "二期扩容计划纳入明年项目库。",
    "与园区配电网改造同步实施。",
    "已通过地方主管部门验收。",
    "设备由企业自有产线改造而来。",
)

MODEL_KINDS = (
    (("small",), 48), (("hybrid",), 14), (("industry_llm",), 14), (("small", "industry_llm"), 8), (("general_llm",), 6), (("agent",), 6),
    (("general_llm", "agent"), 4),
)  # fmt: skip
#: Kinds that stand on a base model whose name is asked for.
WITH_BASE_MODEL = frozenset({"industry_llm", "general_llm", "agent"})
BASE_MODELS = (
    "演示工业基座模型-7B",
    "演示工业基座模型-13B",
    "演示视觉大模型V2",
    "演示多模态模型-72B",
    "演示时序大模型V1",
)
VENDORS = (
    "智造软件",
    "工业视觉科技",
    "数字孪生技术",
    "云边协同科技",
    "工业智能研究院服务",
    "自动化系统集成",
    "数据智能科技",
    "机器人应用技术",
)
COMPUTE_LOCATIONS = (
    (("edge",), 40), (("private_cloud",), 20), (("device", "edge"), 16), (("edge", "private_cloud"), 12), (("public_cloud",), 7), (("ai_centre",), 5),
)  # fmt: skip
DATA_LEVELS = (("general", 84), ("important", 16))
#: Stages of the 2025 list of smart-manufacturing scenarios -> the form's stages.
STAGES = {
    "工厂建设": "rd_design", "产品研发": "rd_design", "工艺设计": "rd_design", "生产管理": "production", "生产作业": "production",
    "运营管理": "operations", "产品服务": "marketing_service", "供应链管理": "operations", "研发设计": "rd_design",
    "中试验证": "pilot_test", "生产制造": "production", "营销服务": "marketing_service",
}  # fmt: skip
AI_REMARKS = ("应用效果按近三个月平均值计算。", "模型每季度更新一次。", "与设备管理系统联动。")
