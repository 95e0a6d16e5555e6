"""Two bulletins whose pages are not held: one known by a fact record, one by its address alone."""

from __future__ import annotations

from pathlib import Path

RECORDED, CITED = "2022-05-10_city_output", "2022-05-12_address_alone"
RECORD = f"bulletins/{RECORDED}/record.tsv"
FOLDER, PAGE = f"bulletins/{RECORDED}", f"bulletins/{CITED}"
OBSERVATIONS = (
    "observation_id,indicator_id,ref_area,breakdown,time_period_start,time_period_end,as_of_basis,value_text,"
    "obs_value,unit_measure,locator,obs_status\n"
)
TIMED = OBSERVATIONS.replace("as_of_basis", "time_text,as_of_basis")
FILES = {
    RECORD: (
        "# id: A_2022-05-10_city-output\n"
        "# title: 三市经济运行\n"
        "# publisher: 某报\n"
        "# url: \n"
        "# published: 2022-05-10\n"
        "# host_quality: REPOST\n"
        "key\tlabel_zh\tvalue_text\tas_of\tgeo\tkind\tnote\n"
        "city-output\t地区生产总值\t19917.0/2656.6亿元\t2021\t成都、德阳\tactual\t\n"
        "growth\t比上年增长\t8.6% (-0.4个百分点)\t2021\t成都\tactual\t\n"
        "guess\t全年预计\t约5000亿元\t2022\t成都\testimate\t\n"
        "opening\t轨道交通开工\t2022年5月\t2022-05\t成都\tevent\t\n"
    ),
    f"{FOLDER}/observations.csv": TIMED
    + "output.chengdu,GDP,510100,_T,2021-01-01,2021-12-31,,STATED,19917.0亿元,1991700000000,CNY,"
    "record:city-output,A\n"
    "output.deyang,GDP,510600,_T,2021-01-01,2021-12-31,,STATED,2656.6亿元,265660000000,CNY,record:city-output,P\n",
    f"{FOLDER}/claims.csv": (
        "claim_id,indicator_id,ref_area,breakdown,time_period_start,time_period_end,observation_id,claim_type,"
        "value_text,factor,comparison,locator\n"
        "output.growth,GDP,510100,_T,2021-01-01,2021-12-31,output.chengdu,PCT_CHANGE,8.6%,8.6,YOY,record:growth\n"
    ),
    f"{FOLDER}/events.csv": (
        "event_id,event_type,status,title_zh,title_en,date_start,date_end,date_precision,date_text,"
        "date_basis,areas,domain_id,locator\n"
        "opening,CONSTRUCTION,CONSTRUCTION_STARTED,轨道交通开工,A railway is begun,2022-05-01,2022-05-31,"
        "MONTH,2022年5月,记录所写 · as recorded,510100,TRANSPORT,record:opening\n"
    ),
    f"{FOLDER}/exclusions.csv": (
        "locator,token,reason,comment\n"
        "record:guess,约5000亿元,ESTIMATE_BY_COLLECTOR,\n"
        "record:growth,-0.4个百分点,NOT_A_FIGURE,\n"
    ),
    f"{PAGE}/observations.csv": TIMED
    + "output.meishan,GDP,511400,_T,2021-01-01,2021-12-31,,STATED,1547.9亿元,154790000000,CNY,,A\n",
}
SOURCES = {
    RECORDED: {"title_zh": "三市经济运行", "title_en": "Output of three cities", "host_quality": "REPOST"},
    CITED: {"title_zh": "一市经济运行", "title_en": "Output of a city", "host_quality": "PRESS"},
}


def add_recorded(seeds: Path) -> None:
    """Add both bulletins to a seeds folder."""
    for file, content in FILES.items():
        path = seeds / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    register = seeds / "sources.csv"
    columns = register.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    common = {
        "issuer": "统计局",
        "publisher": "某报",
        "doc_type": "FEATURE",
        "date_basis": "记录所写 · as recorded",
    }
    common |= {"script": "HANS", "citation": "某报，2022年5月 · A paper, May 2022"}
    with register.open("a", encoding="utf-8") as stream:
        for source_id, own in SOURCES.items():
            row = {"source_id": source_id, "date_published": source_id[:10], **common, **own}
            stream.write(",".join(f'"{row.get(column, "")}"' for column in columns) + "\n")
