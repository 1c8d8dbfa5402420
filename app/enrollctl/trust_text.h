#pragma once

#include "app/enrollctl/trust_documents.h"

/// The results of `trust …` for people.
namespace enroll::app::enrollctl {

std::string trustText(std::span<const ListedSet> sets, UtcTime now);
std::string trustImportText(const db::trust::ImportPlan& plan, bool dryRun);
/// What somebody must know who adds authorities to a set of makers: each one's certificates prove from then on that a TPM
/// is genuine, and those of software TPMs prove nothing. None of what is there already; none of the set of demonstrations.
std::vector<std::string> trustImportWarnings(const db::trust::ImportPlan& plan, bool dryRun);
std::string trustRemovalText(std::span<const db::trust::StoredAuthority> removed);
std::string listImportText(std::span<const db::trust::PlannedList> plan, const std::string& set);
std::string trustCheckText(const TrustCheck& check);

} // namespace enroll::app::enrollctl
