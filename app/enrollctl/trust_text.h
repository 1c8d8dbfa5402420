#pragma once

#include "app/enrollctl/trust_documents.h"

/// The results of `trust …` for people.
namespace enroll::app::enrollctl {

std::string trustText(std::span<const ListedSet> sets, UtcTime now);
std::string trustImportText(const db::trust::ImportPlan& plan, bool dryRun);
std::string trustRemovalText(std::span<const db::trust::StoredAuthority> removed);
std::string listImportText(std::span<const db::trust::PlannedList> plan, const std::string& set);
std::string trustCheckText(const TrustCheck& check);

} // namespace enroll::app::enrollctl
