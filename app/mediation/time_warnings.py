"""What those who mediate are told in time: that a labour dispute may go to arbitration, that a claim lapses."""

from collections.abc import Iterable
from datetime import date

from app.calendar.codes import DeadlineCode
from app.intake.deadlines import running
from app.intake.models import CaseDeadline

WARNED_DAYS = 30
"""So long before a claim lapses; a proposal of ours."""


def warning_of_time(deadlines: Iterable[CaseDeadline], today: date) -> tuple[str, str] | None:
    found = [words for row in running(deadlines) if (words := _warning(row, today))]
    return ("；".join(zh for zh, _ in found), "; ".join(en for _, en in found)) if found else None


def _warning(row: CaseDeadline, today: date) -> tuple[str, str] | None:
    if row.code is DeadlineCode.MEDIATE_LABOR and row.paused_on is None and row.due_on < today:
        return (
            f"劳动争议调解期限已于{row.due_on}届满，未达成协议，当事人可以申请仲裁（《劳动争议调解仲裁法》第十四条）",
            f"the time to mediate a labour dispute ended on {row.due_on} without agreement: the parties may turn to"
            " arbitration (Labour Dispute Mediation and Arbitration Law, art. 14)",
        )
    if row.code.is_limitation and (row.due_on - today).days <= WARNED_DAYS:
        return (
            f"{row.code.zh}至{row.due_on}届满（{row.basis}），请告知当事人及时申请仲裁",
            f"{row.code.en.lower()}: it ends on {row.due_on}; tell the parties to apply to arbitration in time",
        )
    return None
