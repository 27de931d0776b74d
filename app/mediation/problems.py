"""What a rule forbids during mediation, with its article and what to do instead."""

from app.core.problems import Problem


class RoundOpen(Problem):
    status, code = 409, "round-open"
    zh = "上一轮调解尚未结束。请先登记该轮的结果。"
    en = "A round is still open. Record its conclusion first."


class RoundConcluded(Problem):
    status, code = 409, "round-concluded"
    zh = "本轮调解已结束。如需继续，请开始新一轮。"
    en = "This round has been concluded. Start another if mediation goes on."


class MatterExcluded(Problem):
    status, code = 409, "matter-excluded"
    zh = "该事项不得调解（{article}）。请退回公安机关依法处理。"
    en = "This matter may not be mediated ({article}). Return it to the police."


class NoReferral(Problem):
    status, code = 409, "no-referral"
    zh = "本轮调解没有移送对接。需要对接的，请开始新一轮并填写 referral。"
    en = "This round has no referral. Start a round with one to hand the dispute over."


class ReferralAnswered(Problem):
    status, code = 409, "referral-answered"
    zh = "这一步已经办理，移送现为“{state_name}”，不能重复办理。请查看本轮 referral 的 answers。"
    en = "This step has been taken: the referral is {state_name}. Look at the answers of the round's referral."


class ReferralEnded(Problem):
    status, code = 409, "referral-ended"
    zh = "移送{state_name}，对接已经结束，不能再办理。仍需对接的，请结束本轮，开始新一轮并重新移送。"
    en = "The referral is {state_name}, and the hand-off is over. Conclude the round and start one with a new referral."


class ReferralStepNotAllowed(Problem):
    status, code = 409, "referral-step-not-allowed"
    zh = "移送现为“{state_name}”，不能办理“{step_name}”，须在以下状态时办理：{allowed}。"
    en = "The referral is {state_name}, which does not allow this step: {step_name}. It is taken while it is {allowed}."


class PartnersStep(Problem):
    status, code = 409, "partners-step"
    zh = "这一步由协作单位办理。请由其联络员办理，或依其来函登记并填写来函文号 letter_no。"
    en = "This step is the partner's. Its liaison takes it, or record the partner's letter with its letter_no."


class OfficesStep(Problem):
    status, code = 409, "offices-step"
    zh = "这一步由移送对接的司法所办理，不由协作单位办理。请与司法所联系。"
    en = "This step is the judicial office's, not the partner's. Ask the office to take it."


class PartnerUnfit(Problem):
    status, code = 409, "partner-unfit"
    zh = "所选单位的类型与“{method_name}”不符，须为：{kinds}。请改选单位，或改用相应的调解方式。"
    en = "A body of this kind is no partner for {method_name}, which is: {kinds}. Name another or use another method."


class AgreementNotEffective(Problem):
    status, code = 409, "agreement-not-effective"
    zh = "协议尚未生效：须各方当事人签章、调解员签名并加盖调委会印章（人民调解法第二十九条）。请先补齐。"
    en = (
        "The agreement is not yet effective: all parties and a mediator must sign and the committee must seal it"
        " (People's Mediation Law, art. 29). Complete it first."
    )


class NoAgreement(Problem):
    status, code = 409, "no-agreement"
    zh = "案件没有待签章的书面协议。"
    en = "The case has no written agreement waiting for signatures."


class AlreadySigned(Problem):
    status, code = 409, "already-signed"
    zh = "该方已签章，不能重复登记。"
    en = "This signature or seal is already recorded."


class ConflictStands(Problem):
    status, code = 409, "conflict-stands"
    zh = "该调解员对此案的回避已经登记。"
    en = "This mediator's conflict of interest in the case is already recorded."


class ConflictEnded(Problem):
    status, code = 409, "conflict-ended"
    zh = "该回避已经撤销。"
    en = "This conflict of interest has already been withdrawn."


class NothingConcluded(Problem):
    status, code = 409, "nothing-concluded"
    zh = "没有已结束的调解，也没有当事人拒绝调解，不能结案。请先调解并登记结果。"
    en = "No round was concluded and no party refuses: nothing to close on. Mediate and record the conclusion."


class RoundWithoutMediator(Problem):
    status, code = 409, "round-without-mediator"
    zh = "本轮的调解员均已退出，每轮调解须有一名以上调解员（人民调解法第十九条）。请先办理更换调解员。"
    en = (
        "No mediator of the round is left, and a round has one or more (People's Mediation Law, art. 19). Name another."
    )


class NotInRound(Problem):
    status, code = 409, "not-in-round"
    zh = "该调解员现在不是本轮的调解员，可能已被更换。请重新读取本轮的调解员。"
    en = "This mediator is not among the round's now, and may have been replaced. Read the round again."


class AlreadyInRound(Problem):
    status, code = 409, "already-in-round"
    zh = "该调解员已在本轮之中。请另选一名。"
    en = "This mediator is already among the round's. Name another."


class ParticipantConsentMissing(Problem):
    status, code = 409, "participant-consent-missing"
    zh = "邀请他人参与调解须征得当事人同意（人民调解法第二十条）。请先登记全体已知当事人在调解会当日以前的同意。"
    en = (
        "Others take part with the consent of the parties (People's Mediation Law, art. 20)."
        " Record the consent of all known parties, by the day of the session, first."
    )


class ViolenceRisk(Problem):
    status, code = 409, "violence-risk"
    zh = (
        "本案涉及家庭暴力，默认不安排当事人见面（反家庭暴力法第五条、第十条）。请改用背对背或电话方式；"
        "确需见面的，须面临危险的一方同意（at_risk_agreed）并写明安全措施（safety_measures）。"
    )
    en = (
        "Domestic violence: by default the parties do not meet (Anti-Domestic Violence Law, arts. 5 and 10). Talk to"
        " them apart or by phone; if they must meet, say that whoever is at risk agreed (at_risk_agreed) and how they"
        " are kept safe (safety_measures)."
    )


