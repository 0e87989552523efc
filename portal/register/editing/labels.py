"""What the form says beside a box where the table of fields has one label for several, and hints where they help."""

from collections.abc import Mapping

from portal.core.text import Message, msg, pmsg
from portal.register.editing.shape import Ask
from portal.register.path_words import PATH_WORDS

OWN_LABELS: Mapping[str, Message] = {
    "accountability.joint_controllers.name": msg("Name of the body"),
    "suppliers.contract_ends_on": msg("The contract ends on"),
    "suppliers.exit_plan": msg("Exit plan"),
    "purpose.legal_basis.article": msg("The law"),
    "oversight.off_switch.role": msg("Who can stop it"),
    "oversight.off_switch.how": msg("How it is stopped"),
    "oversight.off_switch.within_minutes": msg("Within how many minutes"),
    "oversight.training.measured_on": msg("Training: measured on"),
    "oversight.training.users": msg("Training: users, in per cent"),
    "oversight.training.managers": msg("Training: managers, in per cent"),
    "oversight.training.representatives": msg("Training: representatives, in per cent"),
    "monitoring.overrides.percent": msg("How often people decide otherwise, in per cent"),
    "monitoring.overrides.measured_on": msg("Decided otherwise: measured on"),
    "data_items.where_held": msg("Where it is held"),
    "data_items.search_owner": msg("Who searches for it"),
    "data_items.search_minutes": msg("How many minutes a search takes"),
    "data_items.export_words": msg("More about how a copy is made"),
    "risks.risk": msg("What can go wrong"),
    "bias_audits.groups": msg("Groups that were compared"),
    "monitoring.measures.measure": msg("What is measured"),
    "monitoring.incidents.what": msg("What happened"),
    "publication.atrs_reason": msg("Why it is not published on GOV.UK, or not yet"),
    "publication.functions": pmsg("GOV.UK tags", "Functions"),
    "publication.capabilities": pmsg("GOV.UK tags", "Capabilities"),
    "publication.task": pmsg("GOV.UK tags", "Task"),
    "publication.regions": pmsg("GOV.UK tags", "Regions"),
    "publication.organisation_type": pmsg("GOV.UK tags", "Kind of organisation"),
    "publication.other_tags": pmsg("GOV.UK tags", "Other tags"),
    "publication.clearances.who": msg("Who has cleared it"),
    "publication.clearances.on": msg("Cleared on"),
    "withheld.field": msg("The field that is withheld"),
    "withheld.audience": msg("From whom"),
    "withheld.reason_code": pmsg("withheld field", "Reason"),
    "withheld.reason": msg("The reason in words, for everybody to read"),
    "withheld.approved_by": msg("Post that decided it"),
    "withheld.review_by": msg("To be looked at again by"),
}
HINTS: Mapping[str, Message] = {
    "name": msg("The name staff use, not the brand of the product."),
    "also_known_as": msg("Brand, module and nicknames, so that a search finds them. One on each line."),
    "one_sentence": msg("One sentence. It stands in lists and is what a screen reader says first."),
    "summary": msg("Two or three sentences in plain words."),
    "what_it_does_to_you": msg("Speak to the worker: what it sees, what it suggests or decides, what happens next."),
    "what_it_never_does": msg("Promises that can be checked. One on each line, in the same order in both languages."),
    "mailbox": msg("A mailbox of the team, never of one person."),
    "how_you_will_know": msg("Where it shows in daily work: the name of the screen, a letter, an app."),
    "affected.workplace": msg("It covers everything inside it. Leave it open for all workplaces."),
    "affected.role_codes": msg("Job codes from the payroll system. One on each line."),
    "affected.people": msg("Enter <10 for fewer than ten."),
    "oversight.people": msg("Enter <10 for fewer than ten."),
    "deputy": msg("No system rests on one person."),
    "accountability.operational_owner": msg("They are asked to search when somebody wants their data."),
    "purpose.necessity": msg("Why it is needed at all. Whether it goes too far is the next question."),
    "purpose.jobs_statement": msg("What it means for posts, hours and grades, and what was promised."),
    "decision_points.title": msg("As the worker would say it, for example: “Your shift was changed”."),
    "decision_points.main_factors": msg("The most important first. One on each line."),
    "decision_points.time_to_stop": msg("How long before it takes effect."),
    "human_oversight": msg("Who looks, at what, when, and whether they can say no."),
    "oversight.overrider_protection": msg("How nobody is worse off for deciding otherwise."),
    "oversight.override_allowed_by": msg("One post on each line, in the same order in both languages."),
    "oversight.off_switch.role": msg("Who could stop it tonight."),
    "data_items.label": msg("In plain words: “Door swipes”, not the name of a table."),
    "data_items.inferred": msg("Scores are personal data, and are given out when somebody asks."),
    "data_items.seen_by": msg("Who at work can see it. Staff ask this first."),
    "tool.source_code": msg("The code itself, not a page that advertises it."),
    "assessments.summary": msg("Needed where the assessment itself cannot be read by everybody."),
    "retirement_plan": msg("What happens to the data, and to decisions that are being looked at again."),
    "publication.other_tags": msg("One on each line."),
}


def label_of(ask: Ask) -> Message | None:
    """The form’s own label, or None where the label of the field says it."""
    return OWN_LABELS.get(ask.path) or PATH_WORDS.get(ask.path)
