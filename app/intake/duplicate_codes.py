"""Why a case may be another one registered again."""

from app.core.codes import Code


class DuplicateReason(Code, table="duplicate_reason"):
    """The weightier first."""

    SAME_IDENTITY = "same_identity", "当事人证件号码相同", "A party has the same identity number"
    SAME_NAMES_AND_PLACE = (
        "same_names_and_place",
        "同一地区90日内双方姓名相同",
        "The same two names at the same place within 90 days",
    )
    NEAR_IDENTICAL_TEXT = (
        "near_identical_text",
        "同一地区90日内案情几乎相同",
        "Nearly the same summary at the same place within 90 days",
    )
    SAME_PHONE = "same_phone", "当事人电话相同", "A party has the same phone"
