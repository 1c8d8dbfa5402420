#include "app/enrollctl/trust_check.h"

#include <algorithm>
#include <iterator>

namespace enroll::app::enrollctl {
namespace {

using crypto::Certificate;
using db::trust::StoredAuthority;

PathStep stepOf(const Certificate& certificate, std::span<const StoredAuthority> asked)
{
    const auto found = std::ranges::find(
        asked, certificate.der(), [](const StoredAuthority& one) -> const Bytes& { return one.certificate.der(); });
    return found == asked.end() ? PathStep{certificate, {}, {}} : PathStep{certificate, found->role, found->set};
}

MissingAuthority missingAbove(const Certificate& last, std::span<const std::string> asked,
                              std::span<const StoredAuthority> all)
{
    MissingAuthority missing{last.issuer(), last.authorityKeyId(), last.issuerAddresses(), {}, {}};
    for (const auto& one : all) {
        if (one.certificate.subject() != missing.name) {
            continue;
        }
        const bool isKnown = std::ranges::find(missing.inSets, one.set) != missing.inSets.end();
        const bool wasAsked = std::ranges::find(asked, one.set) != asked.end();
        if (!isKnown && !wasAsked) {
            missing.inSets.push_back(one.set);
        }
        if (wasAsked && !one.role && one.provenance) {
            missing.whyNotHere = db::trust::whyItVouchesForNothing(one.provenance->role);
        }
    }
    return missing;
}

/// Those of \p sets for which \p holds is true of one of \p asked, or of none if \p wanted is false.
template <class Holds>
std::vector<std::string> setsWhere(std::span<const std::string> sets, std::span<const StoredAuthority> asked,
                                   bool wanted, Holds holds)
{
    std::vector<std::string> found;
    std::ranges::copy_if(sets, std::back_inserter(found), [&](const std::string& set) {
        return wanted == std::ranges::any_of(asked, [&](const auto& one) { return one.set == set && holds(one); });
    });
    return found;
}

} // namespace

TrustCheck checkTrust(std::span<const Certificate> certificates, std::vector<std::string> sets,
                      const db::trust::KnownTrust& known, UtcTime now)
{
    auto asked = known.authoritiesIn(sets);
    std::erase_if(asked, [](const StoredAuthority& one) { return !one.role; });
    const auto& leaf = certificates.front();
    auto judgement = crypto::judgePath(leaf, db::trust::storeOf(known, sets), certificates.subspan(1), now);
    if (judgement.chain.empty()) {
        judgement.chain.push_back(leaf);
    }
    TrustCheck check{std::move(sets), judgement.result, judgement.reason, {}, judgement.notes, {}};
    for (const auto& certificate : judgement.chain) {
        check.steps.push_back(stepOf(certificate, asked));
    }
    check.emptySets = setsWhere(check.sets, asked, false, [](const auto&) { return true; });
    if (check.result == crypto::PathResult::Trusted) {
        const auto& last = judgement.chain.back().der();
        check.vouchingSets =
            setsWhere(check.sets, asked, true, [&](const auto& one) { return one.certificate.der() == last; });
    }
    if (check.result == crypto::PathResult::UnknownIssuer) {
        check.missing = missingAbove(judgement.chain.back(), check.sets, known.authorities);
    }
    return check;
}

} // namespace enroll::app::enrollctl
