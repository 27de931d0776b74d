"""What can be refused about figures."""

from app.core.problems import Problem


class TooManyRows(Problem):
    status, code = 422, "too-many-rows"
    zh = "结果超过 {limit} 行。请缩短统计期、加筛选条件或减少分组（by）。"
    en = "The answer would have more than {limit} rows. Shorten the period, add filters, or break down by less."
