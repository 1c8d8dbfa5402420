#pragma once

#include "app/enrollctl/output.h"
#include "core/enrollment/attestation_run.h"

namespace enroll::app::enrollctl {

/// A run for people: outcome word, code and headline; the next step; what was found; what it took.
std::string runText(const enrollment::AttestationRun& run, const Output& output);

} // namespace enroll::app::enrollctl
