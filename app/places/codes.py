"""The three levels of a place on which the jurisdiction of an account stands, and how a division code tells them."""

from typing import Self

from app.core.codes import Code


class PlaceLevel(Code, table="place_level"):
    DISTRICT = "district", "区县", "District"
    TOWNSHIP = "township", "乡镇街道", "Township"
    VILLAGE = "village", "村居", "Village"

    @classmethod
    def of(cls, code: str) -> Self:
        """Six digits name the district, nine the township, twelve the village (统计用区划代码)."""
        if code.endswith("000000"):
            return cls.DISTRICT
        return cls.TOWNSHIP if code.endswith("000") else cls.VILLAGE


def parent_of(code: str) -> str | None:
    level = PlaceLevel.of(code)
    if level is PlaceLevel.DISTRICT:
        return None
    return f"{code[:6]}000000" if level is PlaceLevel.TOWNSHIP else f"{code[:9]}000"
