"""GOV.UK’s tags in both languages, for the form; an export writes their code words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.core.text import Message, pmsg
from portal.register.terms import Capability, Function, Organisation, Region

TAG_WORDS: Mapping[type[StrEnum], Mapping[Any, Message]] = {
    Function: {
        Function.GENERAL: pmsg("tag of GOV.UK", "General public services"),
        Function.DEFENCE: pmsg("tag of GOV.UK", "Defence"),
        Function.ORDER: pmsg("tag of GOV.UK", "Public order and safety"),
        Function.ECONOMY: pmsg("tag of GOV.UK", "Economic affairs"),
        Function.ENVIRONMENT: pmsg("tag of GOV.UK", "Environmental protection"),
        Function.HOUSING: pmsg("tag of GOV.UK", "Housing and community amenities"),
        Function.HEALTH: pmsg("tag of GOV.UK", "Health services"),
        Function.CULTURE: pmsg("tag of GOV.UK", "Recreation, culture and religion"),
        Function.EDUCATION: pmsg("tag of GOV.UK", "Education"),
        Function.SOCIAL: pmsg("tag of GOV.UK", "Social protection"),
        Function.REGULATION: pmsg("tag of GOV.UK", "Regulation"),
    },
    Capability: {
        Capability.VISION: pmsg("tag of GOV.UK", "Computer vision"),
        Capability.AUDITION: pmsg("tag of GOV.UK", "Computer audition"),
        Capability.LINGUISTICS: pmsg("tag of GOV.UK", "Computer linguistics"),
        Capability.ROBOTICS: pmsg("tag of GOV.UK", "Robotics"),
        Capability.FORECASTING: pmsg("tag of GOV.UK", "Forecasting"),
        Capability.DISCOVERY: pmsg("tag of GOV.UK", "Discovery"),
        Capability.PLANNING: pmsg("tag of GOV.UK", "Planning"),
        Capability.CREATION: pmsg("tag of GOV.UK", "Creation"),
        Capability.ANALYSIS: pmsg("tag of GOV.UK", "Analysis"),
        Capability.MANAGEMENT: pmsg("tag of GOV.UK", "Management"),
        Capability.OTHER: pmsg("tag of GOV.UK", "Other capability"),
    },
    Region: {
        Region.INTERNATIONAL: pmsg("tag of GOV.UK", "International"),
        Region.UK: pmsg("tag of GOV.UK", "United Kingdom"),
        Region.GREAT_BRITAIN: pmsg("tag of GOV.UK", "Great Britain"),
        Region.ENGLAND_AND_WALES: pmsg("tag of GOV.UK", "England and Wales"),
        Region.WALES: pmsg("tag of GOV.UK", "Wales"),
    },
    Organisation: {
        Organisation.MINISTERIAL: pmsg("tag of GOV.UK", "Ministerial department"),
        Organisation.NON_MINISTERIAL: pmsg("tag of GOV.UK", "Non-ministerial department"),
        Organisation.AGENCY: pmsg("tag of GOV.UK", "Agency or public body"),
        Organisation.LOCAL: pmsg("tag of GOV.UK", "Local authority"),
        Organisation.DEVOLVED: pmsg("tag of GOV.UK", "Devolved administration"),
        Organisation.HIGH_PROFILE: pmsg("tag of GOV.UK", "High-profile group"),
        Organisation.CORPORATION: pmsg("tag of GOV.UK", "Public corporation"),
    },
}
