#pragma once

#include "core/crypto/certificate_parsed.h"
#include "core/crypto/trust_store.h"

#include <functional>
#include <map>

/// Which certificates signed which, for sources of this folder. Whether a path that was found holds is judged elsewhere.
namespace enroll::crypto {

/// Makers use a root and up to two intermediates.
inline constexpr std::size_t kMostIssuers = 8;
/// What a hostile bundle can cost: each is a signature, or a certificate added to a path.
inline constexpr int kMostSignatureChecks = 256;
inline constexpr int kMostSearchSteps = 512;

inline X509* handleOf(const Certificate& certificate) noexcept
{
    return certificate.parsed().x509.get();
}

/// True for two certificates of one authority: makers renew them, and have them signed by more than one.
bool isSameKeyAndName(const Certificate& one, const Certificate& other);

/// Why a path does not go on.
enum class PathEnd {
    Anchor,      ///< it is complete
    ForeignRoot, ///< its last certificate signed itself and is no anchor
    NoSuchName,  ///< no known certificate has the name of the next issuer
    NoSuchKey,   ///< some have it, but not the key that the last certificate says signed it
    NotSigned,   ///< some have it, and none of them signed the last certificate
    TooLong
};

struct FoundPath {
    std::vector<const Certificate*> chain; ///< leaf first; each is signed by the next
    PathEnd end = PathEnd::NoSuchName;
};

/// Finds the paths from one certificate to an anchor, by names and signatures.
///
/// A certificate's issuer has the name that it gives, and its key verifies the signature. The authority key identifier
/// only says which of several to try first: makers renewed authorities whose certificates go on naming the serial number
/// of the former one, which OpenSSL takes for another issuer.
/// Source: RFC 5280, sections 4.2.1.1 and 6.1
class PathSearch {
public:
    /// \p trust and \p helpers must outlive the search.
    PathSearch(const TrustStore& trust, std::span<const Certificate> helpers);

    /// Calls \p onPath for each path until it returns true: for those to an anchor, and for those that cannot go on. The
    /// issuers that the authority key identifier fits come first, and among them those of the trust store.
    void forEach(const Certificate& leaf, const std::function<bool(const FoundPath&)>& onPath);

    /// True if the search was given up before every path was seen.
    [[nodiscard]] bool gaveUp() const noexcept { return m_gaveUp; }

private:
    struct Candidate {
        const Certificate* certificate;
        bool isAnchor;
    };

    [[nodiscard]] bool isAnchor(const Certificate& certificate) const;
    [[nodiscard]] std::vector<const Certificate*> namedIssuersOf(const Certificate& certificate) const;
    bool isSignedBy(const Certificate& certificate, const Certificate& issuer);
    void climb();
    void climbTo(const Certificate& issuer);
    void report(PathEnd end);

    std::vector<Candidate> m_candidates; ///< each certificate once; anchors first
    std::map<std::pair<const Certificate*, const Certificate*>, bool> m_signed;
    FoundPath m_path;
    std::function<bool(const FoundPath&)> m_onPath;
    int m_checks = 0;
    int m_steps = 0;
    bool m_gaveUp = false;
    bool m_isDone = false;
};

} // namespace enroll::crypto
