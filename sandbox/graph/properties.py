"""Which properties Graph's types have. Source: the v1.0 metadata (CSDL) of August 2026.

A `$select` of anything else is a mistake that Graph answers with 400.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


USER = _words(
    """
    id deletedDateTime aboutMe accountEnabled ageGroup assignedLicenses assignedPlans
    authorizationInfo birthday businessPhones city companyName consentProvidedForMinor country
    createdDateTime creationType customSecurityAttributes department deviceEnrollmentLimit
    displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType
    externalUserState externalUserStateChangeDateTime faxNumber givenName hireDate identities
    identityParentId imAddresses interests isManagementRestricted isResourceAccount jobTitle
    lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates mail
    mailboxSettings mailNickname mobilePhone mySite officeLocation onPremisesDistinguishedName
    onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId
    onPremisesLastSyncDateTime onPremisesProvisioningErrors onPremisesSamAccountName
    onPremisesSecurityIdentifier onPremisesSyncEnabled onPremisesUserPrincipalName otherMails
    passwordPolicies passwordProfile pastProjects postalCode preferredDataLocation
    preferredLanguage preferredName print provisionedPlans proxyAddresses responsibilities
    schools securityIdentifier serviceProvisioningErrors showInAddressList signInActivity
    signInSessionsValidFromDateTime skills state streetAddress surname usageLocation
    userPrincipalName userType
    """
)

GROUP = _words(
    """
    id deletedDateTime accessType allowExternalSenders assignedLabels assignedLicenses
    autoSubscribeNewMembers classification createdDateTime description displayName
    expirationDateTime groupTypes hasMembersWithLicenseErrors hideFromAddressLists
    hideFromOutlookClients infoCatalogs isArchived isAssignableToRole isFavorite
    isManagementRestricted isSubscribedByMail licenseProcessingState mail mailEnabled
    mailNickname membershipRule membershipRuleProcessingState onPremisesDomainName
    onPremisesExtensionAttributes onPremisesLastSyncDateTime onPremisesNetBiosName
    onPremisesProvisioningErrors onPremisesSamAccountName onPremisesSecurityIdentifier
    onPremisesSyncEnabled organizationId preferredDataLocation preferredLanguage proxyAddresses
    renewedDateTime resourceBehaviorOptions resourceProvisioningOptions securityEnabled
    securityIdentifier serviceProvisioningErrors theme uniqueName unseenConversationsCount
    unseenCount unseenMessagesCount visibility welcomeMessageEnabled
    """
)

DEVICE = _words(
    """
    id deletedDateTime accountEnabled alternativeSecurityIds approximateLastSignInDateTime
    complianceExpirationDateTime deviceCategory deviceId deviceMetadata deviceOwnership
    deviceVersion displayName enrollmentProfileName enrollmentType isCompliant isManaged
    isManagementRestricted isRooted managementType manufacturer mdmAppId model
    onPremisesLastSyncDateTime onPremisesSecurityIdentifier onPremisesSyncEnabled
    operatingSystem operatingSystemVersion physicalIds profileType registrationDateTime
    systemLabels trustType
    """
)

MANAGED_DEVICE = _words(
    """
    id activationLockBypassCode androidSecurityPatchLevel azureADDeviceId azureADRegistered
    complianceGracePeriodExpirationDateTime complianceState
    configurationManagerClientEnabledFeatures deviceActionResults deviceCategoryDisplayName
    deviceEnrollmentType deviceHealthAttestationState deviceName deviceRegistrationState
    easActivated easActivationDateTime easDeviceId emailAddress enrolledDateTime
    enrollmentProfileName ethernetMacAddress exchangeAccessState exchangeAccessStateReason
    exchangeLastSuccessfulSyncDateTime freeStorageSpaceInBytes iccid imei isEncrypted
    isSupervised jailBroken lastSyncDateTime managedDeviceName managedDeviceOwnerType
    managementAgent managementCertificateExpirationDate managementState manufacturer meid model
    notes operatingSystem osVersion partnerReportedThreatState phoneNumber physicalMemoryInBytes
    remoteAssistanceSessionErrorDetails remoteAssistanceSessionUrl requireUserEnrollmentApproval
    serialNumber subscriberCarrier totalStorageSpaceInBytes udid userDisplayName userId
    userPrincipalName wiFiMacAddress
    """
)

APPLICATION = _words(
    """
    id deletedDateTime appId displayName createdDateTime publisherDomain description notes
    identifierUris passwordCredentials signInAudience tags
    """
)

SERVICE_PRINCIPAL = _words(
    """
    id deletedDateTime appId displayName accountEnabled servicePrincipalType appDisplayName
    appOwnerOrganizationId description homepage loginUrl notes servicePrincipalNames
    signInAudience tags
    """
)

# Unset, these are an empty list and never null.
COLLECTIONS = _words(
    """
    alternativeSecurityIds assignedLabels assignedLicenses assignedPlans businessPhones
    deviceActionResults groupTypes identifierUris identities imAddresses infoCatalogs interests
    licenseAssignmentStates onPremisesProvisioningErrors otherMails pastProjects physicalIds
    provisionedPlans proxyAddresses resourceBehaviorOptions resourceProvisioningOptions
    responsibilities schools servicePrincipalNames serviceProvisioningErrors skills systemLabels
    tags
    """
)

# What `GET /users` gives without $select (user-list page); everything else has to be asked for.
USER_DEFAULT = (
    "id", "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone",
    "officeLocation", "preferredLanguage", "surname", "userPrincipalName",
)  # fmt: skip
# What User.ReadBasic.All shows of a person.
USER_BASIC = frozenset({"id", "displayName", "givenName", "surname", "mail", "userPrincipalName"})
# Readable for a single user only: a list that asks for one is answered 501.
USER_SINGLE_ONLY = _words(
    "aboutMe birthday hireDate interests mySite pastProjects preferredName responsibilities "
    "schools skills mailboxSettings"
)
