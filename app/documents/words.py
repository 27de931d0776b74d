"""The words of a case as its forms print them: one vocabulary for all templates (docs/forms.md), everything text."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from app.core.schemas import money_text
from app.documents.completeness import volume_gaps
from app.documents.index import entries_of, page_count, papers_of
from app.documents.queries import Volume
from app.documents.record_words import confirmation, day, evidence, investigations, sessions, visits
from app.intake.answers import PartyOut
from app.intake.codes import PartySide
from app.intake.method_codes import AgreementForm

_NUMBER = re.compile(r".*〔([0-9]{4})〕([0-9]+)号")


def yuan(value: Decimal | None) -> str:
    return f"{money_text(value)}元" if value is not None else ""


def words_of(volume: Volume) -> dict[str, Any]:
    parties = [_party(volume, party) for party in volume.parties]
    return {
        "case": _case(volume),
        "committee": volume.committee,
        "registrar": volume.registrar,
        "mediators": "、".join(volume.mediators),
        "today": day(volume.today),
        "parties": parties,
        "applicants": _described(parties, PartySide.APPLICANT),
        "respondents": _described(parties, PartySide.RESPONDENT),
        "third_parties": _described(parties, PartySide.THIRD_PARTY),
        "party_list": "\n".join(f"{party['side']}：{party['described']}" for party in parties),
        "party_names": "、".join(party["name"] for party in parties),
        "sessions": sessions(volume),
        "agreement": _agreement(volume),
        "volume": _volume(volume),
        "investigations": investigations(volume),
        "evidence": evidence(volume),
        "visits": visits(volume),
        "confirmation": confirmation(volume),
        "court": next((one.authority for one in reversed(volume.confirmations) if one.authority), ""),
    }


def _case(volume: Volume) -> dict[str, str]:
    case = volume.case
    return {
        "number": case.number or "",
        "title": case.title or "",
        "category": case.category.zh,
        "source": case.source.zh,
        "summary": case.summary,
        "place": volume.place_name,
        "location": case.location or "",
        "occurred_on": day(case.occurred_on),
        "reported_on": day(case.reported_on),
        "accepted_on": day(case.accepted_on),
        "mediated_on": day(case.mediated_on),
        "closed_on": day(case.closed_on),
        "amount": yuan(case.amount_claimed),
        "outcome": case.outcome.zh if case.outcome else "",
        "failure_reason": case.failure_reason.zh if case.failure_reason else "",
        "remedy_notice_on": day(case.remedy_notice_on),
    }


def _party(volume: Volume, party: PartyOut) -> dict[str, str]:
    words = {
        "side": party["side"].zh,
        "name": party["name"] or "不明",
        "sex": party["sex"].zh if party["sex"] else "",
        "age": _age(party["born_on"], volume.case.reported_on),
        "id_kind": party["id_kind"].zh if party["id_kind"] else "",
        "id_number": party["id_number"] or "",
        "phone": party["phone"] or "",
        "address": party["address"] or "",
        "agent": party["agent"]["name"] if party["agent"] else "",
    }
    told = [words["sex"], f"{words['age']}岁" if words["age"] else ""]
    told += [f"{words['id_kind']}{words['id_number']}" if words["id_number"] else ""]
    told += [f"住{words['address']}" if words["address"] else "", f"电话{words['phone']}" if words["phone"] else ""]
    told += [f"代理人{words['agent']}" if words["agent"] else ""]
    return words | {"described": "，".join(word for word in (words["name"], *told) if word)}


def _age(born_on: date | None, on: date) -> str:
    if born_on is None:
        return ""
    return str(on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)))


def _described(parties: list[dict[str, str]], side: PartySide) -> str:
    return "；".join(party["described"] for party in parties if party["side"] == side.zh)


def _agreement(volume: Volume) -> dict[str, str]:
    agreement = volume.agreement
    if agreement is None:
        return dict.fromkeys(("form", "content", "amount", "agreed_on", "effective_on", "performance"), "") | {
            "signatures": "",
            "copies": "",
        }
    signed = [
        f"{volume.names.get(one.party_id or one.mediator_id, '人民调解委员会')}（{day(one.on)}）"  # type: ignore[arg-type]
        for one in volume.signatures
    ]
    is_written = agreement.form is AgreementForm.WRITTEN
    return {
        "form": agreement.form.zh,
        "content": agreement.content,
        "amount": yuan(agreement.amount),
        "agreed_on": day(agreement.agreed_on),
        "effective_on": day(agreement.effective_on),
        "performance": "\n".join(_performance(volume)),
        "signatures": "、".join(signed),
        "copies": str(len(volume.parties) + 1) if is_written else "",
    }


def _performance(volume: Volume) -> list[str]:
    told = []
    for number, one in enumerate(volume.obligations, 1):
        until = f"，于{day(one.due_on)}前履行" if one.due_on else ""
        amount = f"，{yuan(one.amount)}" if one.amount else ""
        told.append(f"{number}．{volume.names[one.party_id]}：{one.what}{amount}{until}。")
    return told


def _volume(volume: Volume) -> dict[str, Any]:
    papers, filing = papers_of(volume), volume.filing
    gaps = "、".join(gap.zh for gap in volume_gaps(volume))
    return {
        "number": volume_no(volume) or "",
        "year": str(volume.case.accepted_on.year) if volume.case.accepted_on else "",
        "name": f"{'、'.join(p['name'] or '不明' for p in volume.parties)}{volume.case.category.zh}",
        "filer": (filing.filer if filing else "") or "",
        "filed_on": day(filing.filed_on if filing else None),
        "retention": filing.retention.zh if filing else "",
        "remark": (filing.remark if filing else "") or "",
        "statement": (filing.statement if filing else "") or "",
        "gaps": gaps,
        "page_count": str(page_count(papers)),
        "entries": [
            {name: "" if value is None else str(value) for name, value in entry.items()} for entry in entries_of(papers)
        ],
    }


def volume_no(volume: Volume) -> str | None:
    """（2020）人调字第12号, by the case's own number."""
    found = _NUMBER.fullmatch(volume.case.number or "")
    return f"（{found[1]}）人调字第{found[2]}号" if found else None
