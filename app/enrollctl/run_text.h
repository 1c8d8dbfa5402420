#pragma once

#include "app/enrollctl/output.h"
#include "core/enrollment/attestation_run.h"
#include "db/documents/not_understood.h"

namespace enroll::app::enrollctl {

/// A run for people: outcome word, code and headline; the next step; what was found; what it took.
std::string runText(const enrollment::AttestationRun& run, const Output& output);

/// What of a stored run a newer program wrote and this one does not know, for people; empty if it knows everything.
std::string notUnderstoodText(const db::documents::NotUnderstood& notUnderstood);

} // namespace enroll::app::enrollctl