class ReportMissing(Problem):
    status, code = 409, "report-missing"
    zh = (
        "案件已标注可能激化，须先向公安机关或者其他有关部门报告，方可结束（人民调解法第二十五条）。"
        "请登记激化报告，或更正案件预测、风险等级。"
    )
    en = (
        "The dispute is marked as one that may escalate: it ends only after a report to the police or another"
        " department (People's Mediation Law, art. 25). Record the report, or correct forecast and risk level."
    )


class EvidenceWithdrawn(Problem):
    status, code = 409, "evidence-withdrawn"
    zh = "该证据材料已经撤下。如重新提交，请另行登记。"
    en = "This item of evidence was already taken back. If it is submitted again, enter it anew."


class NoticeServed(Problem):
    status, code = 409, "notice-served"
    zh = "该当事人的权利义务告知已经登记。只能按原日期和方式补登签收日期，且只补登一次。"
    en = (
        "This party's notice of rights is already recorded. Only its acknowledgement is added, once, by sending the"
        " same day and manner with acknowledged_on."
    )


class DisputeExcluded(Problem):
    status, code = 409, "dispute-excluded"
    zh = "“{matter}”不属于仲裁的受理范围（{article}）：{instead}。请不采用仲调对接。"
    en = "Arbitration does not take on this: {matter} ({article}). Instead, {instead}; use another method."


class OutsideScope(Problem):
    status, code = 409, "outside-arbitration-scope"
    zh = "“{category_name}”不属于“{kind_name}”的受理范围（{article}）。类别登记有误的请先更正，否则请改用其他调解方式。"
    en = (
        "{kind_name} does not take on disputes of this category: {category_name} ({article})."
        " Correct the category if it is wrong; else use another body or method."
    )


class SecondSessionLate(Problem):
    status, code = 409, "second-session-late"
    zh = (
        "治安案件的再次调解须在第一次调解后七个工作日内完成，最迟为 {due_on}（{article}）。"
        "请登记本轮调解不成，并向公安机关反馈结果。"
    )
    en = (
        "A public-security case is mediated again within seven working days of the first session, here until {due_on}"
        " ({article}). Conclude the round as failed and tell the police."
    )


class SessionsUsed(Problem):
    status, code = 409, "sessions-used"
    zh = "治安案件一般调解一次，必要时再调解一次，不再有第三次（{article}）。请登记本轮结果，并向公安机关反馈。"
    en = (
        "A public-security case is mediated once and, where needed, once more; there is no third session ({article})."
        " Record the outcome of the round and tell the police."
    )


class ReturnPackageMissing(Problem):
    status, code = 409, "return-package-missing"
    zh = (
        "治安案件达成协议的，回函须附协议、履行证明和双方共同书面申请，尚缺：{missing}"
        "（《公安机关办理行政案件程序规定》第一百八十六条；2026年1月1日起另见《治安管理处罚法》第九条）。请补齐后再反馈。"
    )
    en = (
        "What goes back to the police with an agreement: the agreement, proof of performance, the parties' joint"
        " written application. Missing: {missing} (Procedures of Public Security Organs for Administrative Cases,"
        " art. 186; from 2026-01-01 also Public Security Administration Punishments Law, art. 9). Complete it first."
    )


class LawyerActsForParty(Problem):
    status, code = 409, "lawyer-acts-for-party"
    zh = (
        "主持调解的律师不得在同一纠纷中担任当事人的代理人，代理人也不得主持调解（司发通〔2017〕105号）。"
        "请另请律师；确系同名的，请填写代理律师的执业证号 license_no。"
    )
    en = (
        "A lawyer who mediates a dispute never acts for a party of it, and a party's agent does not mediate it"
        " (Si Fa Tong [2017] No. 105). Name another lawyer; if only the names are alike, give the agent's license_no."
    )


class FeeOutsideFirm(Problem):
    status, code = 409, "fee-outside-law-firm"
    zh = (
        "只有律师事务所设立的调解工作室可以按有偿和低价的原则收费（司发通〔2017〕105号）。"
        "请填写 law_firm_id，或不填 fee。"
    )
    en = (
        "Only the mediation studio of a law firm may charge, and little (Si Fa Tong [2017] No. 105)."
        " Name the law_firm_id, or leave out the fee."
    )


class FeeWithLegalAid(Problem):
    status, code = 409, "fee-with-legal-aid"
    zh = "法律援助是无偿的，不得收费（《法律援助法》第二条、第二十条）。请不填 fee。"
    en = "Legal aid is free of charge (Legal Aid Law, arts. 2 and 20). Leave out the fee."


class FactsNotHere(Problem):
    status, code = 409, "undisputed-facts-not-here"
    zh = "无争议事实记载用于律师调解（司发通〔2017〕105号）。其他方式请写入调解会记录。"
    en = (
        "Undisputed facts are recorded after a lawyer's mediation (Si Fa Tong [2017] No. 105)."
        " Under another method put them into the record of a session."
    )


class FactsUnconfirmed(Problem):
    status, code = 409, "undisputed-facts-unconfirmed"
    zh = "无争议事实须由各方当事人签字确认（司发通〔2017〕105号）。请补齐 facts_confirmed_by，或不填无争议事实。"
    en = (
        "Undisputed facts are signed by all parties (Si Fa Tong [2017] No. 105)."
        " Complete facts_confirmed_by, or leave the facts out."
    )
