"""What the people of the sample papers are called and say, in three languages; the source is what is played."""

_SAID: tuple[tuple[str, str, str], ...] = (
    ("晴光家電", "晴光家电", "Sunlight Appliances"),
    ("張先生", "张先生", "Mr Zhang"),
    ("許小姐", "许小姐", "Ms Xu"),
    ("周會計", "周会计", "Ms Zhou"),
    ("李主任", "李主任", "Mr Li"),
    ("陳小姐", "陈小姐", "Ms Chen"),
    ("王師傅", "王师傅", "Mr Wang"),
    ("趙師傅", "赵师傅", "Mr Zhao"),
    ("真空泵 2 號", "真空泵 2 号", "Vacuum pump 2"),
    ("萬用電表", "万用表", "Multimeter"),
    ("林倉管", "林仓管", "Mr Lin"),
    ("台北市大安區和平東路一段 1 號 5 樓", "台北市大安区和平东路一段 1 号 5 楼", "5F, 1 Heping East Road Sec. 1, Taipei"),
    ("台北市中山區南京東路二段 8 號", "台北市中山区南京东路二段 8 号", "8 Nanjing East Road Sec. 2, Taipei"),
    ("大金 FTXV50", "大金 FTXV50", "Daikin FTXV50"),
    ("日立 RAS-28", "日立 RAS-28", "Hitachi RAS-28"),
    ("新力 KD-55", "索尼 KD-55", "Sony KD-55"),
    (
        "客廳冷氣一直漏水，地板濕了一片，昨晚開始的",
        "客厅空调一直漏水，地板湿了一片，昨晚开始的",
        "The air conditioner drips since last night; the floor is wet",
    ),
    (
        "昨晚開冷氣一小時後開始滴水，今早更多",
        "昨晚开空调一小时后开始滴水，今早更多",
        "Began to drip an hour after it was switched on, worse this morning",
    ),
    ("每天晚上開六小時", "每天晚上开六小时", "Six hours each evening"),
    ("聲音變大", "声音变大", "It became louder"),
    ("關機後還滴", "关机后还滴", "Still drips when off"),
    ("排水泵浦", "排水泵", "Drain pump"),
    (
        "通水測試、量電壓 24V 正常、手轉軸心卡住",
        "通水测试、量电压 24V 正常、手转轴心卡住",
        "Water test; 24 V is there; the shaft is stuck",
    ),
    (
        "泵浦軸心鏽蝕，排水打不上去，水從接水盤溢出",
        "泵轴心锈蚀，水排不上去，从接水盘溢出",
        "The pump's shaft is rusted, so the drip tray runs over",
    ),
    ("拆裝與試水", "拆装与试水", "Fitting and water test"),
    ("已過保固兩年，泵浦自然磨損", "已过保修两年，泵自然磨损", "Two years out of guarantee; the pump is worn"),
    ("更換排水泵浦", "更换排水泵", "Replace the drain pump"),
    (
        "更換排水泵浦，清洗接水盤與排水管，通水 20 分鐘不再滴水",
        "更换排水泵，清洗接水盘与排水管，通水 20 分钟不再滴水",
        "Drain pump replaced, drip tray and hose cleaned; no drip in 20 minutes",
    ),
    ("每季清洗一次接水盤", "每季清洗一次接水盘", "Clean the drip tray each quarter"),
    ("處理得很快，說明清楚", "处理得很快，说明清楚", "Quick, and well explained"),
    ("冷氣不冷", "空调不制冷", "It does not cool"),
    ("昨天開始不冷", "昨天开始不制冷", "Since yesterday"),
    ("濾網", "滤网", "Filter"),
    ("濾網堵塞", "滤网堵塞", "The filter is clogged"),
    ("清洗濾網並測出風口溫度", "清洗滤网并测出风口温度", "Filter cleaned, temperature at the outlet measured"),
    ("大同泵業 8841", "大同泵业 8841", "Tatung Pumps 8841"),
    ("軸心鏽蝕", "轴心锈蚀", "Shaft rusted"),
    ("排水管", "排水管", "Drain hose"),
    ("個", "个", "pcs"),
    ("條", "条", "pcs"),
    ("電視螢幕一半不亮，有聲音", "电视屏幕一半不亮，有声音", "Half of the screen is dark; the sound is there"),
    (
        "螢幕一半不亮，主機板要帶回檢測",
        "屏幕一半不亮，主板要带回检测",
        "Half of the screen is dark; the board has to be tested in the workshop",
    ),
    ("遙控器、電源線", "遥控器、电源线", "Remote control, power cord"),
    ("換主機板電容，開機兩小時正常", "换主板电容，开机两小时正常", "Capacitor of the board replaced, ran for two hours"),
    ("電容 470μF", "电容 470μF", "Capacitor 470 μF"),
)


def words_in(language: str) -> dict[str, str]:
    """What is said in the source language -> the same in another one."""
    column = {"zh-Hant": 0, "zh-Hans": 1, "en": 2}[language]
    return {row[0]: row[column] for row in _SAID}
