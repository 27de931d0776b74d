"""An invitation to take part, and what the parties say to it."""

from pydantic import Field

from app.core.schemas import Id, PastDate, Strict
from app.core.text import Line, Name
from app.intake.schemas import PartyIds
from app.mediation.session_codes import ParticipantKind


class ParticipantIn(Strict):
    """邀请参与人 (art. 20)."""

    id: Id | None = None
    name: Name
    kind: ParticipantKind
    relation: Line | None = Field(None, description="To which party how related, or of which body.")
    invited_on: PastDate
    consents: PartyIds = Field(default_factory=list, description="Ids of the parties who agreed that day.")


class ParticipantConsentIn(Strict):
    """The last word of a party counts."""

    party_id: Id
    agreed: bool
    on: PastDate
