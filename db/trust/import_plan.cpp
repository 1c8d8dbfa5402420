#include "db/trust/import_plan.h"

#include "core/crypto/certificate_path.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace enroll::db::trust {
namespace {

using crypto::Certificate;
using crypto::TrustRole;
using crypto::TrustStore;

/// Each certificate of the source once.
std::vector<const SourceCertificate*> distinct(const TrustSource& source)
{
    std::vector<const SourceCertificate*> once;
    std::set<std::string> seen;
    for (const auto& one : source.certificates) {
        if (seen.insert(one.certificate.sha256Hex()).second) {
            once.push_back(&one);
        }
    }
    return once;
}

/// True if no anchor is known above \p authority and the next known certificate above it, if any, is not imported as well.
bool endsInTheOpen(const Certificate& authority, const TrustStore& store, const std::set<std::string>& imported,
                   UtcTime now)
{
    const auto path = crypto::judgePath(authority, store, {}, now);
    return path.result == crypto::PathResult::UnknownIssuer &&
           (path.chain.size() < 2 || !imported.contains(path.chain[1].sha256Hex()));
}

/// The store as it is once \p wanted is imported, before the question of missing roots.
TrustStore storeWith(const KnownTrust& known, const std::string& set, std::span<const SourceCertificate* const> wanted)
{
    auto store = storeOf(known, std::span{&set, 1});
    for (const auto* one : wanted) {
        (void)store.add(one->certificate);
    }
    return store;
}

TrustStore withAnchorsBelow(TrustStore store, std::span<const SourceCertificate* const> wanted, UtcTime now)
{
    std::set<std::string> imported;
    for (const auto* one : wanted) {
        imported.insert(one->certificate.sha256Hex());
    }
    const auto before = store;
    for (const auto* one : wanted) {
        if (endsInTheOpen(one->certificate, before, imported, now)) {
            (void)store.addAnchor(one->certificate);
        }
    }
    return store;
}

/// What \p set has; one that was removed counts as not there.
std::vector<StoredAuthority> storedIn(const std::string& set, const KnownTrust& known)
{
    auto stored = known.authoritiesIn(std::span{&set, 1});
    std::erase_if(stored, [](const StoredAuthority& one) { return one.isWitness(); });
    return stored;
}

/// The anchors that need not be some in \p after, and were needed in \p before.
std::vector<Certificate> newlyNeedless(const TrustStore& before, const TrustStore& after, UtcTime now)
{
    const auto isNeedless = [now](const Certificate& anchor, const TrustStore& store) {
        return hasWarning(remarksOn(anchor, store, now), kNeedlessAnchor);
    };
    std::vector<Certificate> needless;
    if (after.hasPartialAnchors()) {
        std::ranges::copy_if(before.certificates(), std::back_inserter(needless), [&](const Certificate& one) {
            return isNeedless(one, after) && !isNeedless(one, before);
        });
    }
    return needless;
}

const StoredAuthority* find(std::span<const StoredAuthority> stored, const Certificate& certificate)
{
    const auto found = std::ranges::find(
        stored, certificate.der(), [](const StoredAuthority& one) -> const Bytes& { return one.certificate.der(); });
    return found == stored.end() ? nullptr : &*found;
}

/// What a newer program made of an authority stays as it is, whatever it is imported as.
bool isLeftAlone(const StoredAuthority* stored)
{
    return stored != nullptr && !stored->role;
}

/// Those of \p wanted that vouch for something once they are imported.
std::vector<const SourceCertificate*> vouching(std::span<const SourceCertificate* const> wanted,
                                               std::span<const StoredAuthority> stored)
{
    std::vector<const SourceCertificate*> those;
    std::ranges::copy_if(wanted, std::back_inserter(those),
                         [stored](const auto* one) { return !isLeftAlone(find(stored, one->certificate)); });
    return those;
}

PlannedAuthority planned(const SourceCertificate& wanted, const StoredAuthority* stored, const TrustStore& store,
                         UtcTime now)
{
    const auto& certificate = wanted.certificate;
    if (isLeftAlone(stored)) {
        return {certificate, wanted.source, {}, ImportChange::AlreadyThere, remarksOn(*stored, store, now)};
    }
    const auto role = store.roleOf(certificate);
    const auto changed =
        stored != nullptr && stored->role == role ? ImportChange::AlreadyThere : ImportChange::BecomesAnchor;
    return {certificate, wanted.source, role, stored == nullptr ? ImportChange::Added : changed,
            remarksOn(certificate, store, now)};
}

} // namespace

ImportPlan planImport(const TrustSource& source, std::string set, const KnownTrust& known, MissingRoots missingRoots,
                      UtcTime now)
{
    const auto wanted = distinct(source);
    const auto stored = storedIn(set, known);
    const auto those = vouching(wanted, stored);
    auto store = storeWith(known, set, those);
    if (missingRoots == MissingRoots::AnchorBelow) {
        store = withAnchorsBelow(std::move(store), those, now);
    }
    ImportPlan plan{std::move(set), {}, source.skipped, {}, source.listFiles};
    for (const auto* one : wanted) {
        plan.authorities.push_back(planned(*one, find(stored, one->certificate), store, now));
    }
    plan.needlessAnchors = newlyNeedless(storeOf(known, std::span{&plan.set, 1}), store, now);
    return plan;
}

Result<void> carryOut(const ImportPlan& plan, const std::filesystem::path& directory, const KnownTrust& known,
                      UtcTime now)
{
    const auto stored = storedIn(plan.set, known);
    for (const auto& planned : plan.authorities) {
        const Provenance provenance{planned.source, now, planned.role.value_or(TrustRole::Intermediate)};
        if (planned.change == ImportChange::Added) {
            TRY(storeAuthority(directory, plan.set, planned.certificate, provenance));
        } else if (planned.change == ImportChange::BecomesAnchor) {
            TRY(replaceProvenance(*find(stored, planned.certificate), provenance));
        }
    }
    return {};
}

} // namespace enroll::db::trust
