"""Organizations, mediators, the accounts and tokens by which people come in, and those of machines.

Reference tables: partner bodies sit elsewhere.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.auth import Permission
from app.core.columns import CodeSet, CodeText, Instant
from app.core.db import Base, new_id
from app.core.records import Claimed, Versioned
from app.people.codes import CommitteeType, MediatorKind, OrganizationKind, Role


class Organization(Claimed, Versioned, Base):
    __tablename__ = "organizations"
    __table_args__ = (
        Index("ix_organizations_place", "district", "place"),
        Index("uq_organizations_number_prefix", "district", "number_prefix", unique=True),
    )
    audit_name: ClassVar[str] = "organization"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str] = mapped_column(String(6))
    place: Mapped[str] = mapped_column(ForeignKey("places.code"))
    kind: Mapped[OrganizationKind] = mapped_column(CodeText(OrganizationKind))
    committee_type: Mapped[CommitteeType | None] = mapped_column(CodeText(CommitteeType))
    name: Mapped[str] = mapped_column(String(100))
    number_prefix: Mapped[str | None] = mapped_column(String(20))
    """The words before the year in a case number; only an organization with a prefix accepts cases."""
    retired_on: Mapped[date | None]


class Mediator(Claimed, Versioned, Base):
    __tablename__ = "mediators"
    __table_args__ = (Index("ix_mediators_organization", "district", "organization_id"),)
    audit_name: ClassVar[str] = "mediator"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str] = mapped_column(String(6))
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[MediatorKind] = mapped_column(CodeText(MediatorKind))
    retired_on: Mapped[date | None]


class Account(Claimed, Versioned, Base):
    """One role at one place. A liaison names the organization it answers for, a mediator's account the mediator."""

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_place", "district", "place"),)
    audit_name: ClassVar[str] = "account"
    decides_actors: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str] = mapped_column(String(6))
    place: Mapped[str] = mapped_column(ForeignKey("places.code"))
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(CodeText(Role))
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("organizations.id"))
    mediator_id: Mapped[UUID | None] = mapped_column(ForeignKey("mediators.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """A family of tokens: one sign-in and everything refreshed from it, ended together."""

    __tablename__ = "sign_ins"

    decides_actors: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Token(Base):
    """An opaque token, kept as its hash. A refresh token is used once."""

    __tablename__ = "tokens"

    decides_actors: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sign_in_id: Mapped[UUID] = mapped_column(ForeignKey("sign_ins.id"), index=True)
    is_refresh: Mapped[bool]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Client(Claimed, Versioned, Base):
    """A machine that may do what its scopes name, in the subtree of its place."""

    __tablename__ = "clients"
    __table_args__ = (Index("ix_clients_place", "district", "place"),)
    audit_name: ClassVar[str] = "client"
    decides_actors: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str] = mapped_column(String(6))
    place: Mapped[str] = mapped_column(ForeignKey("places.code"))
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[list[Permission]] = mapped_column(CodeSet(Permission))
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class ClientSecret(Base):
    """By which a client gets tokens; kept as its hash. One that has ended is gone, the audit says when."""

    __tablename__ = "client_secrets"
    part: ClassVar[str] = "secrets"
    decides_actors: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)


class ClientToken(Base):
    """An access token of a client, for some or all of its scopes; it ends with the secret that got it."""

    __tablename__ = "client_tokens"
    decides_actors: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("clients.id"), index=True)
    secret_id: Mapped[UUID] = mapped_column(ForeignKey("client_secrets.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Permission]] = mapped_column(CodeSet(Permission))
    expires_at: Mapped[datetime] = mapped_column(Instant)


class SignInAttempt(Base):
    """A try to sign in, by keyed hashes of the username or client and of the network address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_username", "username_hash", "at"),
        Index("ix_sign_in_attempts_source", "source_hash", "at"),
        Index("ix_sign_in_attempts_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    username_hash: Mapped[str] = mapped_column(String(64))
    source_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant)
    succeeded: Mapped[bool]
