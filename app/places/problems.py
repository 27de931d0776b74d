"""What can be refused about places."""

from app.core.problems import Problem


class PlaceCodeTaken(Problem):
    status, code = 409, "place-code-taken"
    zh = "该区划代码已有登记，内容不同。请核对代码，或修改已有的地区。"
    en = "This division code already stands for a place with other content. Check it, or change that place."


class PlaceEndsBeforeItBegins(Problem):
    status, code = 409, "place-ends-before-it-begins"
    zh = "停用日期早于启用日期。请核对 valid_from 和 valid_to。"
    en = "The last day of validity lies before the first. Check valid_from and valid_to."
