#pragma once

#include "core/crypto/revocation_list.h"

#include <set>

namespace enroll::crypto {

/// What an authority of a trust store is for.
enum class TrustRole {
    Anchor,      ///< a path may end at it
    Intermediate ///< only helps to build a path to an anchor
};

/// "anchor", "intermediate".
std::string_view trustRoleText(TrustRole role) noexcept;
inline constexpr std::array kAllTrustRoles{TrustRole::Anchor, TrustRole::Intermediate};

/// Anchor for an authority that is self-signed, Intermediate for any other: the role that a certificate has by itself.
TrustRole ownRoleOf(const Certificate& certificate);

/// The certificate authorities that a station trusts for EK certificates, and what any that it knows revoked. A value; safe to read from many threads.
class TrustStore {
public:
    /// Adds a certificate in the role it has by itself; true if it was not there. One that is there keeps its role. Error
    /// S-337 as requireAuthority().
    Result<bool> add(const Certificate& certificate);
    /// Adds a certificate, or finds the one that is there, and makes it an anchor whatever signed it: some makers do not
    /// publish their root. True if it was no anchor. A signer of revocation lists alone is added and becomes none. Error
    /// S-337 as add().
    Result<bool> addAnchor(const Certificate& certificate);

    /// Adds an authority that is not trusted and of which no path is built: it only shows who signed a revocation list, and
    /// who an anchor. Error S-337 as add().
    Result<void> addWitness(const Certificate& certificate);
    /// Adds a list; it counts for what its issuer signed once that issuer is in a path or signed the path's anchor, and for
    /// what names its issuer (RevocationList::answersFor()).
    void addRevocationList(RevocationList list) { m_revocationLists.push_back(std::move(list)); }
    [[nodiscard]] const std::vector<RevocationList>& revocationLists() const noexcept { return m_revocationLists; }

    /// Those that are trusted or help to build a path: without the witnesses.
    [[nodiscard]] const std::vector<Certificate>& certificates() const noexcept { return m_certificates; }
    /// Every authority that is known, each once: the certificates, and behind them the witnesses.
    [[nodiscard]] std::vector<Certificate> everyCertificate() const;
    [[nodiscard]] TrustRole roleOf(const Certificate& certificate) const;
    /// True if one of the anchors is not self-signed.
    [[nodiscard]] bool hasPartialAnchors() const noexcept { return !m_partialAnchors.empty(); }
    /// True if a path can end at one of them.
    [[nodiscard]] bool hasAnchors() const;
    [[nodiscard]] bool empty() const noexcept { return m_certificates.empty(); }

private:
    std::vector<Certificate> m_certificates;
    std::vector<Certificate> m_witnesses;
    std::vector<RevocationList> m_revocationLists;
    std::set<std::string> m_partialAnchors; ///< SHA-256, hex, of the anchors that are not self-signed
};

/// Error S-337 unless the certificate may issue certificates, or revocation lists: some makers leave these to a key of its
/// own.
Result<void> requireAuthority(const Certificate& certificate);

} // namespace enroll::crypto
