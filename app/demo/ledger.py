"""A row of the clerk's register, in the words of the API: what was sent at each step of the case, and on which day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from app.core.codes import C, Code
from app.intake.codes import (
    Channel,
    Difficulty,
    DisputeCategory,
    Forecast,
    PartyKind,
    RiskLevel,
    Source,
    SpecialGroup,
)
from app.intake.method_codes import AgreementForm, FailureReason, Method, ReferralDirection
from app.intake.schemas import AcceptanceIn, CaseIn
from app.mediation.arbitration_codes import ArbitrationKind
from app.mediation.codes import MediationOutcome, SessionForm
from app.mediation.schemas.agreements import SignatureIn
from app.mediation.schemas.leaving import ClosureIn
from app.mediation.schemas.rounds import ConclusionIn, MediationIn
from app.mediation.schemas.sessions import SessionIn

SIDES = {"申请人": "applicant", "被申请人": "respondent", "第三人": "third_party"}
Row = Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """Ids of what a row names."""

    places: Mapping[str, str]
    organizations: Mapping[str, UUID]
    mediators: Mapping[str, UUID]


@cache
def _labels(codes: type[Code]) -> dict[str, Code]:
    return {member.zh: member for member in codes}


def code_of(codes: type[C], label: str) -> C | None:
    """The code whose Chinese name the clerk wrote; None for an empty cell."""
    return _labels(codes)[label] if label else None  # type: ignore[return-value]


def required(codes: type[C], label: str) -> C:
    return _labels(codes)[label]  # type: ignore[return-value]


def several(cell: str) -> list[str]:
    return [part for part in cell.split("；") if part]


def day(row: Row, column: str) -> date:
    return date.fromisoformat(row[column])


def sent(**fields: Any) -> dict[str, Any]:
    """Empty cells are not sent."""
    return {name: value for name, value in fields.items() if value not in ("", None)}


def registration(row: Row, names: Names) -> CaseIn:
    return CaseIn.model_validate(
        sent(
            place=names.places[row["村居"]],
            source=code_of(Source, row["来源"]),
            channel=code_of(Channel, row["渠道"]),
            category=code_of(DisputeCategory, row["纠纷类别"]),
            title=row["标题"],
            summary=row["简要情况"],
            occurred_on=row["发生日期"],
            reported_on=row["登记日期"],
            location=row["发生地点"],
            people_count=int(row["涉及人数"]) if row["涉及人数"] else None,
            amount_claimed=row["申请金额"],
            difficulty=code_of(Difficulty, row["难易程度"]),
            risk_level=code_of(RiskLevel, row["风险等级"]),
            forecast=code_of(Forecast, row["案件预测"]),
            special_groups=[code_of(SpecialGroup, label) for label in several(row["特殊群体"])],
            parties=list(_parties(row)),
        )
    )


def _parties(row: Row) -> Iterator[dict[str, Any]]:
    for column, side in SIDES.items():
        for entry in several(row[column]):
            name, _, kind = entry.rstrip("】").partition("【")
            yield sent(side=side, name=name, kind=code_of(PartyKind, kind))


def acceptance(row: Row, names: Names) -> AcceptanceIn:
    return AcceptanceIn.model_validate(
        {
            "accepted_on": row["受理日期"],
            "organization_id": names.organizations[row["受理组织"]],
            "mediators": [names.mediators[name] for name in several(row["调解员"])],
        }
    )


def mediation(row: Row, names: Names) -> MediationIn:
    method = code_of(Method, row["调解方式"])
    referral = _referral(row, names, method)
    return MediationIn.model_validate(sent(method=method, started_on=row["开始日期"], referral=referral or None))


def _referral(row: Row, names: Names, method: Method | None) -> dict[str, Any]:
    partner = names.organizations.get(row["对接单位"])
    return sent(
        direction=code_of(ReferralDirection, row["对接方向"]),
        partner_id=partner,
        letter_no=row["函号"],
        sent_on=row["移送日期"],
        incident_no=row["警情编号"],
        officer_name=row["民警姓名"],
        public_security_case={"是": True, "否": False}.get(row["治安案件"]),
        arbitration_kind=code_of(ArbitrationKind, row["仲裁类别"]),
        docket_no=row["仲裁案号"],
        limitation_ends_on=row["仲裁时效截止"],
        lawyer_name=row["律师姓名"],
        lawyer_license_no=row["律师执业证号"],
        law_firm_id=partner if method is Method.LAWYER else None,
        conflict_declared={"是": True}.get(row["利益冲突声明"]),
        legal_aid_no=row["法律援助编号"],
    )


def session(row: Row) -> SessionIn:
    return SessionIn.model_validate(
        sent(
            held_on=row["调解会日期"],
            form=code_of(SessionForm, row["调解会形式"]),
            place_text=row["调解会地点"],
            record=row["调解会记录"],
        )
    )


def signs_later(row: Row) -> bool:
    """Whether the agreement was signed and sealed only after the round was concluded."""
    return bool(row["签章日期"]) and day(row, "签章日期") > day(row, "结束日期")


def closes_later(row: Row) -> bool:
    """Whether closing was a step of its own: after late signatures, and after a failed round."""
    return signs_later(row) or bool(row["不成原因"])


def conclusion(row: Row, parties: Mapping[str, UUID], names: Names) -> ConclusionIn:
    outcome = code_of(MediationOutcome, row["结果"])
    agreement = None
    if outcome is MediationOutcome.AGREED:
        agreement = sent(
            form=code_of(AgreementForm, row["协议形式"]),
            agreed_on=row["协议日期"],
            content=row["协议内容"],
            amount=row["协议金额"],
            obligations=[_obligation(entry, parties, row["协议日期"]) for entry in several(row["履行义务"])],
            signatures=[] if signs_later(row) else signatures(row, parties, names),
        )
    return ConclusionIn.model_validate(
        sent(
            outcome=outcome,
            concluded_on=row["结束日期"],
            failure_reason=code_of(FailureReason, row["不成原因"]),
            remedy_notice_on=row["救济告知日期"],
            agreement=agreement,
        )
    )


def _obligation(entry: str, parties: Mapping[str, UUID], agreed_on: str) -> dict[str, Any]:
    """Due on the day of the agreement is performed on the spot."""
    who, what, due_on, amount = entry.split("|")
    on_spot = due_on == agreed_on
    return sent(party_id=parties[who], what=what, due_on=due_on, amount=amount, performed_on_spot=on_spot)


def signatures(row: Row, parties: Mapping[str, UUID], names: Names) -> list[SignatureIn]:
    """All parties, the leading mediator and the seal, on the one day that the register names."""
    if not row["签章日期"]:
        return []
    lead = names.mediators[several(row["调解员"])[0]]
    signers: list[dict[str, Any]] = [
        *({"party_id": id} for id in parties.values()),
        {"mediator_id": lead},
        {"seal": True},
    ]
    return [SignatureIn.model_validate({**signer, "on": row["签章日期"]}) for signer in signers]


def closure(row: Row) -> ClosureIn:
    return ClosureIn.model_validate({"closed_on": row["结案日期"]})
