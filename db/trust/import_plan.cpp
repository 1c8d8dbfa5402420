#include "db/trust/import_plan.h"

#include "core/crypto/certificate_path.h"

#include <algorithm>
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
TrustStore storeWith(std::span<const StoredAuthority> stored, std::span<const SourceCertificate* const> wanted)
{
    auto store = storeOf(stored);
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

const StoredAuthority* find(std::span<const StoredAuthority> stored, const Certificate& certificate)
{
    const auto found = std::ranges::find(
        stored, certificate.der(), [](const StoredAuthority& one) -> const Bytes& { return one.certificate.der(); });
    return found == stored.end() ? nullptr : &*found;
}

ImportChange changeOf(const StoredAuthority* stored, TrustRole role)
{
    if (stored == nullptr) {
        return ImportChange::Added;
    }
    return stored->role == role ? ImportChange::AlreadyThere : ImportChange::BecomesAnchor;
}

} // namespace

ImportPlan planImport(const TrustSource& source, std::string set, std::span<const StoredAuthority> stored,
                      MissingRoots missingRoots, UtcTime now)
{
    const auto wanted = distinct(source);
    auto store = storeWith(stored, wanted);
    if (missingRoots == MissingRoots::AnchorBelow) {
        store = withAnchorsBelow(std::move(store), wanted, now);
    }
    ImportPlan plan{std::move(set), {}, source.skipped};
    for (const auto* one : wanted) {
        const auto role = store.roleOf(one->certificate);
        plan.authorities.push_back({one->certificate, one->source, role, changeOf(find(stored, one->certificate), role),
                                    remarksOn(one->certificate, store, now)});
    }
    return plan;
}

Result<void> carryOut(const ImportPlan& plan, const std::filesystem::path& directory,
                      std::span<const StoredAuthority> stored, UtcTime now)
{
    for (const auto& planned : plan.authorities) {
        const Provenance provenance{planned.source, now, planned.role};
        if (planned.change == ImportChange::Added) {
            TRY(storeAuthority(directory, plan.set, planned.certificate, provenance));
        } else if (planned.change == ImportChange::BecomesAnchor) {
            TRY(replaceProvenance(*find(stored, planned.certificate), provenance));
        }
    }
    return {};
}

} // namespace enroll::db::trust
