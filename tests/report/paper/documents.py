"""A small document with a block of every kind, and hostile names in it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from lifezone.report.document import (
    Bullets,
    Chart,
    Column,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    LiveMap,
    Notice,
    Paragraph,
    Picture,
    Section,
    Shown,
    Table,
    Terms,
)

HOSTILE = ('<img src=x onerror="alert(1)">', "#panic(1) $x$ \\", "=1+1", "@SUM(A1)", "a\u202eb", "</script>", "[x](y)")

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60" viewBox="0 0 120 60">'
    '<rect width="120" height="60" fill="#eee"/>'
    '<text x="5" y="30" font-family="Malgun Gothic, NanumGothic, sans-serif">누적</text></svg>'
)

COLUMNS = (
    Column("district", "읍면동"),
    Column("people", "인구", "people", "명"),
    Column("share", "도달률", "percent", "%"),
    Column("change", "변화", "points", "%p"),
    Column("minutes", "평균", "minutes", "분"),
    Column("cost", "사업비", "money", "백만 원", note="여는 데 드는 값만"),
)


def table(rows: int = 3, *, most: int | None = None, id_: str = "access_districts") -> Table:
    """Return a table whose first rows carry hostile names."""
    names = [*HOSTILE, *(f"호반면 {at}" for at in range(rows))][:rows]
    cells = tuple((name, 1234 + at, 0.616, -0.034, 12.34, None) for at, name in enumerate(names))
    return Table(id_, "읍면동별 도달률", COLUMNS, cells, note="전체 인구 기준", most=most)


def document(folder: Path, *, language: str = "ko", modelled: str = "", more: tuple[Table, ...] = ()) -> Document:
    """Return a document whose picture lies in a folder."""
    place = folder / "baseline" / "maps"
    place.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", (700, 400), "#ffffff")
    ImageDraw.Draw(picture).rectangle((100, 100, 400, 300), fill="#1a6a9c")
    picture.save(place / "deserts.png")
    desert_map = Picture("deserts", "생활사막 지도", "baseline/maps/deserts.png", "지도: 동쪽에 생활사막이 모여 있다")
    small = Table("small", "작은 수", COLUMNS[:2], (("노을면", Shown("10명 미만", 5.0)),))
    return Document(
        language="en" if language == "en" else "ko",
        title=f"가상의 한빛군 {HOSTILE[0]}",
        subtitle="국가적 최저기준 2026",
        modelled=modelled,
        sources=("인구 2026-01", HOSTILE[1]),
        sections=(
            Section("page_one", "한 쪽 요약", (
                KeyFigures((KeyFigure("생활사막 인구", "10,750명", "35.8%", "전체 30,000명", "bad"),) * 5),
                Paragraph("주민 30,000명 가운데 10,750명이 생활사막에 산다.", "lead"),
                LiveMap("map", "지도", "지도", {}, desert_map),
                Notice("border", "경계 밖 시설까지 불러왔다."),
            )),
            Section("access", "서비스별 접근성", (
                Heading("읍면동"), table(), small, *more, Bullets(("가", "나")), Bullets(("다",), ordered=True),
                Terms((("생활사막", "기능을 둘 이상 잃은 곳"),)), Paragraph("작은 글씨", "note"),
                Chart("cumulative", "누적 인구", SVG, "15분 안에 61.6%", table(2, id_="cumulative_data"), "읽는 법"),
                LiveMap("empty", "그림 없는 지도", "지도", {}),
            )),
        ),
    )  # fmt: skip
