"""The same three operations the usual way: serializers, generic views, one transaction a creation."""

from django.db import connection, transaction
from django.urls import path
from rest_framework import generics, pagination, serializers

from benchmarks.drf.models import AuditRecord, Case, Event, Party

_INTERNAL = ["content_hash", "recorded_at", "changed_at", "district", "township"]


class PartyName(serializers.ModelSerializer):
    class Meta:
        model = Party
        fields = ("id", "side", "name")


class PartySerializer(serializers.ModelSerializer):
    class Meta:
        model = Party
        exclude = ("case", "position", "district", "township", "place")


class CaseItem(serializers.ModelSerializer):
    parties = PartyName(many=True)

    class Meta:
        model = Case
        exclude = (*_INTERNAL, "refusal_note", "closure_note")


class CaseSerializer(serializers.ModelSerializer):
    parties = PartySerializer(many=True)
    mediators = serializers.SlugRelatedField("mediator_id", source="case_mediators", many=True, read_only=True)

    class Meta:
        model = Case
        exclude = _INTERNAL

    @transaction.atomic
    def create(self, validated):
        parties = validated.pop("parties")
        place = validated["place"]
        spot = {"district": place[:6], "township": place[:9], "place": place}
        case = Case.objects.create(**(validated | spot))
        Party.objects.bulk_create(
            Party(case=case, position=number, **party, **spot) for number, party in enumerate(parties)
        )
        target = {"target_type": "case", "target_id": case.id, "target_version": 1}
        AuditRecord.objects.create(seq=_next(), action="register_case", role="bench", **target, **spot)
        subject = {"subject_type": "case", "subject_id": case.id}
        Event.objects.create(seq=_next(), type="case.registration", **subject, **spot)
        return case


def _next():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('bench_seq')")
        return cursor.fetchone()[0]


class Newest(pagination.CursorPagination):
    page_size = 50
    ordering = ("-reported_on", "-id")


class Cases(generics.ListCreateAPIView):
    pagination_class = Newest

    def get_serializer_class(self):
        return CaseSerializer if self.request.method == "POST" else CaseItem

    def get_queryset(self):
        township = self.request.query_params["township"]
        cases = Case.objects.filter(district=township[:6], township=township[:9])
        return cases.prefetch_related("parties")


class OneCase(generics.RetrieveAPIView):
    serializer_class = CaseSerializer

    def get_queryset(self):
        township = self.request.query_params["township"]
        cases = Case.objects.filter(district=township[:6], township=township[:9])
        return cases.prefetch_related("parties", "case_mediators")


urlpatterns = [path("cases", Cases.as_view()), path("cases/<uuid:pk>", OneCase.as_view())]
