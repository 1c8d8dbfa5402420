#include "db/trust/revocation_cache.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/crypto/pem_file.h"
#include "core/system/directory.h"
#include "core/system/durable_file.h"

#include <algorithm>

namespace enroll::db::trust {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".crl";

Error unusable(std::string what)
{
    return makeError(StationCode::KeyMaterialUnusable, std::move(what));
}

Result<std::vector<crypto::RevocationList>> listsOfFile(const fs::path& file)
{
    TRY_ASSIGN(const auto content, crypto::readCertificateFile(file));
    return prefixed(file.string() + ": ", crypto::revocationListsFromFile(content));
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
Result<PlannedList> planned(const crypto::RevocationList& list, const crypto::Certificate& signer,
                            std::span<const StoredRevocationList> stored)
{
    PlannedList plan{list, signer.subject(), ListChange::Added, {}};
    for (const auto& known : stored) {
        if (!sameSeries(list, known.list, signer)) {
            continue;
        }
        plan.replaces = known.file;
        if (known.list.der() == list.der()) {
            plan.change = ListChange::AlreadyThere;
            return plan;
        }
        if (known.list.thisUpdate() > list.thisUpdate()) {
            return unusable("the revocation list of '" + list.issuer() + "' is of " + toIso8601(list.thisUpdate()) +
                            ", and the set has a newer one of " + toIso8601(known.list.thisUpdate()));
        }
        plan.change = ListChange::Replaced;
    }
    return plan;
}

} // namespace

Result<std::vector<StoredRevocationList>> revocationListsOf(const fs::path& directory, std::string_view set)
{
    TRY(crypto::requireTrustSetName(set));
    TRY_ASSIGN(const auto entries, system::entriesOf(directory / set));
    std::vector<StoredRevocationList> stored;
    for (const auto& file : entries.value_or(std::vector<fs::path>{})) {
        std::error_code unknown; // what is wrong with an entry shows when it is read
        if (asciiLowered(file.extension().string()) != kSuffix || fs::is_directory(file, unknown)) {
            continue;
        }
        TRY_ASSIGN(auto lists, listsOfFile(file));
        for (auto& list : lists) {
            stored.push_back({std::move(list), std::string{set}, file});
        }
    }
    return stored;
}

Result<std::vector<PlannedList>> planLists(std::span<const crypto::RevocationList> lists,
                                           std::span<const StoredAuthority> authorities,
                                           std::span<const StoredRevocationList> stored)
{
    std::vector<PlannedList> plan;
    for (const auto& list : lists) {
        const auto* signer = signerOf(list, authorities);
        if (signer == nullptr) {
            return unusable("no authority of the set signed the revocation list of '" + list.issuer() +
                            "': import its issuer first, with enrollctl trust import");
        }
        const auto earlier = std::ranges::find_if(
            plan, [&](const PlannedList& one) { return sameSeries(list, one.list, signer->certificate); });
        if (earlier != plan.end() && earlier->list.thisUpdate() >= list.thisUpdate()) {
            continue; // of several in one import the newest counts
        }
        TRY_ASSIGN(auto next, planned(list, signer->certificate, stored));
        if (earlier != plan.end()) {
            *earlier = std::move(next);
        } else {
            plan.push_back(std::move(next));
        }
    }
    return plan;
}

Result<void> storeLists(std::span<const PlannedList> plan, const fs::path& directory, std::string_view set)
{
    for (const auto& planned : plan) {
        if (planned.change != ListChange::AlreadyThere) {
            TRY_ASSIGN(const auto home, makeSetDirectory(directory, set));
            TRY_ASSIGN(const auto digest, crypto::sha256({planned.list.der()}));
            const auto place =
                planned.replaces.empty() ? home / (toHex(digest) + std::string{kSuffix}) : planned.replaces;
            TRY(system::writeDurably(place, planned.list.der(), system::FileMode::AnyReader));
        }
    }
    return {};
}

} // namespace enroll::db::trust
