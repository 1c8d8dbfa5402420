#pragma once

#include "core/enrollment/enroll_device.h"

namespace enroll::enrollment {

/// A run with everything filled in that is known before it begins.
AttestationRun openRun(const EnrollmentOrder& order);

/// Takes over what the attestation found. The headline of a verdict by finding is filled with \p subject.
void fillFrom(AttestationRun& run, attestation::AttestationReport&& report, const std::string& subject);

/// Sets outcome, code, headline and next step together; no record goes with anything but Pass.
void conclude(AttestationRun& run, Outcome outcome, const Error& error);

/// The finding for a duplicate and the code it decides with; nothing for New and Retest.
std::optional<attestation::Finding> duplicateFinding(const DuplicateCheck& check, const ProductProfile& profile);

/// The record that \p run proves. The run passed and holds an endorsement key and a registration id.
EnrollmentRecord recordOf(const AttestationRun& run);

/// How the run document speaks of a record that this run makes: queued for every destination.
RecordSummary queuedFor(const RegistrationId& id, const std::vector<DestinationName>& destinations);

} // namespace enroll::enrollment
