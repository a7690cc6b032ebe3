"""One example row per form, as a person writes it: the template's sample row and the rulebook's examples."""

from __future__ import annotations

from datetime import date

Written = str | int | float | date

#: What the sample row's first cell says; layout leaves such a row out.
SAMPLE_MARK = "示例"

#: Collection -> field key -> example. Invented; it keeps every rule when 320000 reports it from 2026 on.
EXAMPLES: dict[str, dict[str, Written]] = {
    "networks": {
        "network_code": "JS-5G-00001",
        "network_name": "云岭昆山智能工厂5G专网",
        "enterprise_name": "苏州云岭电子有限公司（演示）",
        "enterprise_uscc": "91320583DEM00CT705",
        "ownership": "民营企业",
        "site_name": "云岭昆山智能工厂",
        "region_code": "320583",
        "address": "江苏省苏州市昆山市创新大道1号",
        "industry_code": "391",
        "network_type": "混合专网",
        "coverage_level": "工厂级",
        "operators": "中国电信、中国联通",
        "bands": "3.5GHz",
        "spectrum_licence_no": "工频示2025-320000-00001",
        "upf_placement": "园区独享UPF",
        "slicing": "是",
        "base_stations_macro": 4,
        "base_stations_indoor": 36,
        "base_stations_dedicated": 12,
        "terminals": 420,
        "terminals_redcap": 60,
        "latency_ms": 12.5,
        "reliability_pct": 99.99,
        "uplink_mbps": 750,
        "scenarios": "机器视觉质检、厂区智能物流",
        "security_level": "二级",
        "status": "运行",
        "started_on": date(2024, 11, 1),
        "commissioned_on": date(2025, 6, 30),
        "decommissioned_on": "",
        "investment_10k_cny": 860.5,
        "independent_pilot": "否",
        "remark": "二期扩容计划纳入明年项目库。",
    },
    "ai_applications": {
        "application_code": "JS-AI-00001",
        "application_name": "云岭外观缺陷视觉质检系统",
        "enterprise_name": "苏州云岭电子有限公司（演示）",
        "enterprise_uscc": "91320583DEM00CT705",
        "factory_name": "云岭昆山智能工厂",
        "region_code": "320583",
        "address": "江苏省苏州市昆山市创新大道1号",
        "industry_code": "391",
        "stage": "生产制造",
        "scenario": "机器视觉质检",
        "model_kinds": "小模型、行业大模型",
        "base_model": "演示视觉大模型V2",
        "vendor": "自研",
        "vendor_uscc": "91110108DEM0Y6GR02",
        "compute_locations": "边缘、企业私有云",
        "devices_connected": 48,
        "network_code": "JS-5G-00001",
        "data_level": "一般",
        "status": "已投用",
        "in_production_on": date(2025, 9, 30),
        "retired_on": "",
        "investment_10k_cny": 320,
        "productivity_gain_pct": 18.5,
        "defect_cut_pct": 32,
        "downtime_cut_pct": 12,
        "energy_saving_pct": 6.5,
        "cost_cut_pct": 9,
        "annual_benefit_10k_cny": 210,
        "remark": "应用效果按近三个月平均值计算。",
    },
}
