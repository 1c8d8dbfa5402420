#pragma once

#include "db/trust/trust_directory.h"

/// The revocation lists of the sets, as somebody brought them: <sha256>.crl in a set's directory, DER, dated by the
/// signature's own thisUpdate. A list that somebody put there by hand counts as well: in a file whose name ends in .crl, in DER
/// under the name of a certificate file, or as a PEM block in one. One directly in the trust store is of the set "makers", as a certificate there is. In
/// which set a list lies does not matter for what it revokes (known_trust.h). Nothing is ever fetched.
namespace enroll::db::trust {

struct StoredRevocationList {
    crypto::RevocationList list;
    std::string set;
    std::filesystem::path file;
    bool isAlone = true; ///< the file holds nothing else
};

/// The lists of one set; none for a set that does not exist.
/// \param unread  gets what is wrong with each file that cannot be read, and the others count; null: such a file is an error
/// \par Errors   S-333 or S-337 naming the file
Result<std::vector<StoredRevocationList>> revocationListsOf(const std::filesystem::path& directory,
                                                            std::string_view set, std::vector<Error>* unread = nullptr);

/// Why \p list counts for nothing: none of \p authorities signed it as it should. English, one clause that says what is true
/// of those that have its issuer's name; "" if one did.
std::string whyUnsigned(const crypto::RevocationList& list, std::span<const StoredAuthority> authorities);

enum class ListChange { Added, Replaced, AlreadyThere };

struct PlannedList {
    crypto::RevocationList list;
    std::string authority; ///< the subject of who signed it
    std::string set;       ///< where it is kept: of a list that is replaced or there already, its set
    ListChange change = ListChange::Added;
    std::filesystem::path replaces; ///< the file of the list whose place it takes; empty if it is added
    std::vector<std::filesystem::path> olderStaysIn = {}; ///< files of older ones that it does not replace
};

/// What an import of \p lists into \p set changes. Of several lists of one purpose that one key signed the newest counts, and
/// takes the place of an older one wherever that lies. A file that holds anything else is never replaced: what
/// an older list there revokes goes on counting. Nothing is written.
///
/// \param authorities  every one that the station knows
/// \param stored       every list that it has
/// \par Errors   S-337: whyUnsigned() says something; a newer one of the same issuer and purpose is there, which an older one
///               must not replace
Result<std::vector<PlannedList>> planLists(std::span<const crypto::RevocationList> lists, std::string_view set,
                                           std::span<const StoredAuthority> authorities,
                                           std::span<const StoredRevocationList> stored);

/// The file that \p planned is written to.
Result<std::filesystem::path> fileOf(const PlannedList& planned, const std::filesystem::path& directory);

/// Writes what \p plan adds or replaces, each list durably. Error S-333.
Result<void> storeLists(std::span<const PlannedList> plan, const std::filesystem::path& directory);

} // namespace enroll::db::trust
