#pragma once

#include "db/trust/trust_directory.h"

/// The revocation lists of a set, as somebody brought them: <scope>.crl in the set's directory, DER, dated by the signature's
/// own thisUpdate. A list that somebody put there by hand under another name ending in .crl counts as well. Nothing is ever
/// fetched.
namespace enroll::db::trust {

struct StoredRevocationList {
    crypto::RevocationList list;
    std::string set;
    std::filesystem::path file;
};

/// The lists of one set; none for a set that does not exist. Error S-333 or S-337 naming the file.
Result<std::vector<StoredRevocationList>> revocationListsOf(const std::filesystem::path& directory,
                                                            std::string_view set);

enum class ListChange { Added, Replaced, AlreadyThere };

struct PlannedList {
    crypto::RevocationList list;
    std::string authority; ///< the subject of who signed it
    ListChange change = ListChange::Added;
    std::filesystem::path replaces; ///< the file of the list whose place it takes; empty if it is added
};

/// What an import of \p lists into a set changes. Of several lists of one purpose that one key signed the newest counts.
/// Nothing is written.
///
/// \param authorities  those of the set
/// \param stored       the lists that it has
/// \par Errors   S-337: none of the authorities signed a list; a newer one of the same issuer and purpose is there, which an
///               older one must not replace
Result<std::vector<PlannedList>> planLists(std::span<const crypto::RevocationList> lists,
                                           std::span<const StoredAuthority> authorities,
                                           std::span<const StoredRevocationList> stored);

/// Writes what \p plan adds or replaces, each list durably. Error S-333.
Result<void> storeLists(std::span<const PlannedList> plan, const std::filesystem::path& directory,
                        std::string_view set);

} // namespace enroll::db::trust
