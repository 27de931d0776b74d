"""The register's own tables, as Django models: cases, parties, audit and events."""

from django.db import models
from uuid_utils.compat import uuid7


class Located(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    district = models.CharField(max_length=6)
    township = models.CharField(max_length=9)
    place = models.CharField(max_length=12)

    class Meta:
        abstract = True


class Case(Located):
    content_hash = models.CharField(max_length=64, default="-")
    version = models.IntegerField(default=1)
    recorded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    number = models.CharField(max_length=60, null=True)
    status = models.CharField(max_length=40, default="registered")
    outcome = models.CharField(max_length=40, null=True)
    method = models.CharField(max_length=40, null=True)
    source = models.CharField(max_length=40)
    channel = models.CharField(max_length=40, null=True)
    category = models.CharField(max_length=40)
    title = models.CharField(max_length=200, null=True)
    summary = models.TextField()
    location = models.CharField(max_length=500, null=True)
    occurred_on = models.DateField(null=True)
    reported_on = models.DateField()
    accepted_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    people_count = models.IntegerField(null=True)
    amount_claimed = models.BigIntegerField(null=True)
    difficulty = models.CharField(max_length=40, null=True)
    risk_level = models.CharField(max_length=40, null=True)
    forecast = models.CharField(max_length=40, null=True)
    special_groups = models.CharField(max_length=1000, default=",")
    external_ids = models.JSONField(default=list)
    organization_id = models.UUIDField(null=True)
    registered_by = models.UUIDField(null=True)
    decline_reason = models.CharField(max_length=40, null=True)
    refusal_note = models.TextField(null=True)
    failure_reason = models.CharField(max_length=40, null=True)
    remedy_notice_on = models.DateField(null=True)
    closure_note = models.TextField(null=True)
    merged_into = models.UUIDField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "cases"


class Party(Located):
    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    position = models.IntegerField()
    side = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, default="natural_person")
    name = models.CharField(max_length=100, null=True)
    unknown = models.BooleanField(default=False)
    id_kind = models.CharField(max_length=40, null=True)
    sex = models.CharField(max_length=40, null=True)
    born_on = models.DateField(null=True)
    address = models.CharField(max_length=500, null=True)
    consent = models.CharField(max_length=40, default="pending")

    class Meta:
        managed = False
        db_table = "parties"
        ordering = ("position",)


class CaseMediator(Located):
    case = models.ForeignKey(Case, models.PROTECT, related_name="case_mediators")
    mediator_id = models.UUIDField()
    position = models.IntegerField()

    class Meta:
        managed = False
        db_table = "case_mediators"
        ordering = ("position",)


class AuditRecord(Located):
    seq = models.IntegerField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    target_type = models.CharField(max_length=40)
    target_id = models.UUIDField()
    target_version = models.IntegerField()
    fields = models.JSONField(default=list)

    class Meta:
        managed = False
        db_table = "audit_records"


class Event(Located):
    seq = models.IntegerField()
    type = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    facts = models.JSONField(default=dict)

    class Meta:
        managed = False
        db_table = "events"
