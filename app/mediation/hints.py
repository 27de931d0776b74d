"""What the list of actions says of a step that is allowed: what is still owed, and what will be asked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.core.locale import Language
from app.core.problems import Problem
from app.core.unit_of_work import Reading
from app.intake.models import Case, Party
from app.intake.step_codes import TRANSFER_OUT_FROM, Step
from app.mediation.answers.actions import ActionOut
from app.mediation.duties import parties_served, unprotected, why_unreported
from app.mediation.models import RoundMediator
from app.mediation.problems import ReportMissing, ViolenceRisk

Hint = tuple[str, str | None]
"""Words in the reader's language, and where they point."""
NOT_SERVED = (
    "尚有当事人未告知权利义务（人民调解法第二十三条、第二十四条）",
    "a party has not been told of its rights and duties (People's Mediation Law, arts. 23 and 24)",
)
UNPROTECTED = (
    "涉及家庭暴力，且有当事人无完全民事行为能力：发现其遭受或者疑似遭受家庭暴力的，应当及时向公安机关报案"
    "（反家庭暴力法第十四条）",
    "domestic violence, and a party lacks full capacity: where it suffers violence or is suspected to, the police must"
    " be told promptly (Anti-Domestic Violence Law, art. 14)",
)
NOBODY = ("本轮现无调解员（人民调解法第十九条）", "the round has no mediator now (People's Mediation Law, art. 19)")


async def case_hints(
    reading: Reading, case: Case, parties: Sequence[Party], unreported: Problem | None
) -> dict[Step, Hint]:
    hints: dict[Step, Hint] = {}
    served = await parties_served(reading, case.id)
    if missing := [i for i, party in enumerate(parties) if not party.unknown and party.id not in served]:
        hints[Step.RIGHTS_NOTICE] = _said(reading, NOT_SERVED), f"/parties/{missing[0]}"
    if unreported:
        hints[Step.ESCALATION_REPORT] = unreported.says(reading.asked.language), None
        if case.status in TRANSFER_OUT_FROM:
            hints[Step.TRANSFER] = unreported.says(reading.asked.language), "/to/external"
    elif exposed := await unprotected(reading, case, parties):
        hints[Step.ESCALATION_REPORT] = _said(reading, UNPROTECTED), f"/parties/{exposed[0]}"
    return hints


async def round_hints(reading: Reading, case: Case, mediation_id: UUID) -> dict[Step, Hint]:
    hints: dict[Step, Hint] = {}
    if case.domestic_violence:
        hints[Step.SESSION] = ViolenceRisk().says(reading.asked.language), "/form"
    if isinstance(await why_unreported(reading, case), ReportMissing):
        hints[Step.CONCLUSION] = ReportMissing().says(reading.asked.language), None
    present = select(RoundMediator.id).where(RoundMediator.mediation_id == mediation_id)
    if await reading.session.scalar(present.where(RoundMediator.until_on.is_(None)).limit(1)) is None:
        hints[Step.REPLACEMENT] = _said(reading, NOBODY), "/joins"
    return hints


def hinted(action: ActionOut, hints: dict[Step, Hint]) -> ActionOut:
    if not action["allowed"] or "reason" in action or action["step"] not in hints:
        return action
    words, pointer = hints[action["step"]]
    told: ActionOut = {**action, "reason": words}
    return told if pointer is None else {**told, "pointer": pointer}


def _said(reading: Reading, words: tuple[str, str]) -> str:
    return words[0] if reading.asked.language is Language.ZH else words[1]
