"""How a case was mediated and ended, as far as the case itself records it: method, form of agreement, reason of
failure."""

from app.core.codes import Code


class ReferralDirection(Code, table="referral_direction"):
    IN = "in", "移入", "Referred to us"
    OUT = "out", "移出", "Referred by us"


class Method(Code, table="method"):
    """The path of a round. Whatever depends on the path is answered by the member, never by an `if` elsewhere."""

    PEOPLE = "people", "人民调解", "People's mediation"
    POLICE = "police", "警调对接", "Police linkage"
    ARBITRATION = "arbitration", "仲调对接", "Arbitration linkage"
    LAWYER = "lawyer", "律调对接", "Lawyer linkage"
    COURT = "court", "诉调对接", "Court linkage"
    PETITION = "petition", "访调对接", "Petition linkage"
    PROCURATORATE = "procuratorate", "检调对接", "Procuratorate linkage"
    ADMINISTRATIVE = "administrative", "行政调解", "Administrative mediation"
    INDUSTRY = "industry", "行业性专业性调解", "Industry mediation"

    @property
    def needs_referral(self) -> bool:
        return self in {Method.POLICE, Method.ARBITRATION, Method.LAWYER}

    @property
    def takes_referral(self) -> bool:
        """The committee's own mediation has no partner; every other path may be a hand-off."""
        return self is not Method.PEOPLE

    @property
    def takes_fee(self) -> bool:
        """People's mediation is free (People's Mediation Law, art. 4); a law firm's studio may charge."""
        return self is Method.LAWYER

    @property
    def records_facts(self) -> bool:
        """Whether what the parties do not dispute may be recorded when it fails (司发通〔2017〕105号)."""
        return self is Method.LAWYER

    @property
    def default_direction(self) -> ReferralDirection:
        """These bodies send disputes to the committee; to the others the committee sends them."""
        senders = {Method.POLICE, Method.COURT, Method.PETITION, Method.PROCURATORATE}
        return ReferralDirection.IN if self in senders else ReferralDirection.OUT


class FailureReason(Code, table="failure_reason"):
    NO_AGREEMENT = "no_agreement", "未能达成协议", "No agreement reached"
    PARTY_REQUESTS_TERMINATION = "party_requests_termination", "当事人要求终止调解", "A party asked to terminate"
    PARTY_REFUSES_MIDWAY = "party_refuses_midway", "当事人中途拒绝调解", "A party refused midway"
    CANNOT_CONTACT = "cannot_contact", "联系不到当事人", "Party cannot be contacted"
    TIMEOUT = "timeout", "超过调解期限", "Time limit passed"
    PARTY_SUED_OR_ARBITRATED = (
        "party_sued_or_arbitrated",
        "当事人已起诉或申请仲裁",
        "A party sued or went to arbitration",
    )
    SUSPECTED_FRAUD = "suspected_fraud_harm_third_party", "涉嫌虚假调解损害他人利益", "Suspected fraud harming others"
    FOUND_OUT_OF_SCOPE = "found_out_of_scope", "发现不属于调解范围", "Found to be out of scope"
    PARTY_DIED_OR_DISSOLVED = "party_died_or_dissolved", "当事人死亡或终止", "A party died or was dissolved"
    ESCALATED_TO_POLICE = "escalated_to_police", "矛盾激化移交公安机关", "Escalated and handed to the police"
    OTHER = "other", "其他原因", "Other reason"


class AgreementForm(Code, table="agreement_form"):
    """A written agreement takes effect when fully signed (art. 29), the others when reached (art. 30)."""

    ORAL = "oral", "口头协议", "Oral agreement"
    WRITTEN = "written", "书面协议", "Written agreement"
    ON_THE_SPOT = "on_the_spot", "当场和解", "Settled on the spot"
