"""The indicators, declared once: by what they count. Joining them is importing this."""

from app.statistics.definitions.agreements import AGREEMENTS
from app.statistics.definitions.cases import CASES
from app.statistics.definitions.harms import HARMS
from app.statistics.definitions.patrols import PATROLS
from app.statistics.indicators import join

INDICATORS = (*CASES, *AGREEMENTS, *HARMS, *PATROLS)
join(INDICATORS)
