#pragma once

#include "core/enrollment/enroll_device.h"

namespace enroll::enrollment {

/// A run with everything filled in that is known before it begins.
AttestationRun openRun(const EnrollmentOrder& order);

/// Moves the results of the attestation into \p run. \p subject fills the placeholder of the headline if a finding
/// decided the verdict: the serial number of the other device, for a duplicate.
void fillFrom(AttestationRun& run, attestation::AttestationReport&& report, const std::string& subject);

/// Sets outcome, code, headline, its subject and next step together; no record goes with anything but Pass.
void conclude(AttestationRun& run, Outcome outcome, const Error& error);

/// The finding for a duplicate and the code it decides with; nothing for New, nor for a Retest of which no other record has
/// the TPM. \p serial is the one that was scanned.
std::optional<attestation::Finding> duplicateFinding(const DuplicateCheck& check, const SerialNumber& serial,
                                                     const ProductProfile& profile);
/// The findings for a key that no record names: \p readAs, the serial number under which it was read before, and whether it
/// is another one than that of the stopped run that this one goes on from.
std::vector<attestation::Finding> strangerFindings(const std::optional<SerialNumber>& readAs, bool isOther);
/// The finding for a retest of which the profile would write another record today; none where \p changed, what it would
/// say otherwise, is empty.
std::vector<attestation::Finding> otherSettingsFindings(const std::vector<std::string>& changed,
                                                        const ProductProfile& profile);

/// The record that \p run proves. The run passed and holds an endorsement key and a registration id, of which the profile
/// makes a device id (identified before).
EnrollmentRecord recordOf(const AttestationRun& run, const EnrollmentTemplate& enrollment);

/// The summary of a new record for the run document: queued for every destination.
RecordSummary queuedFor(const RegistrationId& id, const std::vector<DestinationName>& destinations);

} // namespace enroll::enrollment
