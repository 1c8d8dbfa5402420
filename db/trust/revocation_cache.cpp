#include "db/trust/revocation_cache.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/crypto/pem_file.h"
#include "core/system/directory.h"
#include "core/system/durable_file.h"

#include <algorithm>
#include <iterator>

namespace enroll::db::trust {
namespace {

namespace fs = std::filesystem;

Error unusable(std::string what)
{
    return makeError(StationCode::KeyMaterialUnusable, std::move(what));
}

bool mayHoldLists(const fs::path& file)
{
    std::error_code unknown; // what is wrong with an entry shows when it is read
    return (hasRevocationListSuffix(file) || hasCertificateSuffix(file)) && !fs::is_directory(file, unknown);
}

/// The lists of \p file; of one whose name promises certificates, those that stand beside them or in their place.
Result<std::vector<StoredRevocationList>> listsOfFile(const fs::path& file, std::string_view set)
{
    TRY_ASSIGN(const auto content, crypto::readCertificateFile(file)); // a list may be in whatever cannot be read
    const bool isOfLists = hasRevocationListSuffix(file) || crypto::isRevocationListInDer(content);
    if (!isOfLists && !holdsPemRevocationList(content)) {
        return std::vector<StoredRevocationList>{}; // what is wrong with certificates is not said here
    }
    TRY_ASSIGN(auto lists, prefixed(file.string() + ": ", crypto::revocationListsFromFile(content)));
    std::vector<StoredRevocationList> stored;
    const bool isAlone = isOfLists && lists.size() == 1 && !holdsPemCertificate(content);
    for (auto& list : lists) {
        stored.push_back({std::move(list), std::string{set}, file, isAlone});
    }
    return stored;
}

std::string quoted(const std::string& name)
{
    return "'" + name + "'";
}

const StoredAuthority* signerOf(const crypto::RevocationList& list, std::span<const StoredAuthority> authorities)
{
    const auto found = std::ranges::find_if(
        authorities, [&list](const StoredAuthority& one) { return list.isIssuedBy(one.certificate); });
    return found == authorities.end() ? nullptr : &*found;
}

/// True if the later of the two takes the place of the other: one purpose, and one key that signed both. Two authorities
/// of one name are told apart by their keys.
bool sameSeries(const crypto::RevocationList& one, const crypto::RevocationList& other,
                const crypto::Certificate& signer)
{
    return one.scope() == other.scope() && other.isIssuedBy(signer);
}

/// What the import of \p list changes. Error S-337 if a newer list is there.
Result<PlannedList> planned(const crypto::RevocationList& list, std::string_view set, const crypto::Certificate& signer,
                            std::span<const StoredRevocationList> stored)
{
    PlannedList plan{list, signer.subject(), std::string{set}, ListChange::Added, {}};
    for (const auto& known : stored) {
        if (!sameSeries(list, known.list, signer)) {
            continue;
        }
        if (known.list.der() == list.der()) {
            return PlannedList{list, signer.subject(), known.set, ListChange::AlreadyThere, {}};
        }
        if (known.list.thisUpdate() > list.thisUpdate()) {
            return unusable("the revocation list of " + quoted(list.issuer()) + " is of " +
                            toIso8601(list.thisUpdate()) + ", and the set " + known.set + " has a newer one of " +
                            toIso8601(known.list.thisUpdate()));
        }
        if (known.isAlone && plan.change == ListChange::Added) {
            plan.set = known.set;
            plan.change = ListChange::Replaced;
            plan.replaces = known.file;
        } else {
            plan.olderStaysIn.push_back(known.file);
        }
    }
    return plan;
}

/// True if one of \p authorities has \p found to do with \p list.
bool has(crypto::ListSignature found, const crypto::RevocationList& list, std::span<const StoredAuthority> authorities)
{
    return std::ranges::any_of(
        authorities, [&list, found](const StoredAuthority& one) { return list.signatureBy(one.certificate) == found; });
}

} // namespace

Result<std::vector<StoredRevocationList>> revocationListsOf(const fs::path& directory, std::string_view set,
                                                            std::vector<Error>* unread)
{
    TRY(crypto::requireTrustSetName(set));
    std::vector<StoredRevocationList> stored;
    for (const auto& home : homesOf(directory, set)) {
        TRY_ASSIGN(const auto entries, system::entriesOf(home));
        for (const auto& file : entries.value_or(std::vector<fs::path>{})) {
            if (!mayHoldLists(file)) {
                continue;
            }
            auto lists = listsOfFile(file, set);
            if (lists.ok()) {
                std::ranges::copy(*lists, std::back_inserter(stored));
            } else if (unread == nullptr) {
                return aboutFile(std::move(lists).error(), file);
            } else {
                unread->push_back(aboutFile(std::move(lists).error(), file));
            }
        }
    }
    return stored;
}

std::string whyUnsigned(const crypto::RevocationList& list, std::span<const StoredAuthority> authorities)
{
    using crypto::ListSignature;
    const auto issuer = quoted(list.issuer());
    if (signerOf(list, authorities) != nullptr) {
        return {};
    }
    if (has(ListSignature::MayNotSign, list, authorities)) {
        return "the authority " + issuer +
               " signed it, and no certificate of that authority here lets it sign revocation lists (its key usage is "
               "without cRLSign)";
    }
    if (has(ListSignature::Md5, list, authorities)) {
        return "the authority " + issuer + " signed it with MD5, which proves nothing";
    }
    if (has(ListSignature::OtherKey, list, authorities)) {
        return "no authority of the name " + issuer + " here has the key that signed it";
    }
    return "no authority here has the name of its issuer, " + issuer;
}

Result<std::vector<PlannedList>> planLists(std::span<const crypto::RevocationList> lists, std::string_view set,
                                           std::span<const StoredAuthority> authorities,
                                           std::span<const StoredRevocationList> stored)
{
    std::vector<PlannedList> plan;
    for (const auto& list : lists) {
        const auto* signer = signerOf(list, authorities);
        if (signer == nullptr) {
            return unusable(
                "the revocation list cannot count: " + whyUnsigned(list, authorities) +
                "; import the authority's certificate that can prove the list, with enrollctl trust import");
        }
        const auto earlier = std::ranges::find_if(
            plan, [&](const PlannedList& one) { return sameSeries(list, one.list, signer->certificate); });
        if (earlier != plan.end() && earlier->list.thisUpdate() >= list.thisUpdate()) {
            continue; // of several in one import the newest counts
        }
        TRY_ASSIGN(auto next, planned(list, set, signer->certificate, stored));
        if (earlier != plan.end()) {
            *earlier = std::move(next);
        } else {
            plan.push_back(std::move(next));
        }
    }
    return plan;
}

Result<fs::path> fileOf(const PlannedList& planned, const fs::path& directory)
{
    if (!planned.replaces.empty()) {
        return planned.replaces;
    }
    TRY_ASSIGN(const auto digest, crypto::sha256({planned.list.der()}));
    return directory / planned.set / (toHex(digest) + std::string{kRevocationListSuffix});
}

Result<void> storeLists(std::span<const PlannedList> plan, const fs::path& directory)
{
    for (const auto& planned : plan) {
        if (planned.change != ListChange::AlreadyThere) {
            TRY(makeSetDirectory(directory, planned.set));
            TRY_ASSIGN(const auto file, fileOf(planned, directory));
            TRY(system::writeDurably(file, planned.list.der(), system::FileMode::AnyReader));
        }
    }
    return {};
}

} // namespace enroll::db::trust
