"""Why a run ended or stands still: codes, and what to tell an administrator to do next.

A reason never holds a name, an address or an id of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.imports.run.additions import AFFECTED, COUNT_OF_KIND

NEXT_STEPS: Final[dict[str, str]] = {
    "accounts_go_on": (
        "As many people as the settings allow in an hour were looked up in Jira. It goes on by "
        "itself."
    ),
    "app_failed": (
        "The app could not reach its own settings or records for a long time, so nothing more is "
        "written. Start the import again in a while; tell the vendor if it goes on."
    ),
    "assets_failed": (
        "Assets did not answer properly. Nothing more is written. Start the import again in a "
        "while; look at Atlassian's status page if it goes on."
    ),
    "assets_incomplete": (
        "Assets did not list all its objects, so nothing was written. Start the import again."
    ),
    "assets_late": (
        "Assets took the entries and does not show all of them yet, so references to them are "
        "still missing. Start the import again in a while."
    ),
    "assets_not_allowed": (
        "The account of the Assets access may not do this. Give it the developer or manager "
        "role in the schema, or save another account."
    ),
    "assets_refused": (
        "Jira does not accept the Assets access any more: its API token is wrong, expired or "
        "revoked. Create a new one for its account and save it here, then start the import again."
    ),
    "asked_to_wait": (
        "A service asked for a longer wait than this run may take. Start the import again later."
    ),
    "attribute_in_the_way": (
        "An attribute of an existing object type has the name of one the import fills, but "
        "another type. Rename it in Assets, then start the import again."
    ),
    "braked": (
        "The import would mark, delete or unassign more than the brake allows. Look at the "
        "numbers, then release or cancel the run."
    ),
    "beyond_included": (
        "Assets would then hold more than the 50,000 objects that are included. Look in Atlassian "
        "Administration whether your site has more, then start the import."
    ),
    "brake_not_released": "Nobody released the braked run within 7 days. Start a new import.",
    "cancelled": "The run was cancelled. Start the import again whenever you like.",
    "consent_withdrawn": (
        "The consent for reading Entra ID is missing. Give it, then start the import again."
    ),
    "container_token_refused": (
        "Assets did not accept the import token. Generate a new one in the import's settings "
        "in Assets and save it here."
    ),
    "deadline": "The run took longer than six hours. Start it again.",
    "empty_source": (
        "Entra ID listed nothing of a kind that Assets knows several of, or left out a value "
        "or the group members that Assets holds for several objects, for every one of them, so "
        "nothing was written. Check the permissions of the app registration, then start the "
        "import again. If it is meant to be empty, empty it in Assets first."
    ),
    "entra_app_disabled": (
        "The app registration is switched off in Entra ID. Switch it on there, then start the "
        "import again."
    ),
    "entra_app_unknown": (
        "The tenant has no app registration with this client id. Check the tenant id, the client "
        "id and the cloud, then start the import again."
    ),
    "entra_blocked": (
        "A Conditional Access policy of Entra ID blocks the app. Exclude the app from the policy "
        "for workload identities, or allow the address it calls from, then start the import again."
    ),
    "entra_failed": "Entra ID did not answer properly. Start the import again in a while.",
    "entra_refused": (
        "Entra ID did not accept the app registration. Check its ids and its client secret, save "
        "them again, then start the import again."
    ),
    "entra_secret_expired": (
        "The client secret of the app registration has expired. Create a new one in Entra ID and "
        "save it here, then start the import again."
    ),
    "entra_secret_wrong": (
        "The client secret is wrong, or was removed in Entra ID. Save the secret's value, not its "
        "id, then start the import again."
    ),
    "entra_tenant_unknown": (
        "Entra ID knows no such tenant. Check the tenant id and the cloud, then start the import "
        "again."
    ),
    "filter_group_missing": (
        "Entra ID does not know a group of the filter, so nothing was written. Name another one "
        "in the import's settings, then start the import again."
    ),
    "graph_failed": (
        "Microsoft Graph did not answer properly, so nothing more was written. Start the "
        "import again in a while."
    ),
    "graph_not_allowed": (
        "The app registration lacks a permission. Grant it with admin consent in Entra ID, "
        "then start the import again."
    ),
    "graph_refused": (
        "Microsoft Graph did not accept the token. Check the app registration, then start the "
        "import again."
    ),
    "import_disabled": (
        "The import is switched off in Assets. Switch it on there, then start it again."
    ),
    "import_in_progress": (
        "Assets is busy with another execution of this import. Wait until it is done, then "
        "start again."
    ),
    "import_not_allowed": (
        "Assets does not let the app run this import. Look whether the app asks for more "
        "permissions in Jira, then start the import again."
    ),
    "import_refused": (
        "Assets did not take the entries as they were sent. Look at the import's history in "
        "Assets, then start again."
    ),
    "import_source_missing": (
        "The import that the token belongs to is not there any more. Create it in Assets and "
        "save its token here."
    ),
    "jira_failed": (
        "Jira did not answer properly. What was done so far stays. It goes on by itself in an hour."
    ),
    "jira_refused": (
        "Jira did not let the account of the Assets access look people up. Check that it may "
        "browse users and groups, or save another account."
    ),
    "licence": (
        "This site has no active licence for the app, so scheduled imports are skipped. Renew the "
        "licence in Jira; the next one that is due then runs."
    ),
    "mapping_refused": (
        "Assets did not accept the types and attributes of the import. Check the schema of "
        "the import in Assets, then start again."
    ),
    "no_intune": (
        "Microsoft Graph says that Intune is not there in this tenant, so nothing was written. "
        "Check the tenant's Intune licence, or switch managed devices off in the settings."
    ),
    "no_progress": "The run made no progress and was ended. Start the import again.",
    "no_site_token": (
        "This site sent the app no valid token for hours, so the run ended. Open the app in Jira, "
        "then start the import again."
    ),
    "not_set_up": (
        "A part of the settings is missing. Complete the settings, then start the import again."
    ),
    "other_workspace": (
        "The import token belongs to another Atlassian site. Generate one in this site's "
        "Assets and save it here."
    ),
    "plan_changed": (
        "Something changed since the preview, so nothing was written. Look at a new preview."
    ),
    "queue_failed": "The import could not be queued. Start it again in a while.",
    "settings_unreadable": (
        "A saved setting cannot be opened. Save it again, then start the import again."
    ),
    "site_token": (
        "The app waits for a new token of this site. The site sends one within the hour, or at "
        "once when somebody opens the app; the run then goes on by itself."
    ),
    "too_many_objects": (
        "Assets would then hold more objects than the settings allow, so nothing was written. Buy "
        "more in Atlassian Administration and raise the number here, or import less."
    ),
    "unexpected": (
        "Something went wrong in this app. Nothing more is written. Start the import again; "
        "tell the vendor if it goes on."
    ),
    "uninstalled": "The app was uninstalled.",
}


def next_step(reason: str | None) -> str | None:
    """A plain sentence for a reason; None where there is nothing to do."""
    return NEXT_STEPS.get(reason) if reason else None


def affected(harm: Mapping[str, int]) -> str:
    """What stands braked, per kind, as a sentence; empty where nobody knows."""
    kinds = tuple(COUNT_OF_KIND(count=count, kind=kind) for kind, count in sorted(harm.items()))
    return AFFECTED(kinds=kinds) if kinds else ""
