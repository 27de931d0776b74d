"""What can be refused about figures."""

from app.core.problems import Problem


class TooManyRows(Problem):
    status, code = 422, "too-many-rows"
    zh = "结果超过 {limit} 行。请缩短统计期、加筛选条件或减少分组（by）。"
    en = "The answer would have more than {limit} rows. Shorten the period, add filters, or break down by less."


class ClaimNotRead(Problem):
    status, code = 422, "claim-not-read"
    zh = (
        "没有读出可以核对的件数或比率：文中有 {numbers_found} 处件数或百分比，看不出是哪项指标。"
        "请写明，如“受理41起”“调处成功率99%”。"
    )
    en = (
        "No count or rate to check was read: of {numbers_found} numbers of cases or percentages in the text, none says "
        'which figure it is. Write it as in "受理41起" or "调处成功率99%".'
    )
