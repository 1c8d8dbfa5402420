#pragma once

#include "app/enrollctl/output.h"
#include "core/enrollment/attestation_run.h"
#include "db/documents/not_understood.h"

namespace enroll::app::enrollctl {

/// Where a run can be found again.
enum class Kept {
    InJournal,
    Nowhere, ///< `attest`: its id leads nowhere, and a device that passes is not enrolled
};

/// A run as text, for people: outcome, code and headline; next step; findings with their ids; what the run saw.
std::string runText(const enrollment::AttestationRun& run, const Output& output, Kept kept = Kept::InJournal);

/// ", set aside at TIME by NAME: REASON"; empty for a record that is not.
std::string setAsideText(const enrollment::DestinationState& state);

/// Lists what a newer program wrote into a stored run and this one does not know, for people; empty if there is
/// nothing.
std::string notUnderstoodText(const db::documents::NotUnderstood& notUnderstood);

} // namespace enroll::app::enrollctl
