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
