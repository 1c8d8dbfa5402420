#include "db/trust/known_trust.h"

#include <algorithm>
#include <iterator>

namespace enroll::db::trust {
namespace {

bool isOneOf(std::span<const std::string> sets, const std::string& set)
{
    return std::ranges::find(sets, set) != sets.end();
}

/// An authority in a file that cannot be used may have signed a list, or lead from who did to an anchor: then nobody knows
/// what is revoked.
Result<void> requireProofs(const KnownTrust& known, std::span<const Error> unreadCertificates)
{
    if (known.lists.empty() || unreadCertificates.empty()) {
        return {};
    }
    auto error = unreadCertificates.front();
    error.what +=
        "; as long as there is a revocation list, every set must be readable: the file may hold what proves it";
    return error;
}

void add(std::vector<Error>&& errors, std::vector<Error>& to)
{
    std::ranges::move(errors, std::back_inserter(to));
}

} // namespace

std::vector<StoredAuthority> KnownTrust::authoritiesIn(std::span<const std::string> sets) const
{
    std::vector<StoredAuthority> those;
    std::ranges::copy_if(authorities, std::back_inserter(those),
                         [sets](const StoredAuthority& one) { return isOneOf(sets, one.set); });
    return those;
}

Result<KnownTrust> readKnownTrust(const std::filesystem::path& directory, std::span<const std::string> asked)
{
    TRY_ASSIGN(auto names, trustSetsIn(directory));
    std::ranges::copy_if(asked, std::back_inserter(names),
                         [&names](const std::string& set) { return !isOneOf(names, set); });
    KnownTrust known;
    LeftOut leftOut;
    for (const auto& set : names) {
        TRY_ASSIGN(auto authorities, authoritiesOf(directory, set, isOneOf(asked, set) ? nullptr : &leftOut));
        std::ranges::move(authorities, std::back_inserter(known.authorities));
        TRY_ASSIGN(auto lists, revocationListsOf(directory, set));
        std::ranges::move(lists, std::back_inserter(known.lists));
    }
    TRY(requireProofs(known, leftOut.certificates));
    add(std::move(leftOut.certificates), known.leftOut);
    add(std::move(leftOut.provenances), known.leftOut);
    return known;
}

Result<KnownTrust> surveyTrust(const std::filesystem::path& directory)
{
    TRY_ASSIGN(const auto names, trustSetsIn(directory));
    KnownTrust known;
    LeftOut leftOut;
    for (const auto& set : names) {
        TRY_ASSIGN(auto authorities, authoritiesOf(directory, set, &leftOut));
        std::ranges::move(authorities, std::back_inserter(known.authorities));
        TRY_ASSIGN(auto lists, revocationListsOf(directory, set, &known.leftOut));
        std::ranges::move(lists, std::back_inserter(known.lists));
    }
    add(std::move(leftOut.certificates), known.leftOut);
    add(std::move(leftOut.provenances), known.leftOut);
    return known;
}

crypto::TrustStore storeOf(const KnownTrust& known, std::span<const std::string> sets)
{
    auto store = storeOf(known.authoritiesIn(sets));
    for (const auto& one : known.authorities) {
        (void)store.addWitness(one.certificate); // which are authorities, or they would not be stored
    }
    for (const auto& one : known.lists) {
        store.addRevocationList(one.list);
    }
    return store;
}

Result<crypto::TrustStore> loadTrustStore(const std::filesystem::path& directory, std::span<const std::string> sets)
{
    TRY_ASSIGN(const auto known, readKnownTrust(directory, sets));
    return storeOf(known, sets);
}

crypto::PathJudgement SetJudge::judge(const StoredAuthority& authority)
{
    const auto [store, isNew] = m_stores.try_emplace(authority.set);
    if (isNew) {
        store->second = storeOf(m_known, std::span{&authority.set, 1});
    }
    return crypto::judgePath(authority.certificate, store->second, {}, m_now);
}

} // namespace enroll::db::trust
