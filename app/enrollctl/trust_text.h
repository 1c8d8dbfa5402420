#pragma once

#include "app/enrollctl/trust_documents.h"

/// The results of `trust …` for people.
namespace enroll::app::enrollctl {

std::string trustText(std::span<const ListedSet> sets, std::span<const NotRead> notRead, UtcTime now);
std::string trustImportText(const db::trust::ImportPlan& plan, bool dryRun);
/// What somebody must know who adds authorities to a set of makers: each one's certificates prove from then on that a TPM
/// is genuine, and those of software TPMs prove nothing. None of what is there already; none of the set of demonstrations.
/// In every set, which authority need not end paths any more, and which files have revocation lists.
std::vector<std::string> trustImportWarnings(const db::trust::ImportPlan& plan, bool dryRun);
std::string trustRemovalText(std::span<const RemovedAuthority> removed);
std::string listImportText(std::span<const db::trust::PlannedList> plan);
/// Where an older list than one of \p plan stays, because its file holds more than that.
std::vector<std::string> olderListWarnings(std::span<const db::trust::PlannedList> plan);
/// That no path ends in \p set any more.
std::string lastAnchorText(const std::string& set);
/// That \p authority is revoked, and how it is taken away; \p reason as judgePath() gives it.
std::string revokedAuthorityText(const db::trust::StoredAuthority& authority, const std::string& reason);
std::string trustCheckText(const TrustCheck& check);

} // namespace enroll::app::enrollctl
