#include "core/crypto/path_notes.h"

namespace enroll::crypto {
namespace {

std::string quoted(const Certificate& certificate)
{
    return "'" + certificate.subject() + "'";
}

std::size_t rsaBitsOf(const Certificate& certificate)
{
    const auto key = certificate.publicKey();
    const auto* rsa = key.ok() ? std::get_if<RsaPublicKey>(&*key) : nullptr;
    return rsa == nullptr ? kFewestRsaBits : rsa->modulus.size() * 8;
}

void addIssuer(const Certificate& issuer, UtcTime time, std::vector<PathNote>& notes)
{
    if (issuer.notAfter() < time) {
        notes.push_back({PathRemark::IssuerExpired,
                         "the authority " + quoted(issuer) + " expired at " + toIso8601(issuer.notAfter())});
    } else if (issuer.notBefore() > time) {
        notes.push_back({PathRemark::IssuerNotYetValid,
                         "the authority " + quoted(issuer) + " begins at " + toIso8601(issuer.notBefore())});
    }
    if (const auto bits = rsaBitsOf(issuer); bits < kFewestRsaBits) {
        notes.push_back({PathRemark::SmallIssuerKey,
                         "the authority " + quoted(issuer) + " has an RSA key of " + std::to_string(bits) + " bits"});
    }
}

} // namespace

std::vector<PathNote> notesOn(std::span<const Certificate> chain, UtcTime time)
{
    std::vector<PathNote> notes;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        if (i + 1 < chain.size() && chain[i].signatureDigest() == SignatureDigest::Sha1) {
            notes.push_back({PathRemark::Sha1Signature, quoted(chain[i]) + " is signed with SHA-1"});
        }
        if (i > 0) {
            addIssuer(chain[i], time, notes);
        }
    }
    return notes;
}

} // namespace enroll::crypto
